import { describe, expect, it } from 'vitest'
import { exportedMemories, fileText, type Memory } from '../../harness/memsolus.ts'
import { type List, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

type Workspace = { id: string; name: string; apiKey?: string }

const memoryIds = async ({ all }: TestSandbox) => (await all<Memory>('/memsolus/memories')).map(({ id }) => id)

describe('a workspace', () => {
  it('is created with what is given, and the rest made up, with a key that is told once', async () => {
    const { control, memsolus } = await testSandbox({ clock })
    const { status, body } = await control<Workspace>('POST', '/memsolus/workspaces', {})
    const apiKey = expect.stringMatching(/^msk_live_sp_/)
    expect([status, body]).toEqual([201, { id: expect.any(String), name: expect.any(String), apiKey }])
    expect((await memsolus.create({}, { key: body.apiKey ?? '' })).status).toBe(202)
    const given = { id: 'desk', name: 'Réception' }
    expect((await control('POST', '/memsolus/workspaces', given)).body).toEqual({ ...given, apiKey })
    expect((await control('GET', '/memsolus/workspaces/desk')).body).toEqual(given)
  })

  it('is created with others, one by one or by number, and listed page by page', async () => {
    const sandbox = await testSandbox({ clock })
    const items = [{ id: 'a' }, { id: 'b', name: 'Bee' }]
    const listed = await sandbox.control<List<Workspace>>('POST', '/memsolus/workspaces', { items })
    expect(listed.body.items).toMatchObject([{ id: 'a' }, { id: 'b', name: 'Bee' }])
    const counted = await sandbox.control<List<Workspace>>('POST', '/memsolus/workspaces', { count: 5, name: 'Same' })
    expect(counted.body.items.map(({ name }) => name)).toEqual(Array(5).fill('Same'))
    const created = [...listed.body.items, ...counted.body.items]
    expect(new Set(created.map(({ apiKey }) => apiKey)).size).toBe(7)
    const all = await sandbox.all<Workspace>('/memsolus/workspaces', 3)
    expect(all.map(({ id }) => id)).toEqual(
      [sandbox.view.memsolus.workspaceId, ...created.map(({ id }) => id)].toSorted(),
    )
    expect(all.some((workspace) => 'apiKey' in workspace)).toBe(false)
  })

  it('is renamed', async () => {
    const { control } = await testSandbox({ clock })
    await control('POST', '/memsolus/workspaces', { id: 'desk', name: 'Desk' })
    const { status, body } = await control('PATCH', '/memsolus/workspaces/desk', { name: 'Front desk' })
    expect([status, body]).toEqual([200, { id: 'desk', name: 'Front desk' }])
    await control('PATCH', '/memsolus/workspaces/desk', {})
    expect((await control('GET', '/memsolus/workspaces/desk')).body).toEqual(body)
  })

  it('is deleted with its memories, its exports and its keys, and no others', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
    const { control, memsolus } = sandbox
    const key = (await control<Workspace>('POST', '/memsolus/workspaces', { id: 'desk' })).body.apiKey ?? ''
    await sandbox.addMemories({ count: 3, workspaceId: 'desk' })
    await control('POST', '/memsolus/exports', { status: 'READY', workspaceId: 'desk' })
    const mine = await memsolus.finished()
    const kept = await control('GET', `/memsolus/memories?workspaceId=${sandbox.view.memsolus.workspaceId}`)

    const deleted = await control('DELETE', '/memsolus/workspaces/desk')
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await control('GET', '/memsolus/memories')).body).toEqual(kept.body)
    expect((await sandbox.all<{ id: string }>('/memsolus/exports')).map(({ id }) => id)).toEqual([mine.id])
    expect((await memsolus.list({}, { key })).status).toBe(401)
    expect((await memsolus.download(mine.id)).body).toHaveLength(3)
    await control('POST', '/memsolus/workspaces', { id: 'desk' })
    expect((await control<List<Memory>>('GET', '/memsolus/memories?workspaceId=desk')).body.items).toEqual([])
  })
})

