import { expect, it } from 'vitest'
import { control, listAll, request, testSandbox } from '../../harness/sandbox.ts'

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

it('X-KEY-1c a sandbox is created without a word, and says all that a client needs', async () => {
  const { status, body } = await control<Record<string, unknown>>('POST', '/sandboxes')
  expect(status).toBe(201)
  const secretKey = expect.stringMatching(/^sk_live_sp_\w{20,}$/)
  const apiKey = expect.stringMatching(/^msk_live_sp_\w{20,}$/)
  const organizationId = expect.any(String)
  const baseUrl = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(body).toEqual({
    id: expect.stringMatching(/^sb_[a-z0-9]{12}$/),
    name: body.id,
    group: null,
    seed: 1,
    scenario: null,
    clock: { now: instant, frozen: false, rate: 1 },
    ttl: null,
    expiresAt: null,
    token: expect.stringMatching(/^spt_/),
    reading: { since: 'exclusive', order: 'createdAt', pages: 'full', nulls: 'present', hints: false },
    syft: { baseUrl, secretKey, motions: [{ id: expect.any(String), name: expect.any(String), organizationId }] },
    memsolus: { baseUrl, apiKey, workspaceId: expect.any(String) },
    keys: expect.any(Array),
  })
  const own = { createdAt: instant, revokedAt: null }
  const keys = [
    { ...own, key: secretKey, api: 'syft', organizationId, permissions: [] },
    {
      ...own,
      key: apiKey,
      api: 'memsolus',
      workspaceId: expect.any(String),
      permissions: ['export.read', 'export.write'],
    },
  ]
  expect(body.keys).toHaveLength(2)
  expect(body.keys).toEqual(expect.arrayContaining(keys))
})

it('is empty unless data fills it: one pro organization with a motion, one workspace', async () => {
  const { syft, memsolus, control } = await testSandbox()
  const organizations = await control<{ items: unknown[] }>('GET', '/syft/organizations')
  expect(organizations.body.items).toEqual([{ id: expect.any(String), name: expect.any(String), plan: 'pro' }])
  expect((await control<{ items: unknown[] }>('GET', '/memsolus/workspaces')).body.items).toHaveLength(1)
  expect((await syft.page({ status: 'completed' })).body).toEqual({ items: [], nextCursor: null, hasMore: false })
  for (const path of ['/syft/runs', '/memsolus/memories', '/memsolus/exports'])
    expect((await control('GET', path)).body).toEqual({ items: [], nextCursor: null })
  expect((await memsolus.list()).body.meta.total).toBe(0)
  expect((await control('GET', '/memsolus/behavior')).body).toEqual({})
})

it('takes a name, a seed, a clock, a reading and data of each API', async () => {
  const sandbox = await testSandbox({
    name: 'Checkout tests',
    seed: 7,
    clock: { now: '2026-03-01T00:00:00Z', frozen: true, rate: 2 },
    reading: { nulls: 'absent' },
    data: {
      syft: {
        organizations: [{ id: 'acme', plan: 'agency' }],
        motions: [{ id: 'outbound', organizationId: 'acme', name: 'Outbound' }],
        runs: { items: [{ runId: 'one', motionId: 'outbound', status: 'failed', error: 'No luck' }] },
      },
      memsolus: {
        workspaces: [{ id: 'desk' }],
        memories: { items: [{ id: 'm1', workspaceId: 'desk', memory: 'Likes tea' }] },
        exports: [{ workspaceId: 'desk', status: 'READY' }],
        behavior: { pendingFor: '5m' },
      },
    },
  })
  expect(sandbox.view).toMatchObject({
    name: 'Checkout tests',
    seed: 7,
    clock: { now: '2026-03-01T00:00:00.000Z', frozen: true, rate: 2 },
    reading: { nulls: 'absent', since: 'exclusive' },
  })
  const key = keyOf(sandbox.view.keys, { organizationId: 'acme' })
  const { body } = await sandbox.syft.page({ status: 'failed' }, { key, motion: 'outbound' })
  expect(body.items).toMatchObject([{ runId: 'one', error: 'No luck', updatedAt: '2026-03-01T00:00:00.000Z' }])
  expect(Object.values(body.items[0] ?? {})).not.toContain(null)
  const memsolusKey = keyOf(sandbox.view.keys, { workspaceId: 'desk' })
  const { data } = (await sandbox.memsolus.list({}, { key: memsolusKey })).body
  expect(data).toMatchObject([{ status: 'READY', created_at: '2026-03-01T00:00:00.000Z' }])
  const file = await sandbox.memsolus.download(data[0]?.id ?? '', { key: memsolusKey })
  expect(JSON.parse(file.text)).toMatchObject([{ id: 'm1', memory: 'Likes tea' }])
  expect((await sandbox.control('GET', '/memsolus/behavior')).body).toEqual({ pendingFor: '5m' })
})

