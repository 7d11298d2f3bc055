import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const run = (runId: string, createdAt: string, updatedAt: string) => ({
  runId,
  status: 'completed',
  createdAt: `2026-01-${createdAt}`,
  updatedAt: `2026-01-${updatedAt}`,
})

describe('the reading since: inclusive', () => {
  it('S-TIME-4c serves the run at since again, and none before it', async () => {
    const { syft, addRuns } = await testSandbox({ reading: { since: 'inclusive' } })
    await addRuns({
      items: [
        run('before', '01', '02T11:59:59.999Z'),
        run('noon', '01', '02T12:00:00.000Z'),
        run('after', '01', '02T12:00:00.001Z'),
      ],
    })
    const served = async (since: string) => (await syft.page({ since })).body.items.map(({ runId }) => runId).toSorted()
    expect(await served('2026-01-02T12:00:00Z')).toEqual(['after', 'noon'])
    expect(await served('2026-01-02T12:00:00.0001Z')).toEqual(['after'])
    expect(await served('2026-01-02T12:00:00.001Z')).toEqual(['after'])
    expect(await served('2026-01-02T12:00:00.002Z')).toEqual([])
  })

  it('S-TIME-4c leaves until as it is', async () => {
    const { syft, addRuns } = await testSandbox({ reading: { since: 'inclusive' } })
    await addRuns({ items: [run('noon', '01', '02T12:00:00Z')] })
    expect((await syft.page({ until: '2026-01-02T12:00:00Z' })).body.items).toEqual([])
  })
})

describe('the reading order: updatedAt', () => {
  const items = [run('a', '01', '30'), run('b', '02', '20'), run('d', '03', '20'), run('c', '04', '10')]

  it('S-ORDER-2c S-PAGE-5 orders by the update, ties by id, and pages in that order', async () => {
    const { syft, addRuns } = await testSandbox({ reading: { order: 'updatedAt' } })
    await addRuns({ items })
    for (const limit of [1, 2, 3, 4]) {
      const up = await syft.all({ limit })
      expect(up.items.map(({ runId }) => runId)).toEqual(['c', 'b', 'd', 'a'])
      const down = await syft.all({ limit, order: 'desc', since: '2026-01-01' })
      expect(down.items.map(({ runId }) => runId)).toEqual(['a', 'd', 'b', 'c'])
    }
  })

  it('S-PAGE-7c meets a changed run again at the end, and the others once', async () => {
    const { syft, addRuns, control } = await testSandbox({ reading: { order: 'updatedAt' } })
    await addRuns({ items })
    const first = await syft.page({ limit: 2 })
    expect(first.body.items.map(({ runId }) => runId)).toEqual(['c', 'b'])
    await control('PATCH', '/syft/runs/c', { updatedAt: '2026-01-31T00:00:00Z' })
    const rest = await syft.page({ limit: 100, cursor: first.body.nextCursor ?? '' })
    expect(rest.body.items.map(({ runId }) => runId)).toEqual(['d', 'a', 'c'])
  })
})

describe('the reading pages: short', () => {
  const data = { syft: { runs: { count: 23, status: 'completed' } } }

  it('S-PAGE-4 S-PAGE-5 gives fewer items than asked for although more follow, and all of them in the end', async () => {
    const [short, full] = [await testSandbox({ reading: { pages: 'short' }, data }), await testSandbox({ data })]
    const { pages, items } = await short.syft.all({ limit: 10 })
    expect(pages.length).toBeGreaterThan(3)
    for (const { items, hasMore } of pages) {
      expect(items.length).toBeLessThan(10)
      if (hasMore) expect(items).not.toEqual([])
    }
    const all = await full.syft.page({ limit: 100 })
    expect(items.map(({ runId }) => runId)).toEqual(all.body.items.map(({ runId }) => runId))
  })

  it('S-PAGE-4 still gives the one that is asked for', async () => {
    const { syft } = await testSandbox({ reading: { pages: 'short' }, data })
    const { pages } = await syft.all({ limit: 1 })
    expect(pages.map(({ items }) => items.length)).toEqual(Array(23).fill(1))
  })
})

describe('the reading nulls: absent', () => {
  it('S-ITEM-4c S-ITEM-1 leaves out what is null, however deep, and nothing else', async () => {
    const data = { syft: { runs: { count: 40, targetType: 'MarSessionSummary' } } }
    const clock = { now: '2026-03-01T00:00:00Z', frozen: true }
    const [present, absent] = [
      await testSandbox({ data, clock }),
      await testSandbox({ data, clock, reading: { nulls: 'absent' } }),
    ]
    const [shown, left] = [await present.syft.page({ limit: 100 }), await absent.syft.page({ limit: 100 })]
    expect(shown.text).toContain('null')
    expect(left.body.items).toEqual(shown.body.items.map(withoutNulls))
    expect(JSON.stringify(left.body.items)).not.toMatch(/:null/)
    expect(left.body).toMatchObject({ nextCursor: null, hasMore: false })
  })

  it('S-FIELDS-1 leaves out a listed field that is null', async () => {
    const { syft, addRuns } = await testSandbox({ reading: { nulls: 'absent' } })
    await addRuns({ items: [{ runId: 'run', status: 'completed', session: null, contacts: [] }] })
    expect((await syft.page({ fields: 'error,session,contacts' })).body.items).toEqual([{ runId: 'run', contacts: [] }])
  })
})

describe('the reading hints', () => {
  it.each([true, false])('S-RATE-2c X-HTTP-1c of %s adds no header to any answer', async (hints) => {
    const { syft } = await testSandbox({ reading: { hints }, data: { syft: { runs: { count: 3 } } } })
    for (const answer of [await syft.page(), await syft.page({ limit: 'x' }), await syft.page({}, { key: 'wrong' })]) {
      for (const name of ['retry-after', 'location', 'etag']) expect(answer.headers.has(name)).toBe(false)
    }
  })
})

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNulls(inner)]))
}
