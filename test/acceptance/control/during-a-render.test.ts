import { expect, it } from 'vitest'
import type { ExportView, Memory } from '../../harness/memsolus.ts'
import { control, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

/** As many as are copied, and not made up, for each of the tests; their render is seldom over before what follows it. */
const MEMORIES = 5000

/** A sandbox with an export that is held before a render that takes a while, and a snapshot of that. */
async function withSlowExport() {
  const sandbox = await testSandbox({
    clock: { now: '2026-03-01T00:00:00Z', frozen: true },
    data: { memsolus: { memories: { count: MEMORIES } } },
  })
  await sandbox.control('PUT', '/memsolus/behavior', { hold: 'PROCESSING' })
  const { id } = (await sandbox.memsolus.create()).body
  await sandbox.advance('0s')
  await sandbox.control('POST', '/snapshots', { name: 'held' })
  return { ...sandbox, exportId: id }
}

type OwnExport = Pick<TestSandbox, 'control'> & { exportId: string }

/** Resolves when a render is under way, which is over soon. */
async function untilBegun({ control, exportId }: OwnExport) {
  const attempts = async () => (await control<ExportView>('GET', `/memsolus/exports/${exportId}`)).body.attempts
  await expect.poll(attempts, { timeout: 20_000, interval: 1 }).toBeGreaterThan(0)
}

/** Has the export rendered, and answers once that is under way; `ended` is when it is over. */
async function beginRender({ control, exportId }: OwnExport) {
  const ended = control('POST', `/memsolus/exports/${exportId}/step`)
  await untilBegun({ control, exportId })
  return { ended }
}

async function expectWholeFile({ control, memsolus, exportId }: Awaited<ReturnType<typeof withSlowExport>>) {
  await control('POST', `/memsolus/exports/${exportId}/release`)
  await control('POST', '/clock/advance', { by: '0s' })
  expect((await memsolus.get(exportId)).body.status).toBe('READY')
  expect(JSON.parse((await memsolus.download(exportId)).text) as Memory[]).toHaveLength(MEMORIES)
}

it('M-LIFE-3c a restore during a render puts back the export, which the old render does not finish', async () => {
  const sandbox = await withSlowExport()
  const { control, exportId } = sandbox
  const { ended } = await beginRender(sandbox)
  expect((await control('POST', '/snapshots/held/restore')).status).toBe(200)
  expect((await ended).status).toBe(200)
  const { body } = await control<ExportView>('GET', `/memsolus/exports/${exportId}`)
  expect(body).toMatchObject({ status: 'PROCESSING', attempts: 0, file: null, progress: { rows: 0 } })
  await expectWholeFile(sandbox)
})

it('M-GET-2 a reset during a render leaves a sandbox without that export', async () => {
  const sandbox = await withSlowExport()
  const { control, memsolus, exportId } = sandbox
  const { ended } = await beginRender(sandbox)
  expect((await control('POST', '/reset')).status).toBe(200)
  expect([200, 404]).toContain((await ended).status)
  expect((await memsolus.get(exportId)).status).toBe(404)
  expect((await memsolus.list()).body.meta.total).toBe(0)
  const { id } = await memsolus.finished()
  expect(JSON.parse((await memsolus.download(id)).text)).toHaveLength(MEMORIES)
})

it('M-AUTH-1 a deletion during a render leaves nothing', async () => {
  const sandbox = await withSlowExport()
  const { ended } = await beginRender(sandbox)
  expect((await control('DELETE', `/sandboxes/${sandbox.id}`)).status).toBe(204)
  expect([200, 404]).toContain((await ended).status)
  expect((await sandbox.memsolus.get(sandbox.exportId)).status).toBe(401)
})

it('a restore during a walk ends it: what it had still to do is not done', async () => {
  const sandbox = await withSlowExport()
  const { control, advance, memsolus, exportId } = sandbox
  await control('POST', `/memsolus/exports/${exportId}/hold`)
  await control('PUT', '/memsolus/behavior', { pendingFor: '1h', processingFor: '1h' })
  const { id } = (await memsolus.create()).body
  await control('POST', '/snapshots', { name: 'waiting' })
  const walk = advance('100h')
  await untilBegun({ control, exportId: id })
  await control('POST', '/snapshots/waiting/restore')
  expect((await walk).status).toBe(200)
  expect((await control('GET', '/clock')).body).toMatchObject({ now: '2026-03-01T00:00:00.000Z' })
  expect((await memsolus.get(id)).body.status).toBe('PENDING')
  expect((await advance('2h')).body.events).toMatchObject([{ to: 'PROCESSING' }, { to: 'READY' }])
})
