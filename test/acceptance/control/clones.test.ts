import { expect, it } from 'vitest'
import { callsOf, control, type Key, type SandboxView, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'
import { stateOf } from '../../harness/state.ts'

const frozen = { now: '2026-03-01T12:00:00Z', frozen: true }
const data = { syft: { runs: { count: 20 } }, memsolus: { memories: { count: 20 } } }

async function cloneOf({ control }: Pick<TestSandbox, 'control'>, input?: unknown): Promise<TestSandbox> {
  const { status, text, body } = await control<SandboxView>('POST', '/clone', input)
  if (status !== 201) throw new Error(`Failed to clone a sandbox: ${text}`)
  return callsOf(body)
}

it('is a sandbox in the same state, with an id, a token and keys of its own', async () => {
  const original = await testSandbox({ clock: { ...frozen, rate: 3 }, reading: { nulls: 'absent' }, data })
  await original.control('PUT', '/memsolus/behavior', { pendingFor: '5m' })
  await original.memsolus.create({ format: 'csv' })
  await original.control('POST', '/keys', { api: 'memsolus', permissions: ['export.read'] })
  await original.control('DELETE', `/keys/${original.view.memsolus.apiKey}`)
  const { '/keys': keys, ...state } = await stateOf(original)

  const clone = await cloneOf(original)
  const { '/keys': cloneKeys, ...cloneState } = await stateOf(clone)
  expect(cloneState).toEqual(state)
  expect((await clone.syft.page()).text).toBe((await original.syft.page()).text)
  expect(clone.view).toMatchObject({ name: clone.id, group: null, ttl: null, seed: 1, reading: { nulls: 'absent' } })
  expect(clone.view.syft.motions).toEqual(original.view.syft.motions)
  expect(clone.id).toMatch(/^sb_[a-z0-9]{12}$/)
  expect([clone.id, clone.token]).not.toContain(original.id)
  expect(clone.token).toMatch(/^spt_/)
  expect(clone.token).not.toBe(original.token)

  const meaning = (list: unknown) =>
    (list as { items: Key[] }).items.map(({ key, ...rest }) => JSON.stringify(rest)).toSorted()
  expect(meaning(cloneKeys)).toEqual(meaning(keys))
  const known = new Set((keys as { items: Key[] }).items.map(({ key }) => key))
  expect(clone.keys.filter(({ key }) => known.has(key))).toEqual([])
  const reading = clone.keys.find(({ permissions }) => permissions.join() === 'export.read')
  expect((await clone.memsolus.list({}, { key: reading?.key ?? '' })).body.meta.total).toBe(1)
  expect((await clone.memsolus.create({}, { key: reading?.key ?? '' })).status).toBe(403)
})

it('and its original know nothing of each other', async () => {
  const original = await testSandbox({ clock: frozen })
  await original.addRuns({ items: [{ runId: 'both', status: 'completed' }] })
  await original.control('POST', '/snapshots', { name: 'a' })
  const clone = await cloneOf(original)
  await original.addRuns({ items: [{ runId: 'original', status: 'completed' }] })
  await clone.addRuns({ items: [{ runId: 'clone', status: 'completed' }] })
  await clone.advance('1d')
  await clone.control('PUT', '/memsolus/behavior', { outcome: 'fail' })
  const ids = async ({ syft }: TestSandbox) => (await syft.page()).body.items.map(({ runId }) => runId)
  expect([await ids(original), await ids(clone)]).toEqual([
    ['both', 'original'],
    ['both', 'clone'],
  ])
  expect((await original.control<{ now: string }>('GET', '/clock')).body.now).toBe('2026-03-01T12:00:00.000Z')
  expect((await original.control('GET', '/memsolus/behavior')).body).toEqual({})
  expect((await clone.control<{ items: unknown[] }>('GET', '/snapshots')).body.items).toEqual([])
  await control('DELETE', `/sandboxes/${original.id}`)
  expect(await ids(clone)).toEqual(['both', 'clone'])
})

it('M-DOWN-1 its finished exports can be downloaded whatever becomes of the original and of its own copies', async () => {
  const original = await testSandbox({ clock: frozen, data })
  const { id } = await original.memsolus.finished({ format: 'markdown' })
  const { text } = await original.memsolus.download(id)
  const clone = await cloneOf(original)
  const second = await cloneOf(clone)
  await original.control('POST', `/memsolus/exports/${id}/expire`)
  expect((await original.memsolus.download(id)).status).toBe(410)
  expect(await clone.memsolus.download(id)).toMatchObject({ status: 200, text })
  await original.control('POST', '/reset')
  await control('DELETE', `/sandboxes/${original.id}`)
  expect(await clone.memsolus.download(id)).toMatchObject({ status: 200, text })
  await control('DELETE', `/sandboxes/${clone.id}`)
  expect(await second.memsolus.download(id)).toMatchObject({ status: 200, text })
})

it('M-LIFE-1 its exports go on by themselves', async () => {
  const original = await testSandbox({ clock: frozen, data })
  await original.control('PUT', '/memsolus/behavior', { pendingFor: '1h', processingFor: '1h' })
  const { id } = (await original.memsolus.create()).body
  const clone = await cloneOf(original)
  const { body } = await clone.advance('2h')
  expect(body.events).toMatchObject([{ to: 'PROCESSING' }, { to: 'READY' }])
  expect(JSON.parse((await clone.memsolus.download(id)).text)).toHaveLength(20)
  expect((await original.memsolus.get(id)).body.status).toBe('PENDING')
})

it('takes a name, a group and a ttl; group and ttl are those of the original if not given', async () => {
  const original = await testSandbox({ name: 'first', group: 'clones-take', ttl: '2h' })
  const same = await cloneOf(original, {})
  expect(same.view).toMatchObject({ name: same.id, group: 'clones-take', ttl: '2h', expiresAt: expect.any(String) })
  const other = await cloneOf(original, { name: 'second', group: 'clones-take-2', ttl: '5h' })
  expect(other.view).toMatchObject({ name: 'second', group: 'clones-take-2', ttl: '5h' })
  for (const [body, path] of [
    [{ seed: 2 }, '/seed'],
    [{ name: '' }, '/name'],
    [{ ttl: '1 hour' }, '/ttl'],
  ] as const)
    expect((await original.control('POST', '/clone', body)).body).toMatchObject({ path })
})

it('a reset makes it what its original was created as', async () => {
  const original = await testSandbox({ clock: frozen, data })
  const created = (await original.syft.page()).text
  await original.addRuns({ count: 5 })
  await original.advance('3d')
  const clone = await cloneOf(original)
  await clone.control('POST', '/reset')
  expect((await clone.syft.page()).text).toBe(created)
  expect((await clone.control<{ now: string }>('GET', '/clock')).body.now).toBe('2026-03-01T12:00:00.000Z')
})

it('of the sandbox default has keys of its own, also after a reset', async () => {
  const { body } = await control<SandboxView>('POST', '/sandboxes/default/clone')
  const clone = callsOf(body)
  expect(clone.view.syft.secretKey).toMatch(/^sk_live_sp_/)
  expect(clone.view.memsolus.apiKey).toMatch(/^msk_live_sp_/)
  const wellKnown = await clone.syft.page({}, { key: 'sk_live_demo' })
  expect([wellKnown.status, wellKnown.body.items.length]).toEqual([200, 50])
  const reset = await clone.control<SandboxView>('POST', '/reset')
  expect(reset.body.syft.secretKey).toBe(clone.view.syft.secretKey)
  expect((await clone.syft.page()).body.items).toHaveLength(50)
  await control('DELETE', `/sandboxes/${clone.id}`)
})
