import { describe, expect, it } from 'vitest'
import { type ApiError, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }
const known = '11111111-1111-4111-8111-111111111111'
const unknown = '22222222-2222-4222-8222-222222222222'

describe('nothing is created', () => {
  it.each<[call: string, body: unknown, error: string, says: string]>([
    ['/memsolus/workspaces', { id: 'desk' }, 'WORKSPACE_EXISTS', '"desk"'],
    ['/memsolus/workspaces', { items: [{ id: 'new' }, { id: 'desk' }] }, 'WORKSPACE_EXISTS', '"desk"'],
    ['/memsolus/workspaces', { items: [{ id: 'new' }, { id: 'new' }] }, 'WORKSPACE_EXISTS', '"new"'],
    ['/memsolus/memories', { id: 'm' }, 'MEMORY_EXISTS', '"m"'],
    ['/memsolus/memories', { id: 'm', workspaceId: 'desk' }, 'MEMORY_EXISTS', '"m"'],
    ['/memsolus/memories', { items: [{ id: 'new' }, { id: 'm' }] }, 'MEMORY_EXISTS', '"m"'],
    ['/memsolus/memories', { items: [{ id: 'new' }, { id: 'new' }] }, 'MEMORY_EXISTS', '"new"'],
    ['/memsolus/exports', { id: known }, 'EXPORT_EXISTS', known],
    ['/memsolus/exports', { items: [{}, { id: known, workspaceId: 'desk' }] }, 'EXPORT_EXISTS', known],
    ['/memsolus/exports', { items: [{ id: unknown }, { id: unknown }] }, 'EXPORT_EXISTS', unknown],
  ])('where there is one of that name: %s %j', async (call, body, error, says) => {
    await expectNothing({ call, body, status: 409, error, says })
  })

  it.each<[call: string, body: unknown]>([
    ['/memsolus/memories', { workspaceId: 'nowhere' }],
    ['/memsolus/memories', { count: 2, workspaceId: 'nowhere' }],
    ['/memsolus/memories', { items: [{}, { workspaceId: 'nowhere' }] }],
    ['/memsolus/exports', { workspaceId: 'nowhere' }],
    ['/memsolus/exports', { count: 2, workspaceId: 'nowhere' }],
    ['/memsolus/exports', { items: [{}, { workspaceId: 'nowhere' }] }],
  ])('where there is no workspace to have it: %s %j', async (call, body) => {
    await expectNothing({ call, body, status: 404, error: 'WORKSPACE_NOT_FOUND', says: '"nowhere"' })
  })

  it.each<[call: string, path: string, body: unknown]>([
    ['/memsolus/memories', '/items', { items: Array(200_001).fill({}) }],
    ['/memsolus/memories', '/count', { count: 200_001 }],
    ['/memsolus/exports', '/items', { items: Array(10_001).fill({}) }],
    ['/memsolus/exports', '/count', { count: 10_001 }],
    ['/memsolus/workspaces', '/items', { items: Array(1001).fill({}) }],
    ['/memsolus/workspaces', '/count', { count: 1001 }],
  ])('where it is more than may be created at once: %s %s', async (call, path, body) => {
    await expectNothing({ call, body, status: 400, error: 'INVALID_VALUE', says: 'at most', path })
  })

  it.each<[call: string, path: string, body: unknown]>([
    ['/memsolus/memories', '/count', { items: [{}], count: 1 }],
    ['/memsolus/memories', '/priority', { items: [{}], priority: 'LOW' }],
    ['/memsolus/memories', '/id', { count: 2, id: 'x' }],
    ['/memsolus/exports', '/id', { count: 2, id: unknown }],
    ['/memsolus/exports', '/status', { items: [{}], status: 'READY' }],
    ['/memsolus/workspaces', '/name', { items: [{}], name: 'x' }],
  ])('where it is not clear of how many, or which one is named: %s %s', async (call, path, body) => {
    await expectNothing({ call, body, status: 400, error: 'INVALID_VALUE', says: '"', path })
  })

  it('where the sandbox has no workspace any more', async () => {
    const { control, view } = await testSandbox({ clock })
    await control('DELETE', `/memsolus/workspaces/${view.memsolus.workspaceId}`)
    for (const call of ['/memsolus/memories', '/memsolus/exports']) {
      const { status, body } = await control('POST', call, { count: 2 })
      expect([status, body.error]).toEqual([409, 'NO_WORKSPACE'])
    }
  })

  async function expectNothing(given: {
    call: string
    body: unknown
    status: number
    error: string
    says: string
    path?: string
  }) {
    const { control, all } = await testSandbox({
      clock,
      data: {
        memsolus: {
          workspaces: [{ id: 'desk' }],
          memories: { items: [{ id: 'm', workspaceId: 'desk' }] },
          exports: [{ id: known, status: 'FAILED' }],
        },
      },
    })
    const everything = () => Promise.all(['workspaces', 'memories', 'exports'].map((name) => all(`/memsolus/${name}`)))
    const before = await everything()
    const { status, body } = await control<ApiError>('POST', given.call, given.body)
    expect([status, body.error, body.path]).toEqual([given.status, given.error, given.path])
    expect(body.message).toContain(given.says)
    expect(await everything()).toEqual(before)
  }
})
