import { describe, expect, it } from 'vitest'
import { type Item, type List, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

type Made = { id: string; name: string }
type Organization = Made & { plan: string; secretKey?: string }
type Motion = Made & { organizationId: string }
type Run = Item & { motionId: string }

const firstOrganization = ({ view }: TestSandbox) => view.syft.motions[0]?.organizationId ?? 'none'
const runIds = async ({ all }: TestSandbox) => (await all<Run>('/syft/runs')).map(({ runId }) => runId)

describe('an organization', () => {
  it('is created with what is given, and the rest made up, with a key that is told once', async () => {
    const { control, syft } = await testSandbox({ clock })
    const { status, body } = await control<Organization>('POST', '/syft/organizations', {})
    const secretKey = expect.stringMatching(/^sk_live_sp_/)
    expect([status, body]).toEqual([201, { id: expect.any(String), name: expect.any(String), plan: 'pro', secretKey }])
    const given = { id: 'acme', name: 'Acme & Söhne', plan: 'agency' }
    expect((await control('POST', '/syft/organizations', given)).body).toEqual({ ...given, secretKey })
    expect((await control('GET', '/syft/organizations/acme')).body).toEqual(given)
    expect((await syft.page({}, { key: body.secretKey ?? '' })).status).toBe(404)
  })

  it('is created with others, one by one or by number, each different', async () => {
    const sandbox = await testSandbox({ clock })
    const items = [{ id: 'a' }, { id: 'b', plan: 'starter' }]
    const listed = await sandbox.control<List<Organization>>('POST', '/syft/organizations', { items })
    expect(listed.body.items).toMatchObject([
      { id: 'a', plan: 'pro' },
      { id: 'b', plan: 'starter' },
    ])
    const counted = await sandbox.control<List<Organization>>('POST', '/syft/organizations', {
      count: 5,
      plan: 'agency',
    })
    expect(counted.body.items.map(({ plan }) => plan)).toEqual(Array(5).fill('agency'))
    const all = await sandbox.all<Organization>('/syft/organizations', 3)
    const created = [...listed.body.items, ...counted.body.items].map(({ id }) => id)
    expect(all.map(({ id }) => id)).toEqual([firstOrganization(sandbox), ...created].toSorted())
    expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThan(1)
    expect(new Set([...listed.body.items, ...counted.body.items].map(({ secretKey }) => secretKey)).size).toBe(7)
    expect(all.some((organization) => 'secretKey' in organization)).toBe(false)
  })

  it('is changed in what is given, and only there', async () => {
    const { control } = await testSandbox({ clock })
    await control('POST', '/syft/organizations', { id: 'acme', name: 'Acme', plan: 'starter' })
    const changed = await control('PATCH', '/syft/organizations/acme', { plan: 'pro' })
    expect([changed.status, changed.body]).toEqual([200, { id: 'acme', name: 'Acme', plan: 'pro' }])
    await control('PATCH', '/syft/organizations/acme', { name: 'Acme 2' })
    await control('PATCH', '/syft/organizations/acme', {})
    expect((await control('GET', '/syft/organizations/acme')).body).toEqual({ id: 'acme', name: 'Acme 2', plan: 'pro' })
    expect((await control('PATCH', '/syft/organizations/acme', { id: 'other' })).status).toBe(400)
  })

  it('is deleted with its motions, their runs and its keys, and no others', async () => {
    const sandbox = await testSandbox({ clock })
    const { control, syft } = sandbox
    const acme = await control<Organization>('POST', '/syft/organizations', { id: 'acme' })
    await control('POST', '/syft/motions', { items: [{ id: 'in' }, { id: 'out' }], organizationId: 'acme' })
    for (const motionId of ['in', 'out', sandbox.motionId]) await sandbox.addRuns({ count: 3, motionId })
    const kept = (await control<List<Run>>('GET', `/syft/runs?motionId=${sandbox.motionId}`)).body

    const deleted = await control('DELETE', '/syft/organizations/acme')
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await sandbox.all<Motion>('/syft/motions')).map(({ id }) => id)).toEqual([sandbox.motionId])
    expect(await sandbox.all('/syft/runs')).toEqual(kept.items)
    expect((await syft.page({}, { key: acme.body.secretKey ?? '', motion: 'in' })).status).toBe(401)
    expect((await syft.page({ status: 'completed' })).status).toBe(200)
    await control('POST', '/syft/organizations', { id: 'acme' })
    expect((await control('GET', '/syft/motions/in')).status).toBe(404)
  })
})

