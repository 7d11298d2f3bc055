import { expect, it } from 'vitest'
import { exportedIds, fileText } from '../../harness/memsolus.ts'
import { control, type Key, type SandboxView, testSandbox } from '../../harness/sandbox.ts'
import { stateOf } from '../../harness/state.ts'

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const frozen = { now: '2026-03-01T12:00:00Z', frozen: true }
const data = { syft: { runs: { count: 20 } }, memsolus: { memories: { count: 20 } } }

type List = { items: { name: string; at: string; createdAt: string }[]; nextCursor: string | null }

it('puts back data, clock, keys and behavior, as they were when it was made', async () => {
  const sandbox = await testSandbox({ clock: frozen, data })
  const { control, syft, memsolus } = sandbox
  await control('PUT', '/memsolus/behavior', { pendingFor: '5m' })
  await memsolus.create({ format: 'csv' })
  const { body: old } = await control<Key>('POST', '/keys', { api: 'memsolus', permissions: ['export.read'] })
  const before = await stateOf(sandbox)
  const page = (await syft.page()).text
  const made = await control('POST', '/snapshots', { name: 'before.all-1' })
  expect([made.status, made.body]).toEqual([
    201,
    { name: 'before.all-1', at: '2026-03-01T12:00:00.000Z', createdAt: instant },
  ])

  const [first] = (await syft.page()).body.items
  await control('DELETE', `/syft/runs/${first?.runId}`)
  await sandbox.addRuns({ count: 3, status: 'completed' })
  await sandbox.addMemories({ count: 3 })
  await control('POST', '/memsolus/workspaces', { id: 'new' })
  await control('PUT', '/memsolus/behavior', { outcome: 'fail' })
  await control('PUT', '/clock', { frozen: false, rate: 60 })
  await sandbox.advance('10d')
  await control('DELETE', `/keys/${old.key}`)
  await control('DELETE', `/keys/${sandbox.view.syft.secretKey}`)
  const { body: later } = await control<Key>('POST', '/keys', { api: 'memsolus' })
  expect((await memsolus.list({}, { key: old.key })).status).toBe(401)

  const restored = await control<SandboxView>('POST', '/snapshots/before.all-1/restore')
  expect(restored.status).toBe(200)
  expect(restored.body).toEqual(sandboxWith(sandbox.view, restored.body.keys))
  expect(await stateOf(sandbox)).toEqual(before)
  expect((await syft.page()).text).toBe(page)
  expect((await memsolus.list({}, { key: old.key })).body.meta.total).toBe(1)
  expect((await memsolus.list({}, { key: later.key })).status).toBe(401)
})

/** The view of a sandbox as it was created, but for its keys. */
function sandboxWith(view: SandboxView, keys: Key[]) {
  return { ...view, keys }
}

it('is a state that changes leave alone: it can be put back again and again, also after a reset', async () => {
  const sandbox = await testSandbox({ clock: frozen })
  const { control, syft } = sandbox
  await sandbox.addRuns({ items: [{ runId: 'one', status: 'completed' }] })
  await control('POST', '/snapshots', { name: 'one' })
  for (const runId of ['two', 'three']) {
    await sandbox.addRuns({ items: [{ runId, status: 'completed' }] })
    expect((await syft.page()).body.items.map((item) => item.runId)).toEqual(['one', runId].toSorted())
    await control('POST', '/snapshots/one/restore')
    expect((await syft.page()).body.items.map((item) => item.runId)).toEqual(['one'])
  }
  await control('POST', '/reset')
  expect((await syft.page()).body.items).toEqual([])
  await control('POST', '/snapshots/one/restore')
  expect((await syft.page()).body.items.map((item) => item.runId)).toEqual(['one'])
})

