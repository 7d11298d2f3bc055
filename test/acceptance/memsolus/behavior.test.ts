import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }

/** The statuses that so many polls are answered with. */
async function poll({ memsolus }: TestSandbox, id: string, times: number) {
  const statuses = []
  for (let count = 0; count < times; count++) statuses.push((await memsolus.get(id)).body.status)
  return statuses
}

const behave = ({ control }: TestSandbox, behavior: Record<string, unknown>) =>
  control('PUT', '/memsolus/behavior', behavior)

it('M-LIFE-1 polls: so many are answered with the old status, the next with the new one and a file', async () => {
  const sandbox = await testSandbox({ clock })
  await behave(sandbox, { polls: { pending: 2, processing: 1 } })
  const { id } = (await sandbox.memsolus.create()).body
  const statuses = await poll(sandbox, id, 3)
  expect((await sandbox.memsolus.download(id)).status).toBe(409)
  statuses.push(...(await poll(sandbox, id, 2)))
  expect(statuses).toEqual(['PENDING', 'PENDING', 'PROCESSING', 'PROCESSING', 'READY'])
  expect((await sandbox.memsolus.download(id)).status).toBe(200)
})

it('M-LIFE-1 polls: each export counts its own, and neither lists nor downloads nor time count', async () => {
  const sandbox = await testSandbox({ clock })
  await behave(sandbox, { pendingFor: '1s', polls: { pending: 1, processing: 0 } })
  const { id } = (await sandbox.memsolus.create()).body
  const { id: other } = (await sandbox.memsolus.create()).body
  await poll(sandbox, other, 2)
  for (let count = 0; count < 3; count++) {
    await sandbox.memsolus.list()
    await sandbox.memsolus.download(id)
    await sandbox.advance('1h')
  }
  expect(await poll(sandbox, id, 3)).toEqual(['PENDING', 'PROCESSING', 'READY'])
  expect(await poll(sandbox, other, 1)).toEqual(['READY'])
})

it('M-LIFE-3c hold keeps an export PENDING, whatever the time, until it is released', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { hold: 'PENDING', pendingFor: '1m' } } } })
  const { id } = await sandbox.memsolus.finished()
  await sandbox.advance('100h')
  expect(await poll(sandbox, id, 3)).toEqual(['PENDING', 'PENDING', 'PENDING'])
  await sandbox.control('POST', `/memsolus/exports/${id}/release`)
  await sandbox.advance('0s')
  expect(await poll(sandbox, id, 1)).toEqual(['READY'])
})

it('M-LIFE-3c M-DOWN-2 hold keeps an export PROCESSING, without a file', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { hold: 'PROCESSING' } } } })
  const { id } = await sandbox.memsolus.finished()
  await sandbox.advance('100h')
  expect(await poll(sandbox, id, 2)).toEqual(['PROCESSING', 'PROCESSING'])
  expect((await sandbox.memsolus.download(id)).body.error).toBe('EXPORT_NOT_READY')
  await sandbox.control('POST', `/memsolus/exports/${id}/release`)
  await sandbox.advance('0s')
  const { status, updated_at } = (await sandbox.memsolus.get(id)).body
  expect([status, updated_at]).toEqual(['READY', '2026-03-05T04:00:00.000Z'])
})

it('M-DOWN-5c outcome fail: FAILED, and the failure is told to whoever asks for the file', async () => {
  const sandbox = await testSandbox({ clock })
  await behave(sandbox, { processingFor: '5s', outcome: 'fail', failure: 'the index is being rebuilt (%s)' })
  const { id } = await sandbox.memsolus.finished()
  expect(await poll(sandbox, id, 1)).toEqual(['PROCESSING'])
  await sandbox.advance('5s')
  expect((await sandbox.memsolus.get(id)).body).toMatchObject({
    status: 'FAILED',
    updated_at: '2026-03-01T00:00:05.000Z',
  })
  const { status, body } = await sandbox.memsolus.download(id)
  expect([status, body.error, body.statusCode]).toEqual([409, 'EXPORT_NOT_READY', 409])
  expect(body.message).toContain('failed')
  expect(body.message).toContain('the index is being rebuilt (%s)')
})

it('M-DOWN-5c outcome lose-file: READY, and its file is missing until it expires', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { outcome: 'lose-file' } } } })
  const { id, status } = await sandbox.memsolus.finished()
  expect(status).toBe('READY')
  const missing = await sandbox.memsolus.download(id)
  expect(missing.status).toBe(500)
  expect(missing.body).toEqual({
    error: 'EXPORT_FILE_MISSING',
    message: expect.stringContaining(id),
    statusCode: 500,
  })
  expect((await sandbox.control<ExportView>('GET', `/memsolus/exports/${id}`)).body.file).toBeNull()
  await sandbox.advance('72h')
  expect((await sandbox.memsolus.download(id)).body.error).toBe('EXPORT_EXPIRED')
})

it('M-CREATE-1 a behavior is that of the exports created under it, not of those before or after', async () => {
  const sandbox = await testSandbox({ clock })
  await behave(sandbox, { pendingFor: '1h' })
  const slow = (await sandbox.memsolus.create()).body
  await behave(sandbox, { outcome: 'fail' })
  const failing = await sandbox.memsolus.finished()
  await behave(sandbox, {})
  const usual = await sandbox.memsolus.finished()
  const statuses = async () =>
    Promise.all([slow, failing, usual].map(async ({ id }) => (await sandbox.memsolus.get(id)).body.status))
  expect(await statuses()).toEqual(['PENDING', 'FAILED', 'READY'])
  await sandbox.advance('1h')
  expect(await statuses()).toEqual(['READY', 'FAILED', 'READY'])
})

it('M-CREATE-1 whatever the behavior, a new export is answered as PENDING', async () => {
  const sandbox = await testSandbox()
  for (const behavior of [{}, { outcome: 'fail' }, { hold: 'PROCESSING' }, { polls: { pending: 0 } }]) {
    await behave(sandbox, behavior)
    const { status, body } = await sandbox.memsolus.create()
    expect([status, body.status, body.updated_at]).toEqual([202, 'PENDING', body.created_at])
  }
})