describe('a motion', () => {
  it('is created for the first organization, or for the one that is named', async () => {
    const sandbox = await testSandbox({ clock })
    const { control } = sandbox
    await control('POST', '/syft/organizations', { items: [{ id: 'acme' }, { id: 'zeta' }] })
    const single = await control<Motion>('POST', '/syft/motions', { name: 'Mine' })
    const organizationId = firstOrganization(sandbox)
    expect([single.status, single.body]).toEqual([201, { id: expect.any(String), name: 'Mine', organizationId }])
    const { body } = await control<List<Motion>>('POST', '/syft/motions', {
      organizationId: 'acme',
      items: [{ id: 'one' }, { id: 'two', organizationId: 'zeta' }],
    })
    expect(body.items).toMatchObject([
      { id: 'one', organizationId: 'acme' },
      { id: 'two', organizationId: 'zeta' },
    ])
    const counted = await control<List<Motion>>('POST', '/syft/motions', { count: 4, organizationId: 'zeta' })
    expect(counted.body.items.map((motion) => motion.organizationId)).toEqual(Array(4).fill('zeta'))
    const all = await sandbox.all<Motion>('/syft/motions', 2)
    expect(all).toHaveLength(8)
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted())
    expect(all).toContainEqual(single.body)
  })

  it('is renamed, and deleted with its runs', async () => {
    const sandbox = await testSandbox({ clock })
    const { control } = sandbox
    await control('POST', '/syft/motions', { id: 'out', name: 'Out' })
    expect((await control('PATCH', '/syft/motions/out', { name: 'Outbound' })).body).toMatchObject({ name: 'Outbound' })
    expect((await control('GET', '/syft/motions/out')).body).toMatchObject({ id: 'out', name: 'Outbound' })
    await sandbox.addRuns({ items: [{ runId: 'theirs', motionId: 'out' }, { runId: 'mine' }] })
    expect((await control('DELETE', '/syft/motions/out')).status).toBe(204)
    expect((await control('GET', '/syft/motions/out')).status).toBe(404)
    expect(await runIds(sandbox)).toEqual(['mine'])
  })
})

describe('a list', () => {
  it('has 100 items unless told otherwise, at most 1000, and goes on where a page ended', async () => {
    const { control, all } = await testSandbox({ clock, data: { syft: { runs: { count: 1001 } } } })
    const page = async (query: string) => (await control<List<Run>>('GET', `/syft/runs${query}`)).body
    const whole = await all<Run>('/syft/runs', 999)
    expect(whole).toHaveLength(1001)
    expect(whole.map(({ runId }) => runId)).toEqual(whole.map(({ runId }) => runId).toSorted())
    expect((await page('')).items).toEqual(whole.slice(0, 100))
    expect((await page('?limit=1000')).items).toEqual(whole.slice(0, 1000))
    const capped = await page('?limit=5000')
    expect(capped.items).toHaveLength(1000)
    expect(await page(`?limit=2&cursor=${capped.nextCursor}`)).toEqual({ items: whole.slice(1000), nextCursor: null })
  })

  it.each([
    ['limit=0', 'INVALID_VALUE', '/limit'],
    ['limit=-1', 'INVALID_VALUE', '/limit'],
    ['limit=ten', 'INVALID_VALUE', '/limit'],
    ['limt=10', 'UNKNOWN_PROPERTY', '/limt'],
    ['workspaceId=x', 'UNKNOWN_PROPERTY', '/workspaceId'],
  ])('of runs with ?%s is refused', async (query, error, path) => {
    const { control } = await testSandbox({ clock })
    const { status, body } = await control('GET', `/syft/runs?${query}`)
    expect([status, body.error, body.path]).toEqual([400, error, path])
  })
})

describe('what is not there', () => {
  it.each([
    ['organizations', 'ORGANIZATION_NOT_FOUND'],
    ['motions', 'MOTION_NOT_FOUND'],
    ['runs', 'RUN_NOT_FOUND'],
  ])('of %s is neither shown nor changed nor deleted', async (kind, error) => {
    const { control } = await testSandbox({ clock })
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      const answer = await control(method, `/syft/${kind}/nothing`, body)
      const message = expect.stringContaining('"nothing"')
      expect([method, answer.status, answer.body]).toEqual([method, 404, { error, message }])
    }
  })
})

describe('what is made up', () => {
  it('follows from the seed, the clock and the calls: the same bytes for the same, others for another seed', async () => {
    const served = async (seed: number) => {
      const sandbox = await testSandbox({ seed, clock, data: { syft: { runs: { count: 20 } } } })
      await sandbox.addRuns({ count: 30, createdAt: { from: '2026-02-01', to: '2026-02-28' } })
      await sandbox.control('POST', '/syft/runs', {})
      await sandbox.control('POST', '/syft/motions', {})
      const { pages } = await sandbox.syft.all({ limit: 7 })
      const failed = await sandbox.syft.page({ status: 'failed' })
      return { motions: sandbox.view.syft.motions, all: await sandbox.all('/syft/motions'), pages, failed: failed.text }
    }
    const first = await served(7)
    expect(first.pages.length).toBeGreaterThan(3)
    expect(await served(7)).toEqual(first)
    const other = await served(8)
    expect(other.motions).not.toEqual(first.motions)
    expect(JSON.stringify(other.pages)).not.toBe(JSON.stringify(first.pages))
  })
})