it('sets the clock back to when it was made, from where it goes on as it went then', async () => {
  const { control, advance } = await testSandbox({ clock: { now: '2026-03-01T00:00:00Z', rate: 60 } })
  const { body: made } = await control<{ at: string }>('POST', '/snapshots', { name: 'a' })
  await advance('300d')
  await control('PUT', '/clock', { frozen: true })
  await control('POST', '/snapshots/a/restore')
  const { body: clock } = await control<{ now: string; frozen: boolean; rate: number }>('GET', '/clock')
  expect(clock).toEqual({ now: instant, frozen: false, rate: 60 })
  expect(Date.parse(clock.now)).toBeGreaterThan(Date.parse(made.at))
  expect(Date.parse(clock.now)).toBeLessThan(Date.parse(made.at) + 86_400_000)
})

it('M-LIFE-2 keeps the files of its exports: what has expired since can be downloaded again', async () => {
  const { control, memsolus, advance } = await testSandbox({ clock: frozen, data })
  const { id } = await memsolus.finished({ format: 'csv' })
  const { text } = await memsolus.download(id)
  await control('POST', '/snapshots', { name: 'ready' })
  await advance('72h')
  expect((await memsolus.download(id)).status).toBe(410)
  await control('POST', '/snapshots/ready/restore')
  expect(await memsolus.download(id)).toMatchObject({ status: 200, text })
  await control('POST', `/memsolus/exports/${id}/lose-file`)
  expect((await memsolus.download(id)).status).toBe(500)
  await control('POST', '/snapshots/ready/restore')
  expect((await control('DELETE', '/snapshots/ready')).status).toBe(204)
  expect(await memsolus.download(id)).toMatchObject({ status: 200, text })
})

it('M-CREATE-8c what was added after an export was created is not in it, before and after it is put back', async () => {
  const sandbox = await testSandbox({ clock: frozen })
  const { control, memsolus, addMemories } = sandbox
  await addMemories({ items: [{ id: 'before' }] })
  await control('PUT', '/memsolus/behavior', { hold: 'PENDING' })
  const { id } = (await memsolus.create()).body
  await addMemories({ items: [{ id: 'after' }] })
  await control('POST', '/snapshots', { name: 'held' })
  await control('POST', '/snapshots/held/restore')
  await addMemories({ items: [{ id: 'last' }] })
  await control('POST', `/memsolus/exports/${id}/release`)
  await sandbox.advance('0s')
  expect(JSON.parse((await memsolus.download(id)).text)).toMatchObject([{ id: 'before' }])
  await control('PUT', '/memsolus/behavior', {})
  expect(await exportedIds(sandbox)).toEqual(['after', 'before', 'last'])
})

it('what waits in it goes on when it is put back', async () => {
  const { control, memsolus, advance } = await testSandbox({ clock: frozen, data })
  await control('PUT', '/memsolus/behavior', { pendingFor: '1h' })
  const { id } = (await memsolus.create()).body
  await control('POST', '/snapshots', { name: 'waiting' })
  await advance('1h')
  expect((await memsolus.get(id)).body.status).toBe('READY')
  await control('POST', '/snapshots/waiting/restore')
  expect((await memsolus.get(id)).body.status).toBe('PENDING')
  const { body } = await advance('73h')
  expect(body.events).toMatchObject([{ to: 'PROCESSING' }, { to: 'READY' }, { to: 'EXPIRED' }])
})

it('is listed by its name, page by page, until it is deleted with its name free again', async () => {
  const { control } = await testSandbox({ clock: frozen })
  for (const name of ['b', 'a', 'c']) await control('POST', '/snapshots', { name })
  const first = (await control<List>('GET', '/snapshots?limit=2')).body
  expect(first.items).toEqual(['a', 'b'].map((name) => ({ name, at: '2026-03-01T12:00:00.000Z', createdAt: instant })))
  const second = (await control<List>('GET', `/snapshots?cursor=${first.nextCursor}`)).body
  expect([second.items.map(({ name }) => name), second.nextCursor]).toEqual([['c'], null])

  const again = await control('POST', '/snapshots', { name: 'b' })
  expect([again.status, again.body.error]).toEqual([409, 'SNAPSHOT_EXISTS'])
  expect(again.body.message).toContain('"b"')
  expect((await control('DELETE', '/snapshots/b')).status).toBe(204)
  for (const [method, path] of [
    ['DELETE', '/snapshots/b'],
    ['POST', '/snapshots/b/restore'],
    ['POST', '/snapshots/%20/restore'],
  ] as const) {
    const answer = await control(method, path)
    expect([answer.status, answer.body.error]).toEqual([404, 'SNAPSHOT_NOT_FOUND'])
  }
  expect((await control('POST', '/snapshots', { name: 'b' })).status).toBe(201)
})

