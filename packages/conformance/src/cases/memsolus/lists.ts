import { NotTold } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectThat, shapeOf } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { expectCode, memsolusCase } from './case.ts'
import { listed } from './listed.ts'
import { frozen, NOW } from './sandbox.ts'

const META = ['current_page', 'per_page', 'total', 'last_page']

/** So many exports that have ended, a minute apart. */
const ended = (count: number) => ({
  exports: Array.from({ length: count }, (_, minutes) => ({
    status: 'FAILED',
    created_at: new Date(Date.parse(NOW) - (minutes + 1) * 60_000).toISOString(),
  })),
})

function expectMeta(exchange: Exchange, wanted: Readonly<Record<string, number>>): void {
  const { meta } = (exchange.body ?? {}) as { meta?: Record<string, unknown> }
  const say = (values: Record<string, unknown>) => META.map((name) => `${name} ${values[name]}`).join(', ')
  expectThat(exchange, say(meta ?? {}) === say(wanted), { expected: say(wanted), actual: say(meta ?? {}) })
}

export const listCases = [
  memsolusCase({
    name: 'list',
    does: 'lists an export that was created',
    rules: ['M-LIST-1'],
    section: 'List Exports',
    async run({ memsolus }) {
      const { id } = await memsolus.ready('json')
      for (let page = 1; page <= 10; page += 1) {
        const exchange = await memsolus.ask('', { query: { page, page_size: 100 } })
        const found = listed(exchange)
        if (found.some((each) => each.id === id)) return
        expectThat(exchange, found.length > 0, {
          expected: 'the export on one of the pages',
          actual: 'no more exports',
        })
      }
      throw new NotTold('The account has more than ten pages of exports.')
    },
  }),
  memsolusCase({
    name: 'list-page-size',
    does: 'lists as many exports as page_size says, 20 without, and never more than 100',
    rules: ['M-LIST-1'],
    section: 'List Exports',
    async run({ memsolus }) {
      const sizes = { '': 20, 'page_size=1': 1, 'page_size=100': 100, 'page=1&page_size=2': 2 }
      for (const [query, most] of Object.entries(sizes)) {
        const exchange = await memsolus.ask('', { query })
        const { length } = listed(exchange)
        expectThat(exchange, length <= most, { expected: `at most ${most} exports`, actual: `${length} exports` })
      }
    },
  }),
  memsolusCase({
    name: 'list-pages',
    does: 'lists every export once, over pages of 20 where no page_size is given',
    rules: ['M-LIST-1'],
    section: 'List Exports',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox({ clock: frozen, data: { memsolus: ended(45) } })
      const ids = new Set<string>()
      for (const [index, wanted] of [20, 20, 5].entries()) {
        const exchange = await memsolus.ask('', { query: index === 0 ? '' : { page: index + 1 } })
        const found = listed(exchange)
        const fresh = found.filter(({ id }) => !ids.has(id)).length
        expectThat(exchange, fresh === wanted && found.length === wanted, {
          expected: `${wanted} exports that no page before had`,
          actual: `${found.length} exports, ${fresh} of them new`,
        })
        for (const { id } of found) ids.add(id)
      }
    },
  }),
  memsolusCase({
    name: 'list-shape',
    does: 'answers {data, meta: {current_page, per_page, total, last_page}}, also behind the last page',
    rules: ['M-LIST-2c'],
    section: 'List Exports',
    async run({ memsolus }) {
      for (const page of [1, 1_000_000]) {
        const exchange = await memsolus.ask('', { query: { page, page_size: 3 } })
        const found = listed(exchange)
        const { data, meta, ...more } = exchange.body as Record<string, unknown>
        const names = Object.keys((meta ?? {}) as object).join()
        const isMet = Array.isArray(data) && names === META.join() && Object.keys(more).length === 0
        expectThat(exchange, isMet, {
          expected: `{data: list, meta: {${META.join(', ')}}}`,
          actual: shapeOf(exchange.body),
        })
        const { total, last_page } = meta as { total: number; last_page: number }
        expectMeta(exchange, {
          ...{ current_page: page, per_page: 3, total },
          last_page: Math.max(1, Math.ceil(total / 3)),
        })
        expectThat(exchange, page <= last_page || found.length === 0, {
          expected: 'no exports behind the last page',
          actual: `${found.length} exports`,
        })
      }
    },
  }),
  memsolusCase({
    name: 'list-order',
    does: 'lists the newest export first, and of one instant the one made last',
    rules: ['M-LIST-2c'],
    section: 'List Exports',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox({ clock: frozen })
      const made: string[] = []
      for (const by of ['0s', '0s', '1m']) {
        await control('POST', '/clock/advance', { by })
        made.unshift(readExport(await memsolus.create(), 202).id)
      }
      const exchange = await memsolus.ask()
      const found = listed(exchange).map(({ id }) => id)
      expectThat(exchange, found.join() === made.join(), {
        expected: '3 exports, the last one first',
        actual: `${found.length} exports in another order`,
      })
    },
  }),
  memsolusCase({
    name: 'list-capped',
    does: 'serves a page_size above 100 as 100',
    rules: ['M-LIST-2c'],
    section: 'List Exports',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox({ clock: frozen, data: { memsolus: ended(101) } })
      for (const page_size of [100, 101, 1_000_000]) {
        const exchange = await memsolus.ask('', { query: { page_size } })
        const { length } = listed(exchange)
        expectThat(exchange, length === 100, { expected: '100 exports', actual: `${length} exports` })
        expectMeta(exchange, { current_page: 1, per_page: 100, total: 101, last_page: 2 })
      }
    },
  }),
  memsolusCase({
    name: 'list-empty',
    does: 'lists no exports as one empty page',
    rules: ['M-LIST-2c'],
    section: 'List Exports',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      const exchange = await memsolus.ask()
      const { length } = listed(exchange)
      expectThat(exchange, length === 0, { expected: 'no exports', actual: `${length} exports` })
      expectMeta(exchange, { current_page: 1, per_page: 20, total: 0, last_page: 1 })
    },
  }),
  memsolusCase({
    name: 'list-invalid',
    does: 'answers 422 to a page or page_size that is no whole number above zero',
    rules: ['M-LIST-3c'],
    section: 'List Exports',
    async run({ memsolus }) {
      for (const value of ['0', '-1', '1.5', 'two']) {
        expectCode(await memsolus.ask('', { query: { page: value } }), 422, 'INVALID_PAGE')
        expectCode(await memsolus.ask('', { query: { page_size: value } }), 422, 'INVALID_PAGE_SIZE')
      }
    },
  }),
]
