import { describe, expect, it } from 'vitest'
import { type Item, testSandbox } from '../../harness/sandbox.ts'

const january = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }
const ids = (items: readonly Item[]) => items.map(({ runId }) => runId)

/** Runs `a` to `j`, all of one instant but `a`, which is before, and `j`, which is after. */
const tied = [...'abcdefghij'].map((runId) => ({
  runId,
  status: 'completed',
  createdAt: runId === 'a' ? '2026-01-01T00:00:00Z' : runId === 'j' ? '2026-01-03T00:00:00Z' : '2026-01-02T00:00:00Z',
  updatedAt: '2026-01-04T00:00:00Z',
}))

describe('following nextCursor', () => {
  it('S-PAGE-5 gives every run once, in order', async () => {
    const { syft, addRuns } = await testSandbox()
    await addRuns({ count: 25, status: 'completed', createdAt: january })
    const { items, pages } = await syft.all({ limit: 7 })
    expect(pages.map((page) => page.items.length)).toEqual([7, 7, 7, 4])
    expect(items.map(({ createdAt }) => createdAt)).toEqual(items.map(({ createdAt }) => createdAt).toSorted())
    expect(new Set(ids(items)).size).toBe(25)
  })

  it.each([1, 2, 3, 4, 5, 9, 10])('S-PAGE-6c crosses equal timestamps in pages of %i', async (limit) => {
    const { syft, addRuns } = await testSandbox()
    await addRuns({ items: tied.toReversed() })
    expect(ids((await syft.all({ limit })).items)).toEqual([...'abcdefghij'])
    expect(ids((await syft.all({ limit, order: 'desc' })).items)).toEqual([...'jihgfedcba'])
  })

  it('S-PAGE-6c takes another limit for each page', async () => {
    const { syft, addRuns } = await testSandbox()
    await addRuns({ items: tied })
    const served: string[][] = []
    let cursor = ''
    for (const limit of [1, 3, 2, 100]) {
      const { body } = await syft.page({ limit, cursor })
      served.push(ids(body.items))
      cursor = body.nextCursor ?? ''
    }
    expect(served).toEqual([['a'], ['b', 'c', 'd'], ['e', 'f'], ['g', 'h', 'i', 'j']])
  })

  it('S-PAGE-6c goes on where the row that the cursor was made from is gone', async () => {
    const { syft, addRuns, control } = await testSandbox()
    await addRuns({ items: tied })
    const { body } = await syft.page({ limit: 4 })
    expect(ids(body.items)).toEqual(['a', 'b', 'c', 'd'])
    for (const runId of ['c', 'd', 'e']) await control('DELETE', `/syft/runs/${runId}`)
    const rest = await syft.page({ limit: 4, cursor: body.nextCursor ?? '' })
    expect(ids(rest.body.items)).toEqual(['f', 'g', 'h', 'i'])
  })

  it('S-PAGE-6c ends with an empty page where nothing is left behind the cursor', async () => {
    const { syft, addRuns, control } = await testSandbox()
    await addRuns({ items: tied })
    const { body } = await syft.page({ limit: 9 })
    await control('DELETE', '/syft/runs/j')
    const rest = await syft.page({ limit: 9, cursor: body.nextCursor ?? '' })
    expect(rest.body).toEqual({ items: [], nextCursor: null, hasMore: false })
  })

  it('S-PAGE-7c meets each untouched run once where others come, change and go between pages', async () => {
    const { syft, addRuns, control } = await testSandbox()
    await addRuns({ items: tied })
    const first = await syft.page({ limit: 5 })
    expect(ids(first.body.items)).toEqual(['a', 'b', 'c', 'd', 'e'])
    // One before the cursor, one right behind it, one at the end.
    const before = { runId: 'aa', status: 'completed', createdAt: '2026-01-01T12:00:00Z' }
    const behind = { runId: 'ee', status: 'completed', createdAt: '2026-01-02T00:00:00Z' }
    const last = { runId: 'zz', status: 'completed', createdAt: '2026-01-05T00:00:00Z' }
    await addRuns({ items: [before, behind, last] })
    await control('DELETE', '/syft/runs/b')
    await control('DELETE', '/syft/runs/g')
    // What is changed keeps its place, unless it is its place that is changed.
    await control('PATCH', '/syft/runs/c', { evaluationSummary: 'changed' })
    await control('PATCH', '/syft/runs/h', { evaluationSummary: 'changed' })
    await control('PATCH', '/syft/runs/i', { status: 'failed' })
    const second = await syft.page({ limit: 3, cursor: first.body.nextCursor ?? '' })
    expect(ids(second.body.items)).toEqual(['ee', 'f', 'h'])
    expect(second.body.items.at(-1)).toMatchObject({ evaluationSummary: 'changed' })
    const third = await syft.page({ limit: 3, cursor: second.body.nextCursor ?? '' })
    expect(ids(third.body.items)).toEqual(['j', 'zz'])
    expect(third.body.hasMore).toBe(false)
  })

  it('S-PAGE-7c goes backwards past what comes, changes and goes', async () => {
    const { syft, addRuns, control } = await testSandbox()
    await addRuns({ items: tied })
    const first = await syft.page({ limit: 4, order: 'desc' })
    expect(ids(first.body.items)).toEqual(['j', 'i', 'h', 'g'])
    await addRuns({ items: [{ runId: 'zz', status: 'completed', createdAt: '2026-01-05T00:00:00Z' }] })
    await addRuns({ items: [{ runId: 'ff', status: 'completed', createdAt: '2026-01-02T00:00:00Z' }] })
    await control('DELETE', '/syft/runs/g')
    await control('PATCH', '/syft/runs/i', { createdAt: '2026-01-01T12:00:00Z' })
    const { body } = await syft.page({ limit: 100, order: 'desc', cursor: first.body.nextCursor ?? '' })
    // i itself has moved to where it has not been read yet.
    expect(ids(body.items)).toEqual(['ff', 'f', 'e', 'd', 'c', 'b', 'i', 'a'])
  })

  it('S-PAGE-5 S-TIME-1 keeps to a window that many runs are in', async () => {
    const { syft, addRuns } = await testSandbox()
    await addRuns({ count: 1200, status: 'completed', createdAt: january, updatedAt: '2026-02-02T00:00:00Z' })
    await addRuns({ count: 30, status: 'completed', createdAt: january, updatedAt: '2026-02-01T00:00:00Z' })
    const query = { since: '2026-02-01T00:00:00Z', limit: 100, fields: 'createdAt' }
    const { items, pages } = await syft.all(query)
    expect(pages).toHaveLength(12)
    expect(new Set(ids(items)).size).toBe(1200)
    expect(items.map(({ createdAt }) => createdAt)).toEqual(items.map(({ createdAt }) => createdAt).toSorted())
    const backwards = await syft.all({ ...query, order: 'desc' })
    expect(ids(backwards.items)).toEqual(ids(items).toReversed())
  })
})
