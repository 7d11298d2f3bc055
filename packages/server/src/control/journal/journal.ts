import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { type Entry, toEntry } from './entry.ts'
import { noOthers, type Others } from './others.ts'
import { toUnmatched, type Unmatched } from './unmatched.ts'
import { pruneExchanges, type Served, servedName, writeExchanges, writeUnmatched } from './write.ts'

const FLUSH_AFTER_MS = 200
const FLUSH_AT = 1000

/** What is written together. */
type Batch = {
  entries: Entry[]
  served: Map<string, Served>
  unmatched: Unmatched[]
  /** The sandboxes that were used. */
  used: Set<string>
}

/** Keeps what clients did. Exchanges are written a moment after they ended, many at once, out of the requests' way. */
export type Journal = {
  /** Before the first request. */
  open(): Promise<void>
  /** Notes an exchange that has ended. */
  record(module: ApiModule, request: FastifyRequest, reply: FastifyReply): void
  /** Resolves when everything that has ended before is written, in whichever process. */
  flush(): Promise<void>
  /** Resolves when everything that has ended before in a sandbox is written and judged: before every read of it. */
  settle(sandboxId: string): Promise<void>
  close(): Promise<void>
}

export type JournalOptions = {
  /** As many exchanges of a sandbox are kept, or up to a tenth more. With 0 none is, and nothing is found in them. */
  mostExchanges?: number
  /** The other processes that keep it. */
  others?: Others
  /**
   * Judges what has ended in a sandbox, up to an instant of real time in microseconds where one is given: before it is read,
   * and before the oldest of it goes.
   */
  judge?: (sandboxId: string, untilUs: number | undefined) => Promise<void>
  /** Notes that sandboxes were used. */
  touch?: (sandboxIds: readonly string[]) => Promise<void>
}

export function createJournal(
  { db, log, stopping }: Pick<Deps, 'db' | 'log' | 'stopping'>,
  { mostExchanges = 10_000, others = noOthers, judge = async () => {}, touch = async () => {} }: JournalOptions = {},
): Journal {
  const slack = Math.max(1, Math.floor(mostExchanges / 10))
  /** How many exchanges were written since a sandbox was last looked at for what is too old. */
  const unpruned = new LRUCache<string, number>({ max: 10_000 })
  let pending = emptyBatch()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let tidying: Promise<void> = Promise.resolve()

  function flushOwn(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () => {
      const batch = pending
      pending = emptyBatch()
      const written = batch.entries.length > 0 ? await keep(batch) : []
      // Whoever waits for what is written does not wait for this, which may wait for others to write.
      if (batch.used.size > 0) {
        tidying = tidying
          .then(() => tidy(batch.used, written))
          .catch((error) => log.error({ err: error }, 'journal not tidied'))
      }
      if (batch.unmatched.length > 0) {
        await writeUnmatched(db, batch.unmatched).catch((error) =>
          log.error({ err: error, requests: batch.unmatched.length }, 'unmatched requests not written'),
        )
      }
    })
    return writing
  }

  function keep({ entries, served }: Batch): Promise<Entry[]> {
    return writeExchanges(db, entries, served).catch(() => writeSingly(entries, served))
  }

  async function tidy(used: ReadonlySet<string>, written: readonly Entry[]): Promise<void> {
    await touch([...used])
    const counts = new Map<string, number>()
    for (const { sandboxId } of written) counts.set(sandboxId, (counts.get(sandboxId) ?? 0) + 1)
    for (const [sandboxId, count] of counts) await prune(sandboxId, count)
  }

  /** So that one that cannot be written does not take the others with it. */
  async function writeSingly(entries: readonly Entry[], served: Batch['served']): Promise<Entry[]> {
    const written: Entry[] = []
    for (const entry of entries) {
      await writeExchanges(db, [entry], served).then(
        (kept) => written.push(...kept),
        (error) => log.error({ err: error, exchange: entry.exchangeId }, 'exchange not written'),
      )
    }
    return written
  }

  async function prune(sandboxId: string, count: number): Promise<void> {
    const since = (unpruned.get(sandboxId) ?? 0) + count
    unpruned.set(sandboxId, since)
    if (since < slack) return
    unpruned.set(sandboxId, 0)
    await settle(sandboxId)
    await pruneExchanges(db, sandboxId, mostExchanges)
  }

  async function settle(sandboxId: string): Promise<void> {
    const [untilUs] = await Promise.all([others.flush(), flushOwn()])
    await judge(sandboxId, untilUs)
  }

  return {
    open: () => others.open(flushOwn),
    record(module, request, reply) {
      const { owner, served } = request.exchange
      if (owner) pending.used.add(owner.sandbox.id)
      else pending.unmatched.push(toUnmatched(module, request, reply))
      if (owner && mostExchanges > 0) {
        const sandboxId = owner.sandbox.id
        pending.entries.push(toEntry(module, request, reply, { owner, isStopping: stopping.aborted }))
        if (served) pending.served.set(servedName(sandboxId, served.key), { sandboxId, ...served })
      }
      if (pending.entries.length + pending.unmatched.length >= FLUSH_AT) void flushOwn()
      else timer ??= setTimeout(flushOwn, FLUSH_AFTER_MS).unref()
    },
    async flush() {
      await Promise.all([others.flush(), flushOwn()])
    },
    settle,
    async close() {
      await flushOwn()
      await tidying
      await others.close()
    },
  }
}

function emptyBatch(): Batch {
  return { entries: [], served: new Map(), unmatched: [], used: new Set() }
}
