import { createControlClient, type SandboxEvent } from '@sandport/client'
import { expect, it } from 'vitest'
import { clientsOf } from './clients.ts'

const frozen = { now: '2026-03-01T12:00:00Z', frozen: true }
const gone = (code: string) => expect.objectContaining({ status: 404, code })

it('commands sandboxes', async () => {
  const { control, own, sandbox } = await clientsOf({ group: 'client-sandboxes', seed: 7, clock: frozen })
  expect(await control.health()).toMatchObject({ status: 'up', database: 'up' })
  expect(await control.unmatched()).toEqual(expect.any(Array))
  expect(await control.findingKinds()).toContainEqual(expect.objectContaining({ code: 'param.unknown' }))
  expect(await control.sandboxes.get(sandbox.id)).toEqual(sandbox)
  expect(await own.get()).toEqual(sandbox)
  const copy = await own.clone({ name: 'copy' })
  expect(copy).toMatchObject({ name: 'copy', seed: 7, syft: { motions: sandbox.syft.motions } })
  expect(await control.sandboxes.list({ group: 'client-sandboxes' })).toHaveLength(2)
  await control.sandboxes.delete(copy.id)
  await expect(control.sandboxes.get(copy.id)).rejects.toEqual(gone('SANDBOX_NOT_FOUND'))
  expect((await own.reset()).id).toBe(sandbox.id)
  expect(await control.sandboxes.deleteGroup('client-sandboxes')).toBe(1)
  const other = await control.sandboxes.create()
  await control.sandbox(other.id).delete()
  await expect(control.sandbox(other.id).get()).rejects.toEqual(gone('SANDBOX_NOT_FOUND'))
})

it('commands snapshots, the clock and the timeline', async () => {
  const { own } = await clientsOf({ clock: frozen })
  expect(await own.snapshots.create('before')).toMatchObject({ name: 'before' })
  const [item] = await own.timeline.create([{ every: '1m', times: 2, do: [{ insertRuns: { count: 2 } }] }])
  expect(await own.timeline.list()).toEqual([item])
  expect(await own.clock.advance('90s')).toMatchObject({
    now: '2026-03-01T12:01:30.000Z',
    events: [{ type: 'timeline.fired' }],
  })
  expect(await own.syft.runs.list()).toHaveLength(2)
  await own.timeline.delete(item?.id ?? '')
  expect(await own.clock.advance({ to: '2026-03-01T13:00:00Z' })).toMatchObject({ events: [] })
  expect(await own.clock.set({ rate: 60 })).toMatchObject({ rate: 60, frozen: true })
  expect(await own.clock.get()).toEqual({ now: '2026-03-01T13:00:00.000Z', rate: 60, frozen: true })
  expect(await own.snapshots.list()).toHaveLength(1)
  expect((await own.snapshots.restore('before')).clock.now).toBe('2026-03-01T12:00:00.000Z')
  await own.snapshots.delete('before')
  await expect(own.snapshots.restore('before')).rejects.toEqual(gone('SNAPSHOT_NOT_FOUND'))
})

it('commands the data of Syft, and keys', async () => {
  const { own, motionId } = await clientsOf()
  const { organizations, motions, runs } = own.syft
  const organization = await organizations.create({ id: 'o1', plan: 'starter' })
  expect(organization).toMatchObject({ id: 'o1', plan: 'starter', secretKey: expect.stringMatching(/^sk_live_/) })
  expect(await organizations.update('o1', { plan: 'agency' })).toMatchObject({ plan: 'agency' })
  expect(await motions.create({ id: 'm1', organizationId: 'o1' })).toMatchObject({ id: 'm1', organizationId: 'o1' })
  expect(await motions.update('m1', { name: 'Pricing' })).toEqual(await motions.get('m1'))
  expect(await runs.create({ runId: 'r1', motionId: 'm1', status: 'failed' })).toMatchObject({ status: 'failed' })
  expect(await runs.createMany({ count: 3 })).toHaveLength(3)
  expect(await runs.createMany({ items: [{ runId: 'r2' }, { runId: 'r3' }] })).toEqual([
    { runId: 'r2' },
    { runId: 'r3' },
  ])
  expect((await runs.list({ motionId })).length).toBe(5)
  expect(await runs.update('r1', { status: 'completed' })).toMatchObject({ status: 'completed', error: null })
  await runs.delete('r1')
  await expect(runs.get('r1')).rejects.toEqual(gone('RUN_NOT_FOUND'))
  const key = await own.keys.issue({ api: 'syft', organizationId: 'o1' })
  await own.keys.revoke(key.key)
  expect(await own.keys.list()).toContainEqual({ ...key, revokedAt: expect.any(String) })
  await motions.delete('m1')
  await organizations.delete('o1')
  expect(await organizations.list()).toHaveLength(1)
})

