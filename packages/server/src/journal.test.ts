import { eq } from 'drizzle-orm'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildServer, modules } from './app.ts'
import { pruneEvents } from './control/events/prune.ts'
import type { JournalOptions } from './control/journal/journal.ts'
import { exchanges, servedPages } from './control/journal/tables.ts'
import { createSandbox } from './control/sandboxes/create.ts'
import { resetSandbox } from './control/sandboxes/reset.ts'
import type { Deps } from './deps.ts'
import { openEmbedded } from './embedded/open.ts'
import { createMetrics } from './metrics.ts'
import { lockSandbox, recordEvent } from './sandbox/queries.ts'
import { apiKeys, events } from './sandbox/tables.ts'

let deps: Deps

beforeAll(async () => {
  const log = pino({ level: 'silent' })
  const { database, queue, files, close } = await openEmbedded({ dataDirectory: undefined, log })
  const stopping = new AbortController().signal
  deps = {
    db: database.db,
    ping: database.ping,
    listen: database.listen,
    queue,
    files,
    log,
    metrics: createMetrics(),
    isAlone: true,
    version: '0',
    stopping,
  }
  return close
}, 60_000)

/** A server with a sandbox of one run, and what a client and a test do with them. */
async function journalled(options: JournalOptions) {
  const app = await buildServer(deps, options)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const data = { syft: { motions: [{ id: 'm' }], runs: { items: [{ runId: 'r', motionId: 'm' }] } } }
  const { id: sandboxId } = await createSandbox({ deps, modules }, { data })
  const keys = await deps.db.select().from(apiKeys).where(eq(apiKeys.sandboxId, sandboxId))
  const key = keys.find(({ api }) => api === 'syft')?.key ?? ''
  return {
    sandboxId,
    page: (limit: number) =>
      fetch(`http://127.0.0.1:${port}/api/motion/m/export?limit=${limit}`, {
        headers: { authorization: `Bearer ${key}` },
      }).then((answer) => answer.text()),
    /** The limits that were asked for by the exchanges that are kept, the oldest first. */
    async kept() {
      const rows = await deps.db
        .select({ search: exchanges.search })
        .from(exchanges)
        .where(eq(exchanges.sandboxId, sandboxId))
        .orderBy(exchanges.id)
      return rows.map(({ search }) => Number(search.replace('limit=', '')))
    },
    written: () => app.close(),
  }
}

describe('the journal of a sandbox', () => {
  it('keeps the newest exchanges, a tenth more at most, and all that was served', async () => {
    const { sandboxId, page, kept, written } = await journalled({ mostExchanges: 10 })
    for (let limit = 1; limit <= 25; limit++) await page(limit)
    await written()
    expect(await kept()).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
    const ledger = await deps.db.select().from(servedPages).where(eq(servedPages.sandboxId, sandboxId))
    expect(ledger).toHaveLength(25)
  })

  it('is judged before the oldest of it goes', async () => {
    const seen: number[][] = []
    const { page, kept, written } = await journalled({
      mostExchanges: 2,
      judge: async () => {
        seen.push(await kept())
      },
    })
    for (let limit = 1; limit <= 5; limit++) await page(limit)
    await written()
    expect(new Set(seen.flat())).toEqual(new Set([1, 2, 3, 4, 5]))
    expect(await kept()).toEqual([4, 5])
  })

  it('says which sandboxes were used', async () => {
    const touched: string[] = []
    const { sandboxId, page, written } = await journalled({ touch: async (ids) => void touched.push(...ids) })
    await page(1)
    await page(2)
    await written()
    expect(new Set(touched)).toEqual(new Set([sandboxId]))
  })

  it('is not kept where none is to be, and says which sandboxes were used all the same', async () => {
    const touched: string[] = []
    const touch = async (ids: readonly string[]) => void touched.push(...ids)
    const { sandboxId, page, kept, written } = await journalled({ mostExchanges: 0, touch })
    await page(1)
    await written()
    expect([await kept(), new Set(touched)]).toEqual([[], new Set([sandboxId])])
  })

  it('has nothing of requests whose sandbox was reset before they were written', async () => {
    const { sandboxId, page, kept, written } = await journalled({})
    await page(1)
    await resetSandbox({ deps, modules }, sandboxId)
    await page(2)
    await written()
    expect(await kept()).toEqual([2])
  })
})

it('keeps the newest events of a sandbox', async () => {
  const { id: busy } = await createSandbox({ deps, modules }, {})
  const { id: quiet } = await createSandbox({ deps, modules }, {})
  for (const [id, count] of [[busy, 5] as const, [quiet, 3] as const]) {
    await deps.db.transaction(async (tx) => {
      const sandbox = await lockSandbox(tx, id)
      for (let number = 1; number <= count; number++)
        await recordEvent(tx, id, { at: sandbox?.now ?? new Date(0), type: 'test', data: { number } })
    })
  }
  await pruneEvents(deps.db, 3)
  const numbers = async (id: string) => {
    const rows = await deps.db.select().from(events).where(eq(events.sandboxId, id)).orderBy(events.id)
    return rows.map(({ data }) => data.number)
  }
  expect(await numbers(busy)).toEqual([3, 4, 5])
  expect(await numbers(quiet)).toEqual([1, 2, 3])
})
