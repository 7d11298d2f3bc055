import { NotTold } from '../../case.ts'
import { expectError, expectThat } from '../../expect.ts'
import { syftCase } from './case.ts'

const NARROW = { fields: 'status' }

export const pageCases = [
  syftCase({
    name: 'limit-default',
    does: 'serves up to 50 runs where no limit is given',
    rules: ['S-PAGE-1'],
    section: 'Limits',
    async run({ syft }) {
      const { items, hasMore, exchange } = await syft.page(NARROW)
      expectThat(exchange, items.length <= 50, { expected: 'at most 50 items', actual: `${items.length} items` })
      const { items: known } = await syft.page({ ...NARROW, limit: 100 })
      if (known.length <= 50) throw new NotTold('The motion has no more than 50 completed runs.')
      expectThat(exchange, hasMore, { expected: 'hasMore true, as there are more than 50', actual: 'hasMore false' })
    },
  }),
  syftCase({
    name: 'limit',
    does: 'serves as many runs as the limit says, and says whether there are more',
    rules: ['S-PAGE-4'],
    section: 'Query Parameters',
    async run({ syft }) {
      const { items, hasMore, exchange } = await syft.page({ ...NARROW, limit: 1 })
      expectThat(exchange, items.length <= 1, { expected: 'at most 1 item', actual: `${items.length} items` })
      if ((await syft.sample()).length < 2) throw new NotTold('The motion has fewer than two completed runs.')
      expectThat(exchange, hasMore && items.length === 1, {
        expected: '1 item and hasMore true, as there are two runs',
        actual: `${items.length} items and hasMore ${hasMore}`,
      })
    },
  }),
  syftCase({
    name: 'limit-capped',
    does: 'serves a limit above 100 as 100',
    rules: ['S-PAGE-2'],
    section: 'Limits',
    async run({ syft }) {
      const { items: whole } = await syft.page({ ...NARROW, limit: 100 })
      for (const limit of [101, 1_000_000]) {
        const { items, exchange } = await syft.page({ ...NARROW, limit })
        expectThat(exchange, items.length === whole.length && items.length <= 100, {
          expected: `${Math.min(whole.length, 100)} items, as with limit=100`,
          actual: `${items.length} items`,
        })
      }
    },
  }),
  syftCase({
    name: 'limit-invalid',
    does: 'refuses a limit that is no whole number above zero',
    rules: ['S-PAGE-3c'],
    section: 'Query Parameters',
    async run({ syft }) {
      for (const limit of ['0', '-1', '1.5', 'ten', '1e2'])
        expectError(await syft.ask({ limit }), 400, { error: "Invalid 'limit'. Use a positive integer." })
    },
  }),
  syftCase({
    name: 'page-shape',
    does: 'answers {items, nextCursor, hasMore}, and null and false on the last page',
    rules: ['S-PAGE-4'],
    section: 'Response Fields',
    async run({ syft }) {
      const { pages, exchanges } = await syft.walk({ ...NARROW, limit: 100 })
      for (const [index, { items, nextCursor, hasMore }] of pages.entries()) {
        const exchange = exchanges[index]
        if (!exchange) continue
        const names = Object.keys(exchange.body ?? {}).join(', ')
        expectThat(exchange, names === 'items, nextCursor, hasMore', {
          expected: 'items, nextCursor, hasMore and nothing else',
          actual: names,
        })
        expectThat(exchange, hasMore === (nextCursor !== null), {
          expected: 'hasMore true with a cursor, or false without one',
          actual: `hasMore ${hasMore} and ${nextCursor === null ? 'no cursor' : 'a cursor'}`,
        })
        expectThat(exchange, index === 0 || items.length > 0, {
          expected: 'items, as the page before said that there are more',
          actual: 'an empty page',
        })
      }
    },
  }),
  syftCase({
    name: 'walk',
    does: 'gives every run once to whom follows the cursors to the end',
    rules: ['S-PAGE-5'],
    section: 'Paginate through results',
    async run({ syft }) {
      const known = await syft.sample()
      if (known.length < 3) throw new NotTold('The motion has fewer than three completed runs.')
      const limit = Math.ceil(known.length / 3)
      const { items, exchanges } = await syft.walk({ ...NARROW, limit })
      const [last] = exchanges.slice(-1)
      if (!last) return
      const ids = items.map(({ runId }) => runId)
      expectThat(last, new Set(ids).size === ids.length, {
        expected: 'no run that an earlier page had',
        actual: `${ids.length - new Set(ids).size} that came before`,
      })
      const wanted = known.map(({ runId }) => runId)
      expectThat(
        last,
        wanted.every((id) => ids.includes(id)),
        {
          expected: `all ${wanted.length} runs that pages of 100 have`,
          actual: `${wanted.filter((id) => ids.includes(id)).length} of them by the last page`,
        },
      )
      const inOrder = wanted.join() === ids.filter((id) => wanted.includes(id)).join()
      expectThat(last, inOrder, { expected: 'the order that pages of 100 have', actual: 'another order' })
    },
  }),
]
