import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Checkpoint } from './checkpoint.ts'
import { createSyftClient } from './syft.ts'
import { fakeClock } from './testing.ts'

const overlapMs = 5000
const statuses = ['completed', 'failed']

type ModelRun = { runId: string; status: string; createdAt: number; updatedAt: number; version: number }
type Reading = { since: 'exclusive' | 'inclusive'; order: 'createdAt' | 'updatedAt'; pages: 'full' | 'short' }
type Change =
  /** An update is dated when it begins, and seen `lagMs` later. */
  | { do: 'insert'; lagMs: number; ageMs: number; failed: boolean }
  | { do: 'update'; which: number; lagMs: number; failed: boolean }
  | { do: 'delete'; which: number }
  | { do: 'advance'; byMs: number }

/** A server with one motion that keeps to the rules, and whose data changes between and within its requests. */
function modelServer(reading: Reading, limit: number) {
  const startMs = Date.UTC(2026, 2, 1)
  let nowMs = startMs
  let versions = 0
  const runs: ModelRun[] = []
  /** What happens while a request is under way: after the page was read, and before the answer is dated. */
  const underway: Change[][] = []

  function change(what: Change) {
    const run = 'which' in what ? runs[what.which % Math.max(1, runs.length)] : undefined
    if (what.do === 'advance') nowMs += what.byMs
    if (what.do === 'delete' && run) runs.splice(runs.indexOf(run), 1)
    if (what.do === 'insert' || (what.do === 'update' && run)) {
      versions += 1
      const status = what.failed ? 'failed' : 'completed'
      const updatedAt = nowMs - what.lagMs
      if (run) Object.assign(run, { status, updatedAt: Math.max(run.createdAt, updatedAt), version: versions })
      else if (what.do === 'insert') {
        const createdAt = updatedAt - what.ageMs
        runs.push({ runId: `r${(versions * 17) % 101}-${versions}`, status, createdAt, updatedAt, version: versions })
      }
    }
  }

  const fetch: typeof globalThis.fetch = async (input) => {
    const { searchParams } = new URL(`${input}`)
    const since = Date.parse(searchParams.get('since') ?? '')
    const [afterAt, afterId] = JSON.parse(searchParams.get('cursor') ?? '[-1,""]')
    const matching = runs
      .filter(({ status }) => status === searchParams.get('status'))
      .filter(({ updatedAt }) => {
        return Number.isNaN(since) || updatedAt > since || (reading.since === 'inclusive' && updatedAt === since)
      })
      .filter((run) => run[reading.order] > afterAt || (run[reading.order] === afterAt && run.runId > afterId))
      .toSorted((a, b) => a[reading.order] - b[reading.order] || (a.runId < b.runId ? -1 : 1))
    const size = reading.pages === 'short' ? Math.max(1, limit - 1) : limit
    const items = matching.slice(0, size)
    const last = items.at(-1)
    const hasMore = matching.length > size
    const body = JSON.stringify({
      items: items.map(({ runId, updatedAt, version }) => {
        return { runId, updatedAt: new Date(updatedAt).toISOString(), error: `${version}` }
      }),
      nextCursor: hasMore && last ? JSON.stringify([last[reading.order], last.runId]) : null,
      hasMore,
    })
    for (const what of underway.shift() ?? []) change(what)
    return new Response(body, { headers: { date: new Date(nowMs).toUTCString() } })
  }
  return { runs, underway, change, fetch }
}

const anyLag = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 }))
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), lagMs: anyLag, ageMs: fc.nat(3), failed: fc.boolean() }),
  fc.record({ do: fc.constant('insert' as const), lagMs: fc.constant(0), ageMs: fc.nat(9000), failed: fc.boolean() }),
  fc.record({ do: fc.constant('update' as const), which: fc.nat(99), lagMs: anyLag, failed: fc.boolean() }),
  fc.record({ do: fc.constant('update' as const), which: fc.nat(99), lagMs: fc.constant(0), failed: fc.boolean() }),
  fc.record({ do: fc.constant('delete' as const), which: fc.nat(99) }),
  fc.record({ do: fc.constant('advance' as const), byMs: fc.constantFrom(1, 400, 999, 1000, 5000, 7000, 600_000) }),
)
const duringRequest = anyChange.map((what) =>
  what.do === 'advance' ? { ...what, byMs: Math.min(what.byMs, 400) } : what,
)

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: fc.constant('change' as const), what: anyChange }) },
  {
    weight: 5,
    arbitrary: fc.record({ step: fc.constant('batch' as const), meanwhile: fc.array(duringRequest, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('restart' as const) }) },
)
const anyReading: fc.Arbitrary<Reading> = fc.record({
  since: fc.constantFrom('exclusive', 'inclusive'),
  order: fc.constantFrom('createdAt', 'updatedAt'),
  pages: fc.constantFrom('full', 'short'),
})
const anySize = fc.record({ limit: fc.integer({ min: 1, max: 4 }), maxSeen: fc.constantFrom(1, 3, 10_000, 10_000) })

it('loses and doubles no version, whatever is inserted, updated, deleted and asked in whatever order', async () => {
  const steps = fc.array(anyStep, { minLength: 5, maxLength: 60, size: 'max' })
  await fc.assert(
    fc.asyncProperty(anyReading, steps, anySize, async (reading, story, { limit, maxSeen }) => {
      const server = modelServer(reading, limit)
      const { clock } = fakeClock()
      const syft = createSyftClient({ baseUrl: 'http://server', secretKey: 'k', fetch: server.fetch, clock })
      const given: string[] = []
      let stored: string | undefined
      const begin = () => {
        const checkpoint: Checkpoint | undefined = stored === undefined ? undefined : JSON.parse(stored)
        return syft.poll('m1', { checkpoint, status: statuses, fields: ['error'], overlapMs, maxSeen })
      }
      let poll = begin()
      const takeBatch = async () => {
        const { value } = await poll.next()
        if (!value) throw new Error('The poll has ended')
        given.push(...value.runs.map(({ runId, error }) => `${runId} ${error}`))
        stored = JSON.stringify(value.checkpoint)
        return value.caughtUp
      }
      for (const each of story) {
        if (each.step === 'change') server.change(each.what)
        if (each.step === 'restart') poll = begin()
        if (each.step === 'batch') {
          server.underway.push(each.meanwhile)
          await takeBatch()
        }
      }
      // What there was no room for comes when it is past the boundary.
      server.change({ do: 'advance', byMs: 2 * overlapMs })
      // The pass that is under way may be past what has changed since; the one after it is not.
      while (!(await takeBatch()));
      while (!(await takeBatch()));
      expect(given).toHaveLength(new Set(given).size)
      expect(given).toEqual(expect.arrayContaining(server.runs.map(({ runId, version }) => `${runId} ${version}`)))
    }),
    { numRuns: 1500, seed: 20260301 },
  )
}, 60_000)
