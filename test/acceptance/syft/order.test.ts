import { describe, expect, it } from 'vitest'
import { type Query, testSandbox } from '../../harness/sandbox.ts'

/** Runs whose ids, creations and updates are each in an order of their own. */
async function threeOrders(input: Record<string, unknown> = {}) {
  const { syft, addRuns } = await testSandbox(input)
  await addRuns({
    items: [
      { runId: 'b', status: 'completed', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-30T00:00:00Z' },
      { runId: 'a', status: 'completed', createdAt: '2026-01-02T00:00:00Z', updatedAt: '2026-01-20T00:00:00Z' },
      { runId: 'd', status: 'completed', createdAt: '2026-01-03T00:00:00Z', updatedAt: '2026-01-10T00:00:00Z' },
      { runId: 'c', status: 'completed', createdAt: '2026-01-03T00:00:00Z', updatedAt: '2026-01-11T00:00:00Z' },
    ],
  })
  const served = async (query: Query) => (await syft.page(query)).body.items.map(({ runId }) => runId).join('')
  return { syft, served }
}

describe('order', () => {
  it('S-ORDER-1 S-ORDER-2c is by creation, ascending where it is not given, ties by id', async () => {
    const { served } = await threeOrders()
    expect(await served({})).toBe('bacd')
    expect(await served('order=')).toBe('bacd')
    expect(await served({ order: 'asc' })).toBe('bacd')
  })

  it('S-ORDER-1 S-ORDER-2c desc is exactly the reverse', async () => {
    const { served } = await threeOrders()
    expect(await served({ order: 'desc' })).toBe('dcab')
  })

  it('S-ORDER-1 stays by creation whatever else is asked', async () => {
    const { served } = await threeOrders()
    expect(await served({ since: '2026-01-10T00:00:00Z', until: '2026-02-01' })).toBe('bac')
    expect(await served({ since: '2026-01-10T00:00:00Z', order: 'desc', fields: 'status' })).toBe('cab')
    expect(await served({ status: 'completed', fields: 'updatedAt', limit: 3 })).toBe('bac')
  })

  it('S-ORDER-2c ties ids by their bytes', async () => {
    const { syft, addRuns } = await testSandbox()
    const runIds = ['a', 'B', 'A', 'b', 'a-b', 'aB', 'a_b', 'Z', '9', '10']
    await addRuns({
      items: runIds.map((runId) => ({ runId, status: 'completed', createdAt: '2026-01-01T00:00:00Z' })),
    })
    const { items } = await syft.all({ limit: 3 })
    expect(items.map(({ runId }) => runId)).toEqual(runIds.toSorted())
  })

  it.each(['ASC', 'Desc', 'ascending', 'createdAt', '-1', 'asc,desc', 'asc ', '\0'])(
    'S-ORDER-3c of another value is answered 400: %j',
    async (order) => {
      const { syft } = await threeOrders()
      const { status, body } = await syft.page({ order })
      expect({ status, body }).toEqual({ status: 400, body: { error: "Invalid 'order'. Use 'asc' or 'desc'." } })
    },
  )
})
