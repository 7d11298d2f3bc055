import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deps } from '../../../server/src/deps.ts'
import { openEmbedded } from '../../../server/src/embedded/open.ts'
import { createMetrics } from '../../../server/src/metrics.ts'
import { type Target, verify } from '../index.ts'
import type { Breakage } from './breakage.ts'
import { loadBroken } from './broken-server.ts'
import { memsolusBreakages } from './memsolus.ts'
import { syftBreakages } from './syft.ts'

const breakages = [...syftBreakages, ...memsolusBreakages]

type View = { syft: { secretKey: string; motions: [{ id: string }] }; memsolus: { apiKey: string } }

/** As many exports as all cases together create. */
const maxExports = 100

/** Exports are rendered by a worker. */
const needsWorker = (id: string) => id.startsWith('memsolus/')

const unbroken = { file: 'app.ts', from: 'const CONTROL_BODY_BYTES', to: 'const CONTROL_BODY_BYTES' }

let base: Awaited<ReturnType<typeof openEmbedded>>
/** The sandbox that those of all servers are clones of: each server would have to make up its data anew. */
let original: string
beforeAll(async () => {
  base = await openEmbedded({ dataDirectory: undefined, log: pino({ level: 'silent' }) })
  original = await withServer({ ...unbroken, needsWorker: false }, async (url) => {
    const data = { syft: { runs: { count: 230 } }, memsolus: { memories: { count: 60 } } }
    return (await post<{ id: string }>(`${url}/_sandport/sandboxes`, { data })).id
  })
}, 60_000)
afterAll(() => base.close())

async function post<T>(url: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return (await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as T
}

/** Does something with a server that is broken in one way, or in none, on the data that all of these share. */
async function withServer<T>(
  { needsWorker, ...breakage }: Pick<Breakage, 'file' | 'from' | 'to'> & { needsWorker: boolean },
  act: (url: string) => Promise<T>,
): Promise<T> {
  const { buildServer, startWorker, modules } = await loadBroken(breakage)
  const stopping = new AbortController()
  const deps: Deps = {
    db: base.database.db,
    ping: () => base.database.ping(),
    listen: base.database.listen,
    queue: base.queue,
    files: base.files,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    isAlone: true,
    version: '0',
    stopping: stopping.signal,
  }
  const app = await buildServer(deps)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const worker = needsWorker ? await startWorker(deps, modules) : undefined
  try {
    return await act(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  } finally {
    await app.close()
    await worker?.stop()
  }
}

/** What can be verified of a server, in a sandbox of its own. */
async function targetAt(url: string): Promise<Target> {
  const { syft, memsolus } = await post<View>(`${url}/_sandport/sandboxes/${original}/clone`, {})
  return {
    syft: { baseUrl: url, secretKey: syft.secretKey, motionId: syft.motions[0].id },
    memsolus: { baseUrl: url, apiKey: memsolus.apiKey },
    control: { url },
  }
}

describe('a server that', { timeout: 60_000 }, () => {
  it.each(breakages)('$what fails $caughtBy', async ({ caughtBy, ...breakage }) => {
    const { results } = await withServer({ ...breakage, needsWorker: needsWorker(caughtBy) }, async (url) =>
      verify(await targetAt(url), { only: [caughtBy], maxExports }),
    )
    expect(results.find(({ id }) => id === caughtBy)).toMatchObject({ outcome: 'failed', unmet: {} })
  })

  it('is not broken passes all of these cases', async () => {
    const only = [...new Set(breakages.map(({ caughtBy }) => caughtBy))]
    const { results } = await withServer({ ...unbroken, needsWorker: true }, async (url) =>
      verify(await targetAt(url), { only, maxExports }),
    )
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  })
})

it('there are many of them', () => {
  expect(breakages.length).toBeGreaterThanOrEqual(40)
})
