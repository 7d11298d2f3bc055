import { read, readJson } from '../client.ts'
import { interleave, median, timed } from '../rounds.ts'
import { createSandbox, neverAsked, type Sandbox } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import { type Row, showNumber } from '../table.ts'

const ROUNDS = 200
/** With narrow fields, so that what the objects cost does not hide what finding the runs does. */
const PAGE = { limit: '50', fields: 'status,updatedAt' }
const NEWEST = 10

type Page = { items: unknown[]; nextCursor: string | null }

/** Pages of a large motion, read anew: the last ones and a poll for the newest, against the first page. */
export async function measureMotion(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const sandbox = await createSandbox(url)
  const { runs } = stage.sizes
  await sandbox.add('runs', runs)
  const cursor = await lastCursor(sandbox)
  await sandbox.control('POST', '/clock/advance', { by: '1h' })
  await sandbox.control('POST', '/syft/runs', { count: NEWEST, status: 'completed' })

  const headers = sandbox.syftHeaders
  const first = neverAsked(sandbox.pageUrl(PAGE))
  const last = neverAsked(sandbox.pageUrl({ ...PAGE, cursor }))
  const newest = neverAsked(sandbox.pageUrl({ ...PAGE, since: '2026-03-01T00:30:00Z' }))
  const { items } = await readJson<Page>(newest(), { headers })
  if (items.length !== NEWEST) throw new Error(`The poll for the newest gave ${items.length} runs, not ${NEWEST}`)

  const times = await interleave(
    {
      first: () => timed(() => read(first(), { headers })),
      last: () => timed(() => read(last(), { headers })),
      newest: () => timed(() => read(newest(), { headers })),
    },
    ROUNDS,
  )
  const size = `${showNumber(runs)} runs`
  const firstMs = median(times.first)
  const against = (name: string, given: number[], target: number): Row => ({
    name,
    value: median(given),
    unit: 'ms',
    comparedWith: 'the first page',
    ratio: median(given) / firstMs,
    target: `≤ ${target} × (at 1,000,000)`,
    isMet: median(given) / firstMs <= target,
  })
  const slowest = Math.max(...Object.values(times).flat())
  return [
    { name: `first page of ${size}`, value: firstMs, unit: 'ms' },
    against(`page at the end of ${size}`, times.last, 1.2),
    against(`newest ${NEWEST} since, of ${size}`, times.newest, 2),
    { name: 'slowest of these calls', value: slowest, unit: 'ms', target: '≤ 100 ms', isMet: slowest <= 100 },
  ]
}

/** The cursor of the last page but one, found by following all of them. */
async function lastCursor({ pageUrl, syftHeaders: headers }: Sandbox): Promise<string> {
  let cursors: string[] = []
  for (;;) {
    const cursor = cursors.at(-1)
    const query = { limit: '100', fields: 'status', ...(cursor !== undefined && { cursor }) }
    const { nextCursor } = await readJson<Page>(pageUrl(query), { headers })
    if (nextCursor === null) return cursors[0] ?? ''
    cursors = [...cursors.slice(-1), nextCursor]
  }
}
