import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const seed = 20260101
const start = Date.UTC(2026, 0, 1)
/** So few instants that most runs share theirs. */
const anyInstant = fc.integer({ min: 0, max: 4 }).map((day) => start + day * 86_400_000)
const anyStatus = fc.constantFrom('completed', 'completed', 'failed', 'open', 'running', 'in_progress')

const anyRun = fc.record({ status: anyStatus, createdAt: anyInstant, laterMs: anyInstant.map((at) => at - start) })
const anyRuns = fc.array(anyRun, { maxLength: 40, size: 'max' }).map((drawn) =>
  drawn.map(({ status, createdAt, laterMs }, index) => {
    // Neither in the order of creation nor the reverse of it.
    const runId = `r${String((index * 17) % 41).padStart(2, '0')}`
    return { runId, status, createdAt, updatedAt: createdAt + laterMs }
  }),
)
type Run = { runId: string; status: string; createdAt: number; updatedAt: number }

const anyQuery = fc.record({
  order: fc.option(fc.constantFrom<'asc' | 'desc'>('asc', 'desc'), { nil: undefined }),
  status: fc.option(fc.constantFrom('completed', 'failed', 'open', 'in_progress', 'skipped'), { nil: undefined }),
  since: fc.option(anyInstant, { nil: undefined, freq: 1 }),
  until: fc.option(anyInstant, { nil: undefined, freq: 1 }),
  limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
})
type AnyQuery = typeof anyQuery extends fc.Arbitrary<infer Q> ? Q : never

const readings = [
  { order: 'createdAt', since: 'exclusive', pages: 'full' },
  { order: 'updatedAt', since: 'inclusive', pages: 'full' },
  { order: 'createdAt', since: 'inclusive', pages: 'short' },
] as const
type Reading = (typeof readings)[number]

describe.each(readings)('whatever the data and the pages, read by %j', (reading) => {
  it('S-PAGE-5 S-PAGE-6c S-TIME-1 S-TIME-2 S-STATUS-3c S-ORDER-2c gives each matching run once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, fc.array(anyQuery, { minLength: 3, maxLength: 3 }), async (runs, queries) => {
        const { syft, addRuns } = await testSandbox({ reading })
        if (runs.length > 0) await addRuns({ items: runs.map(toItem) })
        for (const query of queries) expect(await follow(syft, query)).toEqual(expected(runs, query, reading))
      }),
      { seed, numRuns: 12 },
    )
  })
})

/** What the rules say that a query gives, computed from the runs. */
function expected(runs: readonly Run[], { order, status = 'completed', since, until }: AnyQuery, reading: Reading) {
  const statuses = status === 'in_progress' ? ['open', 'running', 'in_progress'] : [status]
  const direction = order === 'desc' ? -1 : 1
  return runs
    .filter((run) => statuses.includes(run.status))
    .filter(
      ({ updatedAt }) => since === undefined || updatedAt > since || (isInclusive(reading) && updatedAt === since),
    )
    .filter(({ updatedAt }) => until === undefined || updatedAt < until)
    .toSorted((a, b) => direction * (a[reading.order] - b[reading.order] || (a.runId < b.runId ? -1 : 1)))
    .map(({ runId }) => runId)
}

function isInclusive({ since }: Reading) {
  return since === 'inclusive'
}

/** Follows the cursors of a query, with the next of its limits for each page. */
async function follow(
  syft: Awaited<ReturnType<typeof testSandbox>>['syft'],
  { order, status, since, until, limits }: AnyQuery,
) {
  const query = {
    fields: 'status',
    ...(order && { order }),
    ...(status && { status }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  }
  const served: string[] = []
  let cursor: string | null = ''
  for (let page = 0; cursor !== null; page++) {
    const limit = limits[page % limits.length] ?? 1
    const { status: answered, body }: Awaited<ReturnType<typeof syft.page>> = await syft.page({
      ...query,
      limit,
      cursor,
    })
    expect(answered).toBe(200)
    expect(body.items.length).toBeLessThanOrEqual(limit)
    expect(body.hasMore).toBe(body.nextCursor !== null)
    if (body.hasMore) expect(body.items).not.toEqual([])
    served.push(...body.items.map(({ runId }) => runId))
    cursor = body.nextCursor
  }
  return served
}

function toItem({ createdAt, updatedAt, ...run }: Run) {
  return { ...run, createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString() }
}
