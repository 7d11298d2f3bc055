import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { and, eq, gt, lt, ne, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Journal } from './journal.ts'
import { journalKeepers } from './tables.ts'

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

/**
 * A journal that several processes keep, each of its own exchanges: before it is read, all of them write what has ended. With
 * no other process that costs one short query.
 */
export function shareJournal({ db, listen, log }: Pick<Deps, 'db' | 'listen' | 'log'>, own: Journal): Journal {
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

  function hearCall(call: string | undefined): void {
    if (call === undefined || calls.has(call)) return
    own
      .flush()
      .then(() => db.execute(sql`select pg_notify(${ANSWERS}, ${`${call} ${id}`})`))
      .catch((error) => log.warn({ err: error }, 'journal call not answered'))
  }

  function hearAnswer(answer: string | undefined): void {
    const [call = '', from = ''] = answer?.split(' ') ?? []
    calls.get(call)?.(from)
  }

  /** Calls all others that keep the journal now, and answers who they are. */
  async function callOthers(call: string): Promise<string[]> {
    const rows = await db
      .select({ id: journalKeepers.id, called: sql`pg_notify(${CALLS}, ${call})` })
      .from(journalKeepers)
      .where(and(ne(journalKeepers.id, id), gt(journalKeepers.aliveUntil, realNow)))
    return rows.map((row) => row.id)
  }

  /** Resolves when all others have written what had ended in them. */
  async function flushOthers(): Promise<void> {
    const call = randomUUID()
    const answered = new Set<string>()
    let onAnswer = () => {}
    calls.set(call, (from) => {
      answered.add(from)
      onAnswer()
    })
    const endMs = performance.now() + LONGEST_WAIT_MS
    try {
      for (;;) {
        const others = await callOthers(call)
        const isAnswered = () => others.every((other) => answered.has(other))
        if (isAnswered()) return
        const enough = new AbortController()
        onAnswer = () => {
          if (isAnswered()) enough.abort()
        }
        await setTimeout(CALL_AGAIN_MS, undefined, { signal: enough.signal }).catch(() => {})
        if (enough.signal.aborted) return
        if (performance.now() > endMs) {
          log.error({ others: others.length }, 'journal read without what another process has not written')
          return
        }
      }
    } finally {
      calls.delete(call)
    }
  }

  async function flush(): Promise<void> {
    await Promise.all([own.flush(), flushOthers()])
  }

  return {
    ...own,
    flush,
    async settle(sandboxId) {
      await flush()
      await own.judge(sandboxId)
    },
    async open() {
      unlisten.push(await listen(CALLS, hearCall), await listen(ANSWERS, hearAnswer))
      await beat()
      heartbeat = setInterval(() => {
        beat().catch((error) => log.warn({ err: error }, 'journal heartbeat failed'))
      }, HEARTBEAT_MS)
    },
    async close() {
      clearInterval(heartbeat)
      await own.close()
      await db.delete(journalKeepers).where(eq(journalKeepers.id, id))
      for (const stop of unlisten) await stop()
    },
  }
}