it('has a name of letters, digits, _, - and ., which a path can hold', async () => {
  const { control } = await testSandbox()
  for (const name of ['', ' ', 'a b', 'a/b', 'ä', 'x'.repeat(101), '.', '..', 'a\n']) {
    const { status, body } = await control('POST', '/snapshots', { name })
    expect([name, status, body.error, body.path]).toEqual([name, 400, 'INVALID_VALUE', '/name'])
    expect(body.message).toContain('1 to 100 letters, digits')
  }
  for (const body of [undefined, {}, { name: 7 }, { nmae: 'a' }])
    expect((await control('POST', '/snapshots', body)).status).toBe(400)
  for (const name of ['x'.repeat(100), '...', '-_', '0'])
    expect((await control('POST', '/snapshots', { name })).status).toBe(201)
})

it('belongs to its sandbox, is no sandbox itself, and goes with it', async () => {
  const mine = await testSandbox({ group: 'snapshots-belong' })
  const other = await testSandbox()
  await mine.control('POST', '/snapshots', { name: 'a' })
  expect((await other.control<List>('GET', '/snapshots')).body.items).toEqual([])
  expect((await other.control('POST', '/snapshots/a/restore')).status).toBe(404)
  expect((await other.control('DELETE', '/snapshots/a')).status).toBe(404)
  const { body } = await control<{ items: { id: string }[] }>('GET', '/sandboxes?group=snapshots-belong')
  expect(body.items.map(({ id }) => id)).toEqual([mine.id])
  await control('DELETE', `/sandboxes/${mine.id}`)
  for (const [method, path] of [
    ['GET', '/snapshots'],
    ['POST', '/snapshots/a/restore'],
    ['POST', '/clone'],
  ] as const)
    expect((await mine.control(method, path)).body.error).toBe('SANDBOX_NOT_FOUND')
})

it('is one of a hundred at most', async () => {
  const { control } = await testSandbox()
  const names = Array.from({ length: 101 }, (_, index) => `s${index}`)
  const made = await Promise.all(names.map((name) => control('POST', '/snapshots', { name })))
  const refused = made.filter(({ status }) => status !== 201)
  expect(refused.map(({ status, body }) => [status, body.error])).toEqual([[409, 'TOO_MANY_SNAPSHOTS']])
  expect((await control<List>('GET', '/snapshots?limit=1000')).body.items).toHaveLength(100)
})

it('of two that are made under one name at once, one is refused', async () => {
  const { control } = await testSandbox({ data })
  const made = await Promise.all(Array.from({ length: 5 }, () => control('POST', '/snapshots', { name: 'same' })))
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409])
})

it('a page is never older than what was put back, however often', async () => {
  const sandbox = await testSandbox({ clock: frozen })
  const { control, syft } = sandbox
  await control('POST', '/snapshots', { name: 'empty' })
  for (let round = 0; round < 20; round++) {
    await sandbox.addRuns({ items: [{ runId: 'x', status: 'completed' }] })
    expect((await syft.page()).body.items).toHaveLength(1)
    await control('POST', '/snapshots/empty/restore')
    expect((await syft.page()).body.items).toHaveLength(0)
  }
})

it('M-FILE-5c what is made up after it is put back is what was made up after it was made', async () => {
  const sandbox = await testSandbox({ clock: frozen, data })
  await sandbox.control('POST', '/snapshots', { name: 'a' })
  await sandbox.addMemories({ count: 5 })
  const first = await fileText(sandbox)
  await sandbox.control('POST', '/snapshots/a/restore')
  await sandbox.addMemories({ count: 5 })
  expect(await fileText(sandbox)).toBe(first)
})
