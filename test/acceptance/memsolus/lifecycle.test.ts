import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }
const slow = { pendingFor: '10s', processingFor: '1m' }

it('M-LIFE-1 M-LIFE-3c M-LIFE-4c goes from PENDING over PROCESSING to READY to EXPIRED, each at its instant', async () => {
  const { memsolus, control, advance } = await testSandbox({ clock, data: { memsolus: { behavior: slow } } })
  const { id } = (await memsolus.create()).body
  const { body } = await advance('100h')
  const transitions = body.events.filter((event) => event.exportId === id)
  expect(transitions.map(({ at, type, from, to }) => [at, type, from, to])).toEqual([
    ['2026-03-01T00:00:10.000Z', 'export.transition', 'PENDING', 'PROCESSING'],
    ['2026-03-01T00:01:10.000Z', 'export.transition', 'PROCESSING', 'READY'],
    ['2026-03-04T00:01:10.000Z', 'export.transition', 'READY', 'EXPIRED'],
  ])
  const view = (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body
  expect(view.timeline).toEqual([
    { at: '2026-03-01T00:00:00.000Z', status: 'PENDING' },
    { at: '2026-03-01T00:00:10.000Z', status: 'PROCESSING' },
    { at: '2026-03-01T00:01:10.000Z', status: 'READY' },
    { at: '2026-03-04T00:01:10.000Z', status: 'EXPIRED' },
  ])
})

it('M-LIFE-1 M-LIFE-3c M-LIFE-4c is seen in each status in turn, to the millisecond, updated when it entered it', async () => {
  const { memsolus, advance } = await testSandbox({ clock, data: { memsolus: { behavior: slow } } })
  const { id } = (await memsolus.create()).body
  const seen = async () => {
    const { status, created_at, updated_at } = (await memsolus.get(id)).body
    const [listed] = (await memsolus.list()).body.data
    expect(listed).toMatchObject({ id, status, updated_at })
    expect(created_at).toBe('2026-03-01T00:00:00.000Z')
    return [status, updated_at]
  }
  expect(await seen()).toEqual(['PENDING', '2026-03-01T00:00:00.000Z'])
  await advance('9999ms')
  expect(await seen()).toEqual(['PENDING', '2026-03-01T00:00:00.000Z'])
  await advance('1ms')
  expect(await seen()).toEqual(['PROCESSING', '2026-03-01T00:00:10.000Z'])
  await advance('59999ms')
  expect(await seen()).toEqual(['PROCESSING', '2026-03-01T00:00:10.000Z'])
  await advance('1ms')
  expect(await seen()).toEqual(['READY', '2026-03-01T00:01:10.000Z'])
  await advance('1h')
  expect(await seen()).toEqual(['READY', '2026-03-01T00:01:10.000Z'])
})

it('M-LIFE-2 M-LIFE-3c M-DOWN-3 the file is there for 72 hours from READY, and not a millisecond longer', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: slow, memories: { count: 3 } } } })
  const { memsolus, advance } = sandbox
  const { id } = (await memsolus.create()).body
  await advance('70s')
  await advance('259199999ms')
  expect((await memsolus.get(id)).body.status).toBe('READY')
  expect((await memsolus.download(id)).status).toBe(200)
  await advance('1ms')
  const { status, updated_at } = (await memsolus.get(id)).body
  expect([status, updated_at]).toEqual(['EXPIRED', '2026-03-04T00:01:10.000Z'])
  const { status: code, body } = await memsolus.download(id)
  expect(code).toBe(410)
  expect(body).toEqual({ error: 'EXPORT_EXPIRED', message: expect.stringContaining(id), statusCode: 410 })
})

it('M-LIFE-3c M-LIFE-4c of an expired export the file is gone, and nothing moves any more', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
  const { memsolus, control, advance } = sandbox
  const { id } = await memsolus.finished()
  const view = async () => (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body
  const { file, expiresAt } = await view()
  expect(file?.bytes).toBe(Buffer.byteLength((await memsolus.download(id)).text))
  expect(expiresAt).toBe('2026-03-04T00:00:00.000Z')
  await advance('72h')
  expect(await view()).toMatchObject({ status: 'EXPIRED', file: null, nextAt: null })
  const expired = (await memsolus.get(id)).body
  await advance('1000h')
  expect((await memsolus.get(id)).body).toEqual(expired)
  expect((await memsolus.list()).body.data).toEqual([expired])
})

it('M-LIFE-2 a second export of the same is new: it lives its own 72 hours', async () => {
  const { memsolus, advance } = await testSandbox({ clock })
  const first = await memsolus.finished()
  await advance('71h')
  const second = await memsolus.finished()
  await advance('1h')
  expect((await memsolus.download(first.id)).status).toBe(410)
  expect((await memsolus.download(second.id)).status).toBe(200)
  await advance('71h')
  expect((await memsolus.download(second.id)).status).toBe(410)
})

it('M-LIFE-4c asking, listing and downloading move nothing', async () => {
  const { memsolus, advance } = await testSandbox({ clock })
  const ready = await memsolus.finished()
  await advance('1h')
  await memsolus.list()
  await memsolus.download(ready.id)
  await memsolus.download(ready.id)
  expect((await memsolus.get(ready.id)).body).toEqual(ready)
  expect(ready).toMatchObject({ status: 'READY', updated_at: clock.now })
})

it('M-LIFE-3c M-GET-3c a FAILED export stays FAILED, readable, and never has a file', async () => {
  const behavior = { outcome: 'fail', failure: 'no space left' }
  const { memsolus, control, advance } = await testSandbox({ clock, data: { memsolus: { behavior } } })
  const failed = await memsolus.finished({ user_id: 'u' })
  expect(failed).toMatchObject({ status: 'FAILED', user_id: 'u', updated_at: clock.now })
  await advance('1000h')
  expect((await memsolus.get(failed.id)).body).toEqual(failed)
  const view = (await control<ExportView>('GET', `/memsolus/exports/${failed.id}`)).body
  expect(view).toMatchObject({ file: null, nextAt: null })
  expect(view.timeline.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'FAILED'])
})

it('M-LIFE-1 a client that polls until READY and then downloads gets its file, on a clock that runs', async () => {
  const { memsolus } = await testSandbox({
    data: { memsolus: { memories: { count: 10 }, behavior: { polls: { pending: 1, processing: 1 } } } },
  })
  const { id } = (await memsolus.create({ format: 'json' })).body
  const statuses = []
  let status = ''
  while (status !== 'READY') {
    status = (await memsolus.get(id)).body.status
    statuses.push(status)
  }
  expect(statuses).toEqual(['PENDING', 'PROCESSING', 'PROCESSING', 'READY'])
  expect((await memsolus.download(id)).body).toHaveLength(10)
})