describe('a memory', () => {
  const given = {
    id: 'm1',
    memory: 'Likes tea ☕\n"very" much',
    user_id: 'u1',
    agent_id: null,
    session_id: null,
    priority: 'HIGH',
    categories: ['food', 'drinks, hot'],
    metadata: { nested: { deep: [1, null, 'x'] } },
    access_count: 7,
    last_accessed_at: '2026-02-03T00:00:00.000Z',
    created_at: '2026-02-01T00:00:00.000Z',
    updated_at: '2026-02-02T00:00:00.000Z',
  }

  it('by itself is answered whole, and is what an export holds', async () => {
    const sandbox = await testSandbox({ clock })
    const { status, body } = await sandbox.control<Memory>('POST', '/memsolus/memories', given)
    expect([status, body]).toEqual([201, { ...given, workspace_id: sandbox.view.memsolus.workspaceId }])
    expect((await sandbox.control('GET', '/memsolus/memories/m1')).body).toEqual(body)
    expect(await exportedMemories(sandbox)).toEqual([body])
  })

  it('for which nothing is given is whole, and created now', async () => {
    const sandbox = await testSandbox({ clock })
    const { body } = await sandbox.control<Memory>('POST', '/memsolus/memories', {})
    expect(body).toMatchObject({ created_at: now, updated_at: now })
    expect(body.memory).not.toBe('')
    expect(await exportedMemories(sandbox)).toEqual([body])
  })

  it('is created with others, one by one, each with what it is given', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/memsolus/workspaces', { items: [{ id: 'in' }, { id: 'out' }] })
    const answer = await sandbox.addMemories({
      workspaceId: 'in',
      items: [{ id: 'b', priority: 'LOW' }, { id: 'a', workspaceId: 'out' }, { id: 'c' }],
    })
    expect([answer.status, answer.body]).toEqual([201, { items: [{ id: 'b' }, { id: 'a' }, { id: 'c' }] }])
    const memories = await sandbox.all<Memory>('/memsolus/memories', 1)
    expect(memories.map(({ id, workspace_id }) => [id, workspace_id])).toEqual([
      ['a', 'out'],
      ['b', 'in'],
      ['c', 'in'],
    ])
    const listed = await sandbox.control<List<Memory>>('GET', '/memsolus/memories?workspaceId=in&limit=1')
    expect(listed.body.items).toMatchObject([{ id: 'b', priority: 'LOW' }])
    const { nextCursor } = listed.body
    const next = await sandbox.control('GET', `/memsolus/memories?workspaceId=in&cursor=${nextCursor}`)
    expect(next.body).toMatchObject({ items: [{ id: 'c' }], nextCursor: null })
  })

  it('of many that are counted has the fields in common, and its own place in the range that they are spread over', async () => {
    const sandbox = await testSandbox({ clock })
    const { body } = await sandbox.addMemories({
      count: 4,
      user_id: 'u1',
      categories: [],
      created_at: { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' },
    })
    const memories = await exportedMemories(sandbox, { user_id: 'u1' })
    expect(memories.map(({ id }) => id)).toEqual(body.items.map(({ id }) => id))
    expect(memories.map(({ created_at }) => created_at)).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-02-01T06:00:00.000Z',
      '2026-02-01T12:00:00.000Z',
      '2026-02-01T18:00:00.000Z',
    ])
    for (const { categories, created_at, updated_at, last_accessed_at } of memories) {
      expect(categories).toEqual([])
      expect(updated_at >= created_at && updated_at <= now).toBe(true)
      expect(last_accessed_at === null || (last_accessed_at >= created_at && last_accessed_at <= now)).toBe(true)
    }
    expect(new Set(memories.map(({ memory }) => memory)).size).toBeGreaterThan(1)
  })

  it('has its instants in UTC and cut to milliseconds', async () => {
    const { control } = await testSandbox({ clock })
    const { body } = await control<Memory>('POST', '/memsolus/memories', {
      created_at: '2026-02-01T00:00:00.1239999Z',
      updated_at: '2026-02-01T02:00:00.9999+0200',
      last_accessed_at: '2026-02-01T00:00',
    })
    expect(body).toMatchObject({
      created_at: '2026-02-01T00:00:00.123Z',
      updated_at: '2026-02-01T00:00:00.999Z',
      last_accessed_at: '2026-02-01T00:00:00.000Z',
    })
    const patched = await control('PATCH', `/memsolus/memories/${body.id}`, { updated_at: '2026-02-02T00:00:00.0009Z' })
    expect(patched.body).toMatchObject({ updated_at: '2026-02-02T00:00:00.000Z' })
  })

  it('is updated now when it is changed, unless it is said when', async () => {
    const { control, advance } = await testSandbox({ clock })
    const before = (await control<Memory>('POST', '/memsolus/memories', given)).body
    await advance('1h')
    const changes = { memory: 'Likes coffee', user_id: null, metadata: {}, last_accessed_at: null }
    const { status, body } = await control<Memory>('PATCH', '/memsolus/memories/m1', changes)
    expect([status, body]).toEqual([200, { ...before, ...changes, updated_at: '2026-03-01T01:00:00.000Z' }])
    const said = await control('PATCH', '/memsolus/memories/m1', { updated_at: '2026-02-20T00:00:00Z' })
    expect(said.body).toEqual({ ...body, updated_at: '2026-02-20T00:00:00.000Z' })
    expect((await control('GET', '/memsolus/memories/m1')).body).toEqual(said.body)
  })

  it('is not updated before it is created: the place in the body is named', async () => {
    const { control } = await testSandbox({ clock })
    await control('POST', '/memsolus/memories', given)
    const before = await control('GET', '/memsolus/memories')
    const wrong = { created_at: '2026-01-02', updated_at: '2026-01-01T23:59:59.999Z' }
    const range = { from: '2026-01-01', to: '2026-01-03' }
    const refused = [
      [await control('POST', '/memsolus/memories', wrong), '/updated_at'],
      [await control('POST', '/memsolus/memories', { items: [{}, {}, wrong] }), '/items/2/updated_at'],
      [
        await control('POST', '/memsolus/memories', { count: 3, created_at: range, updated_at: '2026-01-02' }),
        '/updated_at',
      ],
      [await control('PATCH', '/memsolus/memories/m1', { updated_at: '2026-01-31' }), '/updated_at'],
      [await control('PATCH', '/memsolus/memories/m1', { created_at: '2026-03-02' }), '/updated_at'],
    ] as const
    for (const [{ status, body }, path] of refused) {
      expect([status, body.error, body.path]).toEqual([400, 'INVALID_VALUE', path])
      expect(body.message).toMatch(/before it is created: \S+Z is before \S+Z/)
    }
    expect((await control('GET', '/memsolus/memories')).body).toEqual(before.body)
  })

  it('is deleted alone, and can be created again', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addMemories({ items: [{ id: 'a' }, { id: 'b' }] })
    const deleted = await sandbox.control('DELETE', '/memsolus/memories/a')
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect(await memoryIds(sandbox)).toEqual(['b'])
    expect((await sandbox.control('POST', '/memsolus/memories', { id: 'a' })).status).toBe(201)
  })
})

