import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { and, eq, gt, lt, ne, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow, realNowUs } from '../../ports/clock.ts'
import { journalKeepers } from './tables.ts'

/** The other processes that keep the journal, each of its own exchanges. */
export type Others = {
  /** Begins to write for others, by `flush`, what has ended here. */
  open(flush: () => Promise<void>): Promise<void>
  /**
   * Resolves when all others have written what had ended in them. Answers until when that is everything, in microseconds of
   * real time; undefined where there are no others.
   */
  flush(): Promise<number | undefined>
  close(): Promise<void>
}

export const noOthers: Others = { open: async () => {}, flush: async () => undefined, close: async () => {} }

/** On the one everybody is asked to write what has ended, on the other they say that they have. */
const CALLS = 'sandport_journal_call'
const ANSWERS = 'sandport_journal_answer'

const HEARTBEAT_MS = 1000
/** Whoever has said nothing for so long is dead, and what it had not written with it. */
const ALIVE = sql`interval '5 seconds'`
const FORGOTTEN = sql`interval '1 minute'`
/** A call is lost where a process has just lost its connection. */
const CALL_AGAIN_MS = 250
const LONGEST_WAIT_MS = 10_000

/** Those on the same database, as it tells of them. Where there are none, a flush costs one short query. */
export function findOthers({ db, listen, log }: Pick<Deps, 'db' | 'listen' | 'log'>): Others {
  const id = randomUUID()
  /** Calls that are not answered by everybody yet. */
  const calls = new Map<string, (from: string) => void>()
  const unlisten: (() => Promise<void>)[] = []
  let heartbeat: NodeJS.Timeout | undefined

  async function beat(): Promise<void> {
    const aliveUntil = sql`${realNow} + ${ALIVE}`
    await db
      .insert(journalKeepers)
      .values({ id, aliveUntil })
      .onConflictDoUpdate({ target: journalKeepers.id, set: { aliveUntil } })
    await db.delete(journalKeepers).where(lt(journalKeepers.aliveUntil, sql`${realNow} - ${FORGOTTEN}`))
  }

  function hearAnswer(answer: string | undefined): void {
    const [call = '', from = ''] = answer?.split(' ') ?? []
    calls.get(call)?.(from)
  }

  /** Calls all others that are alive, and answers who they are, and when that was. */
  async function callAll(call: string): Promise<{ ids: string[]; calledUs: number | undefined }> {
    const rows = await db
      .select({
        id: journalKeepers.id,
        nowUs: realNowUs,
        called: sql`pg_notify(${CALLS}, ${call})`,
      })
      .from(journalKeepers)
      .where(and(ne(journalKeepers.id, id), gt(journalKeepers.aliveUntil, realNow)))
    return { ids: rows.map((row) => row.id), calledUs: rows[0]?.nowUs }
  }

  return {
    async open(flush) {
      const hearCall = (call: string | undefined) => {
        if (call === undefined || calls.has(call)) return
        flush()
          .then(() => db.execute(sql`select pg_notify(${ANSWERS}, ${`${call} ${id}`})`))
          .catch((error) => log.warn({ err: error }, 'journal call not answered'))
      }
      unlisten.push(await listen(CALLS, hearCall), await listen(ANSWERS, hearAnswer))
      await beat()
      heartbeat = setInterval(() => {
        beat().catch((error) => log.warn({ err: error }, 'journal heartbeat failed'))
      }, HEARTBEAT_MS)
    },
    async flush() {
      const call = randomUUID()
      const answered = new Set<string>()
      let onAnswer = () => {}
      calls.set(call, (from) => {
        answered.add(from)
        onAnswer()
      })
      const endMs = performance.now() + LONGEST_WAIT_MS
      try {
        let { ids, calledUs } = await callAll(call)
        const isAnswered = () => ids.every((other) => answered.has(other))
        while (!isAnswered()) {
          const enough = new AbortController()
          onAnswer = () => {
            if (isAnswered()) enough.abort()
          }
          await setTimeout(CALL_AGAIN_MS, undefined, { signal: enough.signal }).catch(() => {})
          if (isAnswered()) break
          if (performance.now() > endMs) {
            log.error({ others: ids.length }, 'journal read without what another process has not written')
            break
          }
          ids = (await callAll(call)).ids
        }
        return calledUs
      } finally {
        calls.delete(call)
      }
    },
    async close() {
      clearInterval(heartbeat)
      await db.delete(journalKeepers).where(eq(journalKeepers.id, id))
      for (const stop of unlisten) await stop()
    },
  }
}
