import { expect, it } from 'vitest'
import { exportedIds, exportedMemories } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

it('M-CREATE-2 without filters every memory of the workspace is exported, and no other’s', async () => {
  const sandbox = await testSandbox()
  const { body: other } = await sandbox.control<{ id: string; apiKey: string }>('POST', '/memsolus/workspaces', {})
  await sandbox.addMemories({ items: [{ id: 'a' }, { id: 'b' }, { id: 'elsewhere', workspaceId: other.id }] })
  expect((await exportedIds(sandbox)).toSorted()).toEqual(['a', 'b'])
  const { body: created } = await sandbox.memsolus.create({}, { key: other.apiKey })
  await sandbox.advance('0s')
  const { body } = await sandbox.memsolus.download(created.id, { key: other.apiKey })
  expect(body).toMatchObject([{ id: 'elsewhere', workspace_id: other.id }])
})

it.each(['user_id', 'agent_id', 'session_id'])('M-CREATE-2 %s exports only what has exactly it', async (field) => {
  const sandbox = await testSandbox()
  const others = { user_id: 'x', agent_id: 'x', session_id: 'x' }
  await sandbox.addMemories({
    items: [
      { ...others, id: 'match', [field]: 'u_1%' },
      { ...others, id: 'capitals', [field]: 'U_1%' },
      { ...others, id: 'longer', [field]: 'u_1%2' },
      { ...others, id: 'wildcard', [field]: 'uu1%' },
      { ...others, id: 'space', [field]: 'u_1% ' },
      { ...others, id: 'empty', [field]: '' },
      { ...others, id: 'none', [field]: null },
    ],
  })
  expect(await exportedIds(sandbox, { [field]: 'u_1%' })).toEqual(['match'])
  expect(await exportedIds(sandbox, { [field]: 'null' })).toEqual([])
  expect(await exportedIds(sandbox, { [field]: '' })).toHaveLength(7)
})

it('M-CREATE-2 priority exports only memories with it', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({
    items: [
      { id: 'low', priority: 'LOW' },
      { id: 'medium', priority: 'MEDIUM' },
      { id: 'high', priority: 'HIGH' },
    ],
  })
  expect(await exportedIds(sandbox, { priority: 'HIGH' })).toEqual(['high'])
  expect(await exportedIds(sandbox, { priority: 'LOW' })).toEqual(['low'])
})

it('M-CREATE-2 M-CREATE-3c categories exports memories that have any of them, whichever way they are listed', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({
    items: [
      { id: 'a', categories: ['work'] },
      { id: 'b', categories: ['home', 'work'] },
      { id: 'c', categories: ['garden'] },
      { id: 'd', categories: ['homework'] },
      { id: 'e', categories: [] },
    ],
  })
  const ids = async (query: string) => {
    const { id } = await sandbox.memsolus.finished(query)
    const { text } = await sandbox.memsolus.download(id)
    return (JSON.parse(text) as { id: string }[]).map((memory) => memory.id).toSorted()
  }
  expect(await ids('categories=work')).toEqual(['a', 'b'])
  expect(await ids('categories=work,garden')).toEqual(['a', 'b', 'c'])
  expect(await ids('categories=work&categories=garden')).toEqual(['a', 'b', 'c'])
  expect(await ids('categories=%20home%20,,nothing')).toEqual(['b'])
  expect(await ids('categories=WORK')).toEqual([])
  expect(await ids('categories=')).toEqual(['a', 'b', 'c', 'd', 'e'])
})

it('M-CREATE-2 several filters export what matches all of them', async () => {
  const sandbox = await testSandbox()
  const match = {
    user_id: 'u',
    agent_id: 'a',
    session_id: 's',
    priority: 'HIGH',
    categories: ['c', 'd'],
    created_at: '2026-01-15T00:00:00Z',
  }
  await sandbox.addMemories({
    items: [
      { ...match, id: 'match' },
      { ...match, id: 'other user', user_id: 'v' },
      { ...match, id: 'other agent', agent_id: 'b' },
      { ...match, id: 'other session', session_id: null },
      { ...match, id: 'other priority', priority: 'LOW' },
      { ...match, id: 'other category', categories: ['e'] },
      { ...match, id: 'too early', created_at: '2025-12-31T00:00:00Z' },
      { ...match, id: 'too late', created_at: '2026-02-02T00:00:00Z' },
    ].map((memory) => ({ ...memory, id: memory.id.replace(' ', '-') })),
  })
  const filters = { user_id: 'u', agent_id: 'a', session_id: 's', priority: 'HIGH', categories: 'c,x' }
  const window = { created_after: '2026-01-01', created_before: '2026-02-01' }
  expect(await exportedIds(sandbox, { ...filters, ...window })).toEqual(['match'])
})

it('M-CREATE-4 M-CREATE-5c created_after and created_before are strict, to the millisecond', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({
    items: [
      { id: 'before', created_at: '2026-01-01T00:00:00.000Z' },
      { id: 'at', created_at: '2026-01-01T00:00:00.001Z' },
      { id: 'after', created_at: '2026-01-01T00:00:00.002Z' },
    ],
  })
  const at = '2026-01-01T00:00:00.001Z'
  expect(await exportedIds(sandbox, { created_after: at })).toEqual(['after'])
  expect(await exportedIds(sandbox, { created_before: at })).toEqual(['before'])
  expect(await exportedIds(sandbox, { created_after: at, created_before: at })).toEqual([])
  const between = { created_after: '2026-01-01T00:00:00Z', created_before: '2026-01-01T00:00:00.002Z' }
  expect(await exportedIds(sandbox, between)).toEqual(['at'])
})

it('M-CREATE-4 it is the creation that counts, not the update', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({ id: 'a', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-05T00:00:00Z' })
  expect(await exportedIds(sandbox, { created_after: '2026-01-03' })).toEqual([])
  expect(await exportedIds(sandbox, { created_before: '2026-01-03' })).toEqual(['a'])
})

it('M-CREATE-2 seeded memories are cut by a filter exactly as their own fields say', async () => {
  const sandbox = await testSandbox({ data: { memsolus: { memories: { count: 120 } } } })
  const all = await exportedMemories(sandbox)
  expect(all).toHaveLength(120)
  const [first] = all
  const user = first?.user_id ?? ''
  const expected = all.filter((memory) => memory.user_id === user && memory.priority === 'MEDIUM')
  expect(await exportedMemories(sandbox, { user_id: user, priority: 'MEDIUM' })).toEqual(expected)
})
