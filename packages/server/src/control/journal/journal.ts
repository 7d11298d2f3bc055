import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { type Entry, toEntry } from './entry.ts'
import { toUnmatched, type Unmatched } from './unmatched.ts'
import { writeBatch } from './write.ts'

const FLUSH_AFTER_MS = 200
const FLUSH_AT = 1000

/** What was served, for the ledger. */
type Served = { sandboxId: string; key: string; items: readonly [id: string, version: number][] }

/** What is written together. */
export type Batch = { entries: Entry[]; served: Map<string, Served>; unmatched: Unmatched[] }

/** Keeps what clients did. Exchanges are written a moment after they ended, many at once, out of the requests' way. */
export type Journal = {
  /** Notes an exchange that has ended. */
  record(module: ApiModule, request: FastifyRequest, reply: FastifyReply): void
  /** Resolves when everything that has ended before is written. */
  flush(): Promise<void>
  close(): Promise<void>
}

export function createJournal(deps: Deps): Journal {
  let pending = emptyBatch()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () => {
      const batch = pending
      if (batch.entries.length === 0 && batch.unmatched.length === 0) return
      pending = emptyBatch()
      await writeBatch(deps, batch).catch((error) =>
        deps.log.error({ err: error, exchanges: batch.entries.length }, 'journal not written'),
      )
    })
    return writing
  }

  return {
    record(module, request, reply) {
      const { exchange } = request
      if (!exchange.isIdentified) return
      const entry = toEntry(module, request, reply)
      if (!entry) pending.unmatched.push(toUnmatched(module, request, reply))
      else {
        pending.entries.push(entry)
        if (exchange.served) {
          const { sandboxId } = entry
          pending.served.set(`${sandboxId} ${exchange.served.key}`, { sandboxId, ...exchange.served })
        }
      }
      if (pending.entries.length + pending.unmatched.length >= FLUSH_AT) void flush()
      else timer ??= setTimeout(flush, FLUSH_AFTER_MS).unref()
    },
    flush,
    close: flush,
  }
}

function emptyBatch(): Batch {
  return { entries: [], served: new Map(), unmatched: [] }
}