it('shows the key of its first organization, whatever others it begins with', async () => {
  for (let round = 0; round < 5; round++) {
    const { syft } = await testSandbox({
      data: { syft: { organizations: [{ plan: 'starter' }, { plan: 'starter' }] } },
    })
    expect((await syft.page()).status).toBe(200)
  }
})

it('is found by its id and in the list, page by page, until it is deleted', async () => {
  const sandboxes = [
    await testSandbox({ name: 'a' }),
    await testSandbox({ name: 'b' }),
    await testSandbox({ name: 'c' }),
  ]
  const found = await control('GET', `/sandboxes/${sandboxes[0]?.id}`)
  expect(found.body).toEqual({ ...sandboxes[0]?.view, clock: { ...sandboxes[0]?.view.clock, now: instant } })

  const listed = await listAll<Record<string, unknown>>('/sandboxes')
  for (const { id, seed, view } of sandboxes)
    expect(listed).toContainEqual({
      id,
      name: (view as { name?: string }).name,
      group: null,
      seed,
      scenario: null,
      clock: { now: instant, frozen: false, rate: 1 },
      ttl: null,
      expiresAt: null,
    })
  const ids = listed.map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted())
  expect(listed.some((sandbox) => 'token' in sandbox)).toBe(false)

  const gone = `/sandboxes/${sandboxes[1]?.id}`
  const deleted = await control('DELETE', gone)
  expect([deleted.status, deleted.text]).toEqual([204, ''])
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/reset'],
    ['GET', '/clock'],
    ['GET', '/keys'],
    ['GET', '/syft/runs'],
  ] as const) {
    const answer = await control(method, gone + path)
    expect([answer.status, answer.body]).toEqual([
      404,
      { error: 'SANDBOX_NOT_FOUND', message: `There is no sandbox "${sandboxes[1]?.id}"` },
    ])
  }
  expect((await listAll<{ id: string }>('/sandboxes')).map(({ id }) => id)).not.toContain(sandboxes[1]?.id)
})

it('S-AUTH-3 M-AUTH-1 the keys of a deleted sandbox are good for nothing', async () => {
  const { id, syft, memsolus } = await testSandbox({ data: { memsolus: { memories: { count: 3 } } } })
  const { id: exportId } = await memsolus.finished()
  await control('DELETE', `/sandboxes/${id}`)
  expect((await syft.page()).status).toBe(401)
  expect((await memsolus.create()).status).toBe(401)
  expect((await memsolus.list()).status).toBe(401)
  expect((await memsolus.get(exportId)).status).toBe(401)
  expect((await memsolus.download(exportId)).status).toBe(401)
})

it('is well when database, queue and files are', async () => {
  const { status, body } = await request('/_sandport/health')
  expect([status, body]).toEqual([
    200,
    { status: 'up', version: expect.stringMatching(/^\d+\.\d+\.\d+/), database: 'up', queue: 'up', files: 'up' },
  ])
})

function keyOf(keys: readonly { key: string }[], owner: Record<string, string>): string {
  const own = keys.find((key) =>
    Object.entries(owner).every(([name, id]) => (key as Record<string, unknown>)[name] === id),
  )
  return own?.key ?? 'no such key'
}
