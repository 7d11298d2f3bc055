import { NotTold } from '../../case.ts'
import { expectError, expectStatus, expectThat } from '../../expect.ts'
import type { SandboxKit } from '../../kit.ts'
import type { SyftKit } from '../../syft-kit.ts'
import { syftCase } from './case.ts'

const NARROW = { fields: 'status,updatedAt' }
const INVALID = { error: 'Invalid cursor.' }
const INSTANT = '2026-01-01T00:00:00.000Z'

/** Runs that are alike but for their ids, all of one instant. */
const ties = (count: number) => Array.from({ length: count }, (_, index) => ({ runId: `tie-${index}`, ...atOnce }))
const atOnce = { status: 'completed', createdAt: INSTANT, updatedAt: INSTANT, completedAt: INSTANT }

async function firstCursor(syft: SyftKit): Promise<string> {
  const { nextCursor } = await syft.page({ ...NARROW, limit: 1 })
  if (nextCursor === null) throw new NotTold('The motion has fewer than two completed runs.')
  return nextCursor
}

/** Ids of the pages from the second on, with something done between the first and the second. */
async function walkAround(
  { syft, control }: SandboxKit,
  between: (call: SandboxKit['control'], first: string[]) => Promise<unknown>,
) {
  const first = await syft.page({ ...NARROW, limit: 4 })
  const ids = first.items.map(({ runId }) => runId)
  await between(control, ids)
  let { nextCursor } = first
  let { exchange } = first
  while (nextCursor !== null) {
    const next: Awaited<ReturnType<SyftKit['page']>> = await syft.page({ ...NARROW, limit: 4, cursor: nextCursor })
    ids.push(...next.items.map(({ runId }) => runId))
    ;({ nextCursor, exchange } = next)
  }
  return { ids, exchange }
}

export const cursorCases = [
  syftCase({
    name: 'cursor-ties',
    does: 'gives runs of one instant once each, across the borders of pages',
    rules: ['S-PAGE-6c', 'S-PAGE-5'],
    section: 'Paginate through results',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      await control('POST', '/syft/runs', { items: ties(11) })
      for (const order of ['asc', 'desc']) {
        const { items, exchanges } = await syft.walk({ ...NARROW, limit: 3, order })
        const distinct = new Set(items.map(({ runId }) => runId)).size
        const [last] = exchanges.slice(-1)
        if (!last) return
        expectThat(last, distinct === 11 && items.length === 11, {
          expected: '11 runs by the last page, each once',
          actual: `${distinct} runs in ${items.length} items`,
        })
      }
    },
  }),
  syftCase({
    name: 'cursor-limit-changes',
    does: 'goes on where a page ended, though the limit is another one',
    rules: ['S-PAGE-6c'],
    section: 'Paginate through results',
    async run({ syft }) {
      const cursor = await firstCursor(syft)
      const { items, exchange } = await syft.page({ ...NARROW, limit: 2, cursor })
      const { items: known } = await syft.page({ ...NARROW, limit: 3 })
      // A page may hold fewer than asked for, so either may end sooner than the other.
      const both = Math.min(items.length, known.length - 1)
      const wanted = known.slice(1, 1 + both).map(({ runId }) => runId)
      const found = items.slice(0, both).map(({ runId }) => runId)
      expectThat(exchange, both > 0 && found.join() === wanted.join(), {
        expected: `the ${wanted.length} runs after the first`,
        actual: `${items.length} others`,
      })
    },
  }),
  syftCase({
    name: 'cursor-of-deleted-run',
    does: 'goes on where a page ended, though its last run is gone',
    rules: ['S-PAGE-6c'],
    section: 'Paginate through results',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox()
      await own.control('POST', '/syft/runs', { items: ties(8) })
      const { ids, exchange } = await walkAround(own, (control, first) =>
        control('DELETE', `/syft/runs/${first.at(-1)}`),
      )
      expectThat(exchange, new Set(ids).size === 8 && ids.length === 8, {
        expected: 'all 8 runs by the last page, each once',
        actual: `${new Set(ids).size} runs in ${ids.length} items`,
      })
    },
  }),
  syftCase({
    name: 'cursor-and-changes',
    does: 'neither misses nor repeats a run that nobody touched, whatever happens between pages',
    rules: ['S-PAGE-7c'],
    section: 'Paginate through results',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox()
      await own.control('POST', '/syft/runs', { items: ties(12) })
      const all = ties(12).map(({ runId }) => runId)
      const touched = new Set<string>()
      const { ids, exchange } = await walkAround(own, async (control, first) => {
        const [changed = '', deleted = ''] = [first[0], all.find((id) => !first.includes(id))]
        for (const id of [changed, deleted]) touched.add(id)
        await control('PATCH', `/syft/runs/${changed}`, { status: 'completed' })
        await control('DELETE', `/syft/runs/${deleted}`)
        await control('POST', '/syft/runs', {
          items: [{ ...atOnce, runId: 'added', createdAt: '2025-12-31T00:00:00Z' }],
        })
      })
      const untouched = all.filter((id) => !touched.has(id))
      const times = untouched.map((id) => ids.filter((each) => each === id).length)
      expectThat(
        exchange,
        times.every((count) => count === 1),
        {
          expected: `each of ${untouched.length} untouched runs once by the last page`,
          actual: `${times.filter((count) => count === 0).length} missing and ${times.filter((count) => count > 1).length} repeated`,
        },
      )
    },
  }),
  syftCase({
    name: 'cursor-url-safe',
    does: 'makes cursors that may stand in a URL as they are',
    rules: ['S-PAGE-8c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const cursor = await firstCursor(syft)
      const exchange = await syft.ask(`limit=1&cursor=${cursor}`)
      expectThat(exchange, /^[\w.~-]+$/.test(cursor), {
        expected: 'a cursor of letters, digits and - . _ ~',
        actual: 'one with other characters',
      })
      expectStatus(exchange, 200)
    },
  }),
  syftCase({
    name: 'cursor-damaged',
    does: 'refuses a cursor that it has not made',
    rules: ['S-PAGE-8c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const cursor = await firstCursor(syft)
      for (const damaged of ['nonsense', cursor.slice(1), `${cursor}x`])
        expectError(await syft.ask({ cursor: damaged }), 400, INVALID)
    },
  }),
  syftCase({
    name: 'cursor-of-another-motion',
    does: 'refuses a cursor of another motion',
    rules: ['S-PAGE-8c'],
    section: 'Query Parameters',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      await control('POST', '/syft/runs', { items: ties(3) })
      const { id } = await control<{ id: string }>('POST', '/syft/motions', { name: 'Another' })
      const cursor = await firstCursor(syft)
      expectError(await syft.ask({ cursor }, { path: `/api/motion/${id}/export` }), 400, INVALID)
    },
  }),
  syftCase({
    name: 'cursor-keeps-no-filter',
    does: 'takes the filters of each request, not those that a cursor was made with',
    rules: ['S-PAGE-8c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const cursor = await firstCursor(syft)
      const { items, exchange } = await syft.page({ ...NARROW, cursor, status: 'failed' })
      const others = items.filter(({ status }) => status !== 'failed').length
      expectThat(exchange, others === 0, { expected: 'failed runs alone', actual: `${others} that did not fail` })
    },
  }),
]
