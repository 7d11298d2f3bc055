import { describe, expect, it } from 'vitest'
import { findingsIn } from '../../harness/findings.ts'
import { type Item, request, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }
const OVERLAP_MS = 60_000

/** A poller that follows cursors, begins each pass a little before where the last one ended, and drops what it knows. */
function newPoller(sandbox: TestSandbox) {
  const known = new Map<string, string>()
  const checkpoints = new Map<string, number>()
  return {
    known,
    async pass(status: string) {
      const checkpoint = checkpoints.get(status)
      const since = checkpoint === undefined ? {} : { since: new Date(checkpoint - OVERLAP_MS).toISOString() }
      const { items } = await sandbox.syft.all({ status, limit: 50, order: 'asc', ...since })
      for (const { runId, updatedAt } of items) known.set(runId, updatedAt)
      const latest = Math.max(...items.map(({ updatedAt }: Item) => Date.parse(updatedAt)), checkpoint ?? 0)
      if (latest > 0) checkpoints.set(status, latest)
    },
  }
}

describe('nothing is found in what a correct client does', () => {
  it('S-PAGE-5 S-TIME-1 S-STATUS-1 that polls every status page by page while runs change', async () => {
    const sandbox = await testSandbox({ clock, data: { syft: { runs: { count: 230 } } } })
    const poller = newPoller(sandbox)
    for (const round of [1, 2, 3, 4, 5]) {
      for (const status of ['completed', 'failed', 'skipped']) await poller.pass(status)
      await sandbox.advance('1m')
      await sandbox.addRuns({ count: 10, status: round % 2 === 0 ? 'failed' : 'completed' })
    }
    expect(poller.known.size).toBeGreaterThan(200)
    expect(await findingsIn(sandbox)).toEqual([])
  })

  it('S-TIME-1 S-PAGE-6c that polls runs which all share an instant', async () => {
    const sandbox = await testSandbox({ clock })
    const tied = { createdAt: '2026-03-01T11:00:00Z', updatedAt: '2026-03-01T11:00:00Z', status: 'completed' }
    await sandbox.addRuns({ count: 130, ...tied })
    const poller = newPoller(sandbox)
    await poller.pass('completed')
    await sandbox.addRuns({ count: 1, ...tied })
    await sandbox.advance('1m')
    await poller.pass('completed')
    expect(poller.known.size).toBe(131)
    expect(await findingsIn(sandbox)).toEqual([])
  })

  it('S-PAGE-6c that goes on with a page after it got no answer to it', async () => {
    const sandbox = await testSandbox({ clock, data: { syft: { runs: { count: 5, status: 'completed' } } } })
    await sandbox.control('POST', '/scripts', {
      operation: 'syft.exportRuns',
      steps: [{ pass: true }, { reset: true }, { respond: { status: 503, retryAfter: 0 } }],
    })
    const first = await sandbox.syft.page({ limit: 2 })
    const next = { limit: 2, cursor: first.body.nextCursor ?? '' }
    await expect(sandbox.syft.page(next)).rejects.toThrow()
    expect((await sandbox.syft.page(next)).status).toBe(503)
    const second = await sandbox.syft.page(next)
    await sandbox.syft.page({ limit: 2, cursor: second.body.nextCursor ?? '' })
    expect(await findingsIn(sandbox)).toEqual([])
  })

  it('S-TIME-2 that copies a year in windows which overlap', async () => {
    const sandbox = await testSandbox({ clock, data: { syft: { runs: { count: 60 } } } })
    for (const month of [0, 1, 2]) {
      const since = new Date(Date.UTC(2026, month, 1) - OVERLAP_MS).toISOString()
      await sandbox.syft.all({ since, until: new Date(Date.UTC(2026, month + 1, 1)).toISOString(), limit: 7 })
    }
    expect((await findingsIn(sandbox)).filter(({ code }) => code !== 'status.default')).toEqual([])
  })

  it('M-LIFE-1 M-DOWN-1 that creates an export, waits for it with patience, downloads it, and does so again', async () => {
    const behavior = { pendingFor: '5s', processingFor: '10s' }
    const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 20 }, behavior } } })
    for (const _ of [1, 2]) {
      const { id } = (await sandbox.memsolus.create({ format: 'csv', priority: 'HIGH' })).body
      let pauseMs = 1000
      let { status } = (await sandbox.memsolus.get(id)).body
      while (status !== 'READY') {
        await sandbox.advance(`${pauseMs}ms`)
        pauseMs *= 2
        status = (await sandbox.memsolus.get(id)).body.status
      }
      expect((await sandbox.memsolus.download(id)).status).toBe(200)
      await sandbox.advance('24h')
    }
    expect(await findingsIn(sandbox)).toEqual([])
  })

  it('M-CREATE-7c M-LIST-1 that sends an empty JSON body, lists its exports page by page, and creates anew what expired', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 5 } } } })
    const headers = { 'x-api-key': sandbox.view.memsolus.apiKey, 'content-type': 'application/json' }
    for (const _ of [1, 2, 3]) {
      await request('/v1/exports?format=markdown', { method: 'POST', headers })
      await sandbox.advance('72h')
    }
    for (const page of [1, 2]) await sandbox.memsolus.list({ page, page_size: 2 })
    expect(await findingsIn(sandbox)).toEqual([])
  })

  it('S-AUTH-2 on a clock that runs as real time does', async () => {
    const sandbox = await testSandbox({
      data: { syft: { runs: { count: 120 } }, memsolus: { memories: { count: 3 } } },
    })
    await sandbox.syft.all({ limit: 100, fields: 'status,updatedAt' })
    await sandbox.syft.all({ status: 'failed' })
    const { id } = (await sandbox.memsolus.create()).body
    await sandbox.control('POST', `/memsolus/exports/${id}/release`)
    await sandbox.memsolus.list()
    expect(await findingsIn(sandbox)).toEqual([])
  })
})
