import { NotTold } from '../../case.ts'
import { expectError, expectThat } from '../../expect.ts'
import type { SyftKit } from '../../syft-kit.ts'
import { syftCase } from './case.ts'

const NARROW = { fields: 'createdAt,updatedAt' }
const FEW = 50
const DAY_MS = 24 * 3_600_000

/** What leaves so few runs that their ends meet in a page. */
async function fewer(syft: SyftKit): Promise<{ since?: string }> {
  const instants = (await syft.sample()).map(({ updatedAt }) => updatedAt).sort()
  const since = instants.at(-FEW)
  return since === undefined ? {} : { since }
}

export const orderCases = [
  syftCase({
    name: 'order',
    does: 'serves the same runs from the other end with order=desc, and oldest first without',
    rules: ['S-ORDER-1'],
    section: 'Query Parameters',
    async run({ syft }) {
      const query = { ...NARROW, ...(await fewer(syft)), limit: 100 }
      const first = await syft.page(query)
      const asc = await syft.page({ ...query, order: 'asc' })
      const desc = await syft.page({ ...query, order: 'desc' })
      const ids = (page: typeof asc) => page.items.map(({ runId }) => runId)
      if (ids(asc).length < 2) throw new NotTold('The motion has fewer than two completed runs.')
      expectThat(first.exchange, ids(first).join() === ids(asc).join(), {
        expected: 'what order=asc gives',
        actual: 'another order',
      })
      expectThat(desc.exchange, ids(desc).toReversed().join() === ids(asc).join(), {
        expected: 'the runs of order=asc from the other end',
        actual: 'other runs, or another order',
      })
    },
  }),
  syftCase({
    name: 'order-instant',
    does: 'orders by one instant of a run, whatever it filters by, and by runId where that ties',
    rules: ['S-ORDER-1', 'S-ORDER-2c'],
    section: 'Query Parameters',
    needs: 'control',
    async run({ sandbox }) {
      for (const order of ['createdAt', 'updatedAt'] as const) {
        const { syft, control } = await sandbox({ reading: { order } })
        const at = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * DAY_MS).toISOString()
        // Created in one order and updated in the other, two of each instant.
        const items = ['b', 'a'].flatMap((letter) =>
          [0, 1, 2].map((day) => ({
            runId: `${letter}${day}`,
            status: 'completed',
            createdAt: at(day),
            updatedAt: at(10 - day),
            completedAt: at(10 - day),
          })),
        )
        await control('POST', '/syft/runs', { items })
        const wanted = order === 'createdAt' ? 'a0,b0,a1,b1,a2,b2' : 'a2,b2,a1,b1,a0,b0'
        for (const query of [{}, { since: at(-1) }, { until: at(20) }]) {
          const page = await syft.page({ ...NARROW, ...query })
          const found = page.items.map(({ runId }) => runId).join()
          expectThat(page.exchange, found === wanted, {
            expected: `runs by ${order}, then runId`,
            actual: 'another order',
          })
        }
      }
    },
  }),
  syftCase({
    name: 'order-invalid',
    does: 'refuses an order that is neither asc nor desc',
    rules: ['S-ORDER-3c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const error = "Invalid 'order'. Use 'asc' or 'desc'."
      for (const order of ['up', 'ASC']) expectError(await syft.ask({ order }), 400, { error })
    },
  }),
]
