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

let base: Awaited<ReturnType<typeof openEmbedded>>
beforeAll(async () => {
  base = await openEmbedded({ dataDirectory: undefined, log: pino({ level: 'silent' }) })
}, 60_000)
afterAll(() => base.close())

/** Does something with a server that is broken in one way, or in none, on the data that all of these share. */
async function withServer<T>(
  { needsWorker, ...breakage }: Pick<Breakage, 'file' | 'from' | 'to'> & { needsWorker: boolean },
  act: (target: Target) => Promise<T>,
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
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
    const answer = await fetch(`${url}/_sandport/sandboxes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data: { syft: { runs: { count: 230 } }, memsolus: { memories: { count: 60 } } } }),
    })
    const { syft, memsolus } = (await answer.json()) as View
    return await act({
      syft: { baseUrl: url, secretKey: syft.secretKey, motionId: syft.motions[0].id },
      memsolus: { baseUrl: url, apiKey: memsolus.apiKey },
      control: { url },
    })
  } finally {
    await app.close()
    await worker?.stop()
  }
}

describe('a server that', { timeout: 60_000 }, () => {
  it.each(breakages)('$what fails $caughtBy', async ({ caughtBy, ...breakage }) => {
    const { results } = await withServer({ ...breakage, needsWorker: needsWorker(caughtBy) }, (target) =>
      verify(target, { only: [caughtBy], maxExports }),
    )
    expect(results.find(({ id }) => id === caughtBy)).toMatchObject({ outcome: 'failed', unmet: {} })
  })

  it('is not broken passes all of these cases', async () => {
    const whole = { file: 'app.ts', from: 'const CONTROL_BODY_BYTES', to: 'const CONTROL_BODY_BYTES' }
    const only = [...new Set(breakages.map(({ caughtBy }) => caughtBy))]
    const { results } = await withServer({ ...whole, needsWorker: true }, (target) =>
      verify(target, { only, maxExports }),
    )
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  })
})

it('there are many of them', () => {
  expect(breakages.length).toBeGreaterThanOrEqual(40)
})
