import type { Scenario, ScenarioScript } from '../../sandbox/scenario.ts'

/** An instant at which nothing else happens. */
const INSTANT = '2026-01-15T09:30:00.000Z'
const later = (minutes: number) => new Date(Date.parse(INSTANT) + minutes * 60_000).toISOString()
const at = (instant: string) => ({ status: 'completed', createdAt: instant, updatedAt: instant })

/** Runs whose ids are known, a minute apart. */
const known = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => ({ runId: `${prefix}${index + 1}`, ...at(later(index)) }))
const idsOf = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`)

const ofRuns = (runs: Record<string, unknown>) => ({ syft: { runs } })
const completed = (count: number) => ofRuns({ count, status: 'completed' })

/** A pass begins without a cursor. */
const opening = { query: { cursor: { present: false } } }
const following = { query: { cursor: { present: true } } }

const script = (match: Record<string, unknown>, ...steps: Record<string, unknown>[]): ScenarioScript => ({
  operation: 'syft.exportRuns',
  match,
  steps,
})
/** What happens between two passes, just before the later one begins. */
const betweenPasses = (...changes: Record<string, unknown>[][]) =>
  script(opening, { pass: true }, ...changes.map((before) => ({ before })))

export const syftScenarios: readonly Scenario[] = [
  {
    name: 'first-sync',
    description: '230 completed runs, and nothing happens to them',
    goodClient: 'leaves `since` out at first, and follows the cursors to the end',
    data: completed(230),
  },
  {
    name: 'empty',
    description: 'No run; one comes after the first pass',
    goodClient: 'takes an empty page and a null cursor for what they are',
    scripts: [betweenPasses([{ insertRuns: { status: 'completed' } }])],
  },
  {
    name: 'ties',
    description: '130 runs at one instant, on several pages; after the first pass one more at that instant',
    goodClient: 'asks again for what is just before its checkpoint, and knows what it has',
    clock: { now: later(0.5) },
    data: ofRuns({ count: 130, ...at(INSTANT) }),
    scripts: [betweenPasses([{ insertRuns: at(INSTANT) }])],
  },
  {
    name: 'long-runners',
    description: '120 runs, of which each fiftieth began among the others and was updated last',
    goodClient: 'takes the latest `updatedAt` of a whole pass for its checkpoint, not that of the last run',
    data: ofRuns({
      items: known(120, 'long').map((run, index) =>
        index % 50 === 49 ? { ...run, updatedAt: later(1000 + index) } : run,
      ),
    }),
  },
  {
    name: 'updates',
    description: '60 runs, of which ten change after the first pass, and ten more after the second',
    goodClient: 'asks by `since` for what changed, and not by a cursor that it stored',
    data: ofRuns({ items: known(60, 'upd') }),
    scripts: [
      betweenPasses(
        [{ updateRuns: { runIds: idsOf('upd', 1, 10), evaluationSummary: 'Looked at again' } }],
        [{ updateRuns: { runIds: idsOf('upd', 11, 20), evaluationSummary: 'Looked at again' } }],
      ),
    ],
  },
  {
    name: 'moving-pages',
    description: '250 runs; three come in behind the first page, and behind the second some change and one goes',
    goodClient: 'goes back with the next pass to before this one began',
    data: ofRuns({ items: known(250, 'mov') }),
    clock: { now: later(250) },
    scripts: [
      script(
        following,
        { before: [{ insertRuns: { count: 3, ...at(later(250)), createdAt: later(1.5) } }] },
        {
          before: [
            { updateRuns: { runIds: idsOf('mov', 1, 5), evaluationSummary: 'Looked at again' } },
            { deleteRuns: { runIds: ['mov250'] } },
          ],
        },
      ),
    ],
  },
  {
    name: 'every-status',
    description: '40 runs of each status',
    goodClient: 'asks for each status that it wants: without one only completed runs are served',
    data: ofRuns({
      items: ['completed', 'failed', 'skipped', 'running', 'open'].flatMap((status) =>
        Array.from({ length: 40 }, () => ({ status })),
      ),
    }),
  },
  {
    name: 'late-arrivals',
    description: '40 runs; after the second pass three more, dated 30 seconds before the newest of them',
    goodClient: 'asks for a minute before its checkpoint, too',
    clock: { now: '2026-03-01T12:00:00Z' },
    data: ofRuns({ items: Array.from({ length: 40 }, () => at('2026-03-01T11:59:50Z')) }),
    scripts: [betweenPasses([], [{ insertRuns: { count: 3, ...at('2026-03-01T11:59:20Z') } }])],
  },
  {
    name: 'clock-skew',
    description: '40 runs on a server whose clock is three minutes behind; one more after the first pass',
    goodClient: 'never sends what its own clock says',
    clock: { now: 'now-3m' },
    data: completed(40),
    scripts: [betweenPasses([{ insertRuns: { status: 'completed' } }])],
  },
  {
    name: 'short-pages',
    description: '230 runs, on pages that hold fewer than were asked for',
    goodClient: 'goes by `hasMore` alone',
    reading: { pages: 'short' },
    data: completed(230),
  },
  {
    name: 'boundary',
    description: 'A service that takes `since` to include its instant, with 60 runs at the newest one',
    goodClient: 'ends a pass although what it has comes again',
    reading: { since: 'inclusive' },
    data: ofRuns({ count: 60, ...at(INSTANT) }),
  },
  {
    name: 'drift',
    description: 'Runs with a field and a trigger that nobody has heard of, and without those that are null',
    goodClient: 'passes over what it does not know, and misses nothing that is left out',
    reading: { nulls: 'absent' },
    data: ofRuns({ count: 40, status: 'completed', triggerSource: 'carrier-pigeon' }),
    scripts: [{ ...script({}, { alter: { mergeItems: { sentiment: 'warm' } } }), repeat: true }],
  },
  {
    name: 'flaky',
    description: '230 runs; the second page is refused with 503, then reset, then closed without an answer',
    goodClient: 'tries again, and goes on where it was',
    data: completed(230),
    scripts: [script(following, { respond: { status: 503 } }, { reset: true }, { close: true })],
  },
  {
    name: 'throttled',
    description: '230 runs; the second page is refused three times with 429 and `Retry-After: 1`',
    goodClient: 'waits for as long as it is told',
    data: completed(230),
    scripts: [script(following, { respond: { status: 429, retryAfter: 1 }, times: 3 })],
  },
  {
    name: 'broken-page',
    description: '230 runs; the second page is an HTML page with 200, then JSON cut in half, then stands still for 3 s',
    goodClient: 'keeps its place until a page is whole',
    data: completed(230),
    scripts: [
      script(following, { corrupt: 'html' }, { truncate: { after: 0.5 } }, { stall: { after: 0.5, for: '3s' } }),
    ],
  },
  {
    name: 'crash',
    description: '250 runs; the third page is held for a minute, which is the time to kill the client',
    goodClient: 'asks for what it had not stored, once it is started again',
    data: completed(250),
    scripts: [script(following, { pass: true }, { hold: true })],
  },
  {
    name: 'revoked-key',
    description: '230 runs; from the second page on the key is refused with 401',
    goodClient: 'stops, and says so',
    data: completed(230),
    scripts: [{ ...script(following, { respond: { status: 401 } }), repeat: true }],
  },
]