describe('what is not there', () => {
  it.each([
    ['workspaces', 'WORKSPACE_NOT_FOUND'],
    ['memories', 'MEMORY_NOT_FOUND'],
  ])('of %s is neither shown nor changed nor deleted', async (kind, error) => {
    const { control } = await testSandbox({ clock })
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      const answer = await control(method, `/memsolus/${kind}/nothing`, body)
      expect([method, answer.status, answer.body]).toEqual([
        method,
        404,
        { error, message: expect.stringContaining('"nothing"') },
      ])
    }
  })
})

describe('what is made up', () => {
  it('M-FILE-5c follows from the seed, the clock and the calls: the same bytes for the same, others for another seed', async () => {
    const exported = async (seed: number) => {
      const sandbox = await testSandbox({ seed, clock, data: { memsolus: { memories: { count: 20 } } } })
      await sandbox.addMemories({ count: 30, created_at: { from: '2026-02-01', to: '2026-02-28' } })
      await sandbox.control('POST', '/memsolus/memories', {})
      await sandbox.control('POST', '/memsolus/workspaces', { id: 'desk' })
      return { workspaces: await sandbox.all('/memsolus/workspaces'), file: await fileText(sandbox) }
    }
    const first = await exported(7)
    expect(JSON.parse(first.file)).toHaveLength(51)
    expect(await exported(7)).toEqual(first)
    const other = await exported(8)
    expect(other.workspaces).not.toEqual(first.workspaces)
    expect(other.file).not.toBe(first.file)
  })
})