it('commands the data of Memsolus', async () => {
  const { own } = await clientsOf()
  const { workspaces, memories, exports, behavior, policy } = own.memsolus
  expect(await workspaces.create({ id: 'w1' })).toMatchObject({ apiKey: expect.stringMatching(/^msk_live_/) })
  expect(await memories.create({ id: 'e1', memory: 'Likes tea', workspaceId: 'w1' })).toMatchObject({
    memory: 'Likes tea',
  })
  expect(await memories.createMany({ count: 2 })).toHaveLength(2)
  expect(await memories.update('e1', { memory: 'Likes coffee' })).toEqual(await memories.get('e1'))
  expect(await memories.list({ workspaceId: 'w1' })).toHaveLength(1)
  await memories.delete('e1')
  expect(await behavior.set({ hold: 'PENDING' })).toEqual(await behavior.get())
  const { id } = await exports.create({ format: 'csv', status: 'PENDING', behavior: { hold: 'PENDING' } })
  expect(await exports.step(id)).toMatchObject({ status: 'PROCESSING' })
  expect(await exports.hold(id)).toMatchObject({ behavior: { hold: 'PROCESSING' } })
  expect(await exports.release(id)).toMatchObject({ behavior: { hold: null } })
  const [ready, lost, failed] = await exports.createMany({
    items: [{ status: 'READY' }, { status: 'READY' }, { status: 'PENDING', behavior: { hold: 'PENDING' } }],
  })
  expect(await exports.expire(ready?.id ?? '')).toMatchObject({ status: 'EXPIRED' })
  expect(await exports.loseFile(lost?.id ?? '')).toMatchObject({ status: 'READY', file: null })
  expect(await exports.fail(failed?.id ?? '', { message: 'Disk full' })).toMatchObject({ status: 'FAILED' })
  expect(await exports.get(failed?.id ?? '')).toMatchObject({ status: 'FAILED' })
  expect(await exports.list()).toHaveLength(4)
  const rateLimit = { requests: 5, per: '1m' }
  expect(await policy.set({ rateLimit })).toEqual({ rateLimit })
  expect(await policy.get()).toEqual({ rateLimit })
  await workspaces.delete('w1')
})

it('commands scripts, and reads journal and findings', async () => {
  const { own, syft, motionId } = await clientsOf()
  const script = await own.scripts.create({
    operation: 'syft.exportRuns',
    steps: [{ respond: { status: 404 } }, { hold: true, then: [{ insertRuns: { count: 1 } }] }],
  })
  await expect(syft.page(motionId)).rejects.toMatchObject({ status: 404 })
  const page = syft.page(motionId, { limit: 500 })
  while ((await own.scripts.get(script.id)).steps[1]?.consumed === 0);
  await own.scripts.release(script.id)
  await page
  expect(await own.scripts.list()).toHaveLength(1)
  await own.scripts.delete(script.id)
  await expect(own.scripts.get(script.id)).rejects.toEqual(gone('SCRIPT_NOT_FOUND'))

  expect(await own.requests.verify({ operation: 'syft.exportRuns', exactly: 2, within: '5s' })).toMatchObject({
    count: 2,
  })
  const [refused] = await own.requests.list({ operation: 'syft.exportRuns', status: '4xx' })
  expect(await own.requests.get(refused?.exchange ?? '')).toMatchObject({ ...refused, served: null })
  expect(await own.requests.har()).toMatchObject({ log: { version: '1.2' } })
  expect(await own.findings.list({ severity: 'note' })).toMatchObject([{ code: 'limit.capped' }])
  expect(await own.findings.allowed.set(['limit.capped'])).toEqual(['limit.capped'])
  expect(await own.findings.allowed.get()).toEqual(['limit.capped'])
  expect(await own.findings.list()).toEqual([])
  await own.requests.clear()
  expect(await own.requests.list()).toEqual([])
})

it('follows events, and goes on behind the last one', async () => {
  const { own } = await clientsOf({ clock: frozen })
  await own.syft.runs.createMany({ count: 3 })
  await own.clock.advance('1m')
  const told: SandboxEvent[] = []
  for await (const event of own.events({ lastEventId: '0-0', types: ['data', 'clock'] })) {
    told.push(event)
    if (event.type === 'clock.changed') break
  }
  expect(told.map(({ type }) => type)).toEqual(['data.changed', 'clock.changed'])
  expect(told[0]).toMatchObject({ what: 'syft.runs', count: 3 })
  const after = told[0]?.id
  for await (const event of own.events({ lastEventId: after, types: ['data', 'clock'] })) {
    expect(event).toEqual(told[1])
    break
  }
  const controller = new AbortController()
  const waiting = own.events({ signal: controller.signal }).next()
  controller.abort(new Error('Enough'))
  await expect(waiting).rejects.toThrow('Enough')
})

it('throws the codes and the place of what is refused', async () => {
  const { control, sandbox } = await clientsOf()
  // @ts-expect-error There is no such property.
  const misspelt = control.sandboxes.create({ seeed: 1 })
  await expect(misspelt).rejects.toMatchObject({ status: 400, code: 'UNKNOWN_PROPERTY', body: { path: '/seeed' } })
  const { baseUrl } = sandbox.syft
  const stranger = createControlClient({ baseUrl, token: sandbox.token })
  expect(await stranger.sandbox(sandbox.id).clock.get()).toMatchObject({ frozen: false })
})
