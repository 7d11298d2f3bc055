import { describe, expect, it } from 'vitest'
import { type ApiError, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }

describe('nothing is created', () => {
  it.each<[call: string, body: unknown, error: string, says: string]>([
    ['/syft/organizations', { id: 'acme' }, 'ORGANIZATION_EXISTS', '"acme"'],
    ['/syft/organizations', { items: [{ id: 'new' }, { id: 'acme' }] }, 'ORGANIZATION_EXISTS', '"acme"'],
    ['/syft/organizations', { items: [{ id: 'new' }, { id: 'new' }] }, 'ORGANIZATION_EXISTS', '"new"'],
    ['/syft/motions', { id: 'out' }, 'MOTION_EXISTS', '"out"'],
    ['/syft/motions', { items: [{ id: 'new' }, { id: 'out' }] }, 'MOTION_EXISTS', '"out"'],
    ['/syft/motions', { items: [{ id: 'new' }, { id: 'new' }] }, 'MOTION_EXISTS', '"new"'],
    ['/syft/runs', { runId: 'r' }, 'RUN_EXISTS', '"r"'],
    ['/syft/runs', { runId: 'r', motionId: 'in' }, 'RUN_EXISTS', '"r"'],
    ['/syft/runs', { items: [{ runId: 'new' }, { runId: 'r' }] }, 'RUN_EXISTS', '"r"'],
    ['/syft/runs', { items: [{ runId: 'new' }, { runId: 'new' }] }, 'RUN_EXISTS', '"new"'],
  ])('where there is one of that name: %s %j', async (call, body, error, says) => {
    await expectNothing({ call, body, status: 409, error, says })
  })

  it.each<[call: string, body: unknown, error: string, says: string]>([
    ['/syft/motions', { organizationId: 'nobody' }, 'ORGANIZATION_NOT_FOUND', '"nobody"'],
    ['/syft/motions', { count: 2, organizationId: 'nobody' }, 'ORGANIZATION_NOT_FOUND', '"nobody"'],
    ['/syft/motions', { items: [{}, { organizationId: 'nobody' }] }, 'ORGANIZATION_NOT_FOUND', '"nobody"'],
    ['/syft/runs', { motionId: 'nowhere' }, 'MOTION_NOT_FOUND', '"nowhere"'],
    ['/syft/runs', { count: 2, motionId: 'nowhere' }, 'MOTION_NOT_FOUND', '"nowhere"'],
    ['/syft/runs', { items: [{}, { motionId: 'nowhere' }] }, 'MOTION_NOT_FOUND', '"nowhere"'],
  ])('where there is nobody to have it: %s %j', async (call, body, error, says) => {
    await expectNothing({ call, body, status: 404, error, says })
  })

  it.each<[call: string, path: string, body: unknown]>([
    ['/syft/runs', '/items', { items: Array(200_001).fill({}) }],
    ['/syft/runs', '/count', { count: 200_001 }],
    ['/syft/motions', '/items', { items: Array(10_001).fill({}) }],
    ['/syft/motions', '/count', { count: 10_001 }],
    ['/syft/organizations', '/items', { items: Array(1001).fill({}) }],
    ['/syft/organizations', '/count', { count: 1001 }],
  ])('where it is more than may be created at once: %s %s', async (call, path, body) => {
    await expectNothing({ call, body, status: 400, error: 'INVALID_VALUE', says: 'at most', path })
  })

  it('where it is not clear of how many, or which one is named', async () => {
    const cases = [
      ['/syft/runs', '/count', { items: [{}], count: 1 }],
      ['/syft/runs', '/status', { items: [{}], status: 'open' }],
      ['/syft/runs', '/runId', { count: 2, runId: 'x' }],
      ['/syft/motions', '/name', { items: [{}], name: 'x' }],
      ['/syft/organizations', '/id', { count: 2, id: 'x' }],
    ] as const
    for (const [call, path, body] of cases)
      await expectNothing({ call, body, status: 400, error: 'INVALID_VALUE', says: '"', path })
  })

  it('where the sandbox has no first one any more', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('DELETE', `/syft/motions/${sandbox.motionId}`)
    expect(await sandbox.addRuns({ count: 2 })).toMatchObject({ status: 409, body: { error: 'NO_MOTION' } })
    expect(await sandbox.addRuns({ items: [] })).toMatchObject({ status: 201, body: { items: [] } })
    await sandbox.control('DELETE', `/syft/organizations/${sandbox.view.syft.motions[0]?.organizationId}`)
    const { status, body } = await sandbox.control('POST', '/syft/motions', {})
    expect([status, body.error]).toEqual([409, 'NO_ORGANIZATION'])
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
        syft: {
          organizations: [{ id: 'acme' }],
          motions: [{ id: 'in' }, { id: 'out' }],
          runs: { items: [{ runId: 'r', motionId: 'out' }] },
        },
      },
    })
    const everything = () => Promise.all(['organizations', 'motions', 'runs'].map((name) => all(`/syft/${name}`)))
    const before = await everything()
    const { status, body } = await control<ApiError>('POST', given.call, given.body)
    expect([status, body.error, body.path]).toEqual([given.status, given.error, given.path])
    expect(body.message).toContain(given.says)
    expect(await everything()).toEqual(before)
  }
})
