import { describe, expect, it } from 'vitest'
import { type Query, testSandbox } from '../../harness/sandbox.ts'

const statuses = ['completed', 'failed', 'skipped', 'open', 'running', 'in_progress', 'waiting for approval']

/** A run of each status, each with the id of its status. */
async function oneOfEach() {
  const { syft, addRuns } = await testSandbox()
  await addRuns({
    items: statuses.map((status, index) => ({
      runId: status.replaceAll(' ', '-'),
      status,
      createdAt: `2026-01-0${index + 1}T00:00:00Z`,
    })),
  })
  const served = async (query: Query) => (await syft.page(query)).body.items.map(({ runId }) => runId)
  return { syft, served }
}

describe('status', () => {
  it('S-STATUS-1 gives completed runs only where it is not given', async () => {
    const { syft, served } = await oneOfEach()
    expect(await served({})).toEqual(['completed'])
    expect(await served('status=')).toEqual(['completed'])
    expect((await syft.page()).body.items[0]).toMatchObject({ status: 'completed' })
  })

  it.each(['completed', 'failed', 'skipped', 'open', 'running'])(
    'S-STATUS-2 S-STATUS-3c of %s gives only those',
    async (status) => {
      const { syft, served } = await oneOfEach()
      expect(await served({ status })).toEqual([status])
      expect((await syft.page({ status })).body.items[0]).toMatchObject({ status })
    },
  )

  it('S-STATUS-3c of in_progress gives those that are open, running and in progress, as they are', async () => {
    const { syft, served } = await oneOfEach()
    expect(await served({ status: 'in_progress' })).toEqual(['open', 'running', 'in_progress'])
    expect(await served({ status: 'in_progress', order: 'desc' })).toEqual(['in_progress', 'running', 'open'])
    const { body } = await syft.page({ status: 'in_progress' })
    expect(body.items.map(({ status }) => status)).toEqual(['open', 'running', 'in_progress'])
  })

  it('S-STATUS-3c of in_progress pages through its three statuses as through one', async () => {
    const { syft, addRuns } = await testSandbox()
    const kinds = ['open', 'running', 'in_progress'] as const
    const items = Array.from({ length: 20 }, (_, index) => ({
      runId: `run-${String(index).padStart(2, '0')}`,
      status: kinds[(index * 7) % 3],
      createdAt: `2026-01-01T00:00:${String(index >> 1).padStart(2, '0')}Z`,
    }))
    await addRuns({ items: items.toReversed() })
    const followed = await syft.all({ status: 'in_progress', limit: 3 })
    expect(followed.items.map(({ runId }) => runId)).toEqual(items.map(({ runId }) => runId))
  })

  it('S-STATUS-3c may be any text that a run has', async () => {
    const { served } = await oneOfEach()
    expect(await served({ status: 'waiting for approval' })).toEqual(['waiting-for-approval'])
  })

  it.each([
    'COMPLETED',
    'complete',
    'completed,failed',
    'all',
    '*',
    '%',
    ' completed',
    'completed\0',
    '🏁',
    "' or true --",
  ])('S-STATUS-4c that no run has gives an empty page: %j', async (status) => {
    const { syft } = await oneOfEach()
    const answer = await syft.page({ status })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ items: [], nextCursor: null, hasMore: false })
  })

  it('S-STATUS-2 follows a run from one status to the next', async () => {
    const { syft, addRuns, control } = await testSandbox()
    await addRuns({ items: [{ runId: 'run', status: 'running', createdAt: '2026-01-01T00:00:00Z' }] })
    const seen = async (status: string) => (await syft.page({ status })).body.items.length
    expect([await seen('in_progress'), await seen('completed')]).toEqual([1, 0])
    await control('PATCH', '/syft/runs/run', { status: 'completed' })
    expect([await seen('in_progress'), await seen('completed')]).toEqual([0, 1])
  })
})
