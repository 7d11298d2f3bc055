import { expectStatus, expectThat } from '../../expect.ts'
import type { SandboxKit } from '../../kit.ts'
import { readExport } from '../../memsolus-kit.ts'
import { expectCode, memsolusCase } from './case.ts'
import { expectMemories, fileOf, frozen } from './sandbox.ts'

/** Filters by what is in somebody's data would be in a report, so all of these ask for memories of their own. */
const fill = (own: SandboxKit, items: readonly Record<string, unknown>[]) =>
  own.control('POST', '/memsolus/memories', {
    items: items.map((item, index) => ({ created_at: `2026-01-01T00:00:0${index}Z`, ...item })),
  })

const MATCH = {
  user_id: 'u',
  agent_id: 'a',
  session_id: 's',
  priority: 'HIGH',
  categories: ['c', 'd'],
  created_at: '2026-01-15T00:00:00Z',
}

export const filterCases = [
  memsolusCase({
    name: 'filters',
    does: 'exports the memories that match all filters, and shows these in the export',
    rules: ['M-CREATE-2', 'M-CREATE-4'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await fill(own, [
        { ...MATCH, id: 'match' },
        { ...MATCH, id: 'user', user_id: 'v' },
        { ...MATCH, id: 'agent', agent_id: 'b' },
        { ...MATCH, id: 'session', session_id: null },
        { ...MATCH, id: 'priority', priority: 'LOW' },
        { ...MATCH, id: 'category', categories: ['e'] },
        { ...MATCH, id: 'early', created_at: '2025-12-31T00:00:00Z' },
        { ...MATCH, id: 'late', created_at: '2026-02-02T00:00:00Z' },
      ])
      const texts = { user_id: 'u', agent_id: 'a', session_id: 's', priority: 'HIGH', format: 'json' }
      const window = { created_after: '2026-01-01T00:00:00.000Z', created_before: '2026-02-01T00:00:00.000Z' }
      expectMemories(await fileOf(own, { ...texts, ...window, categories: 'c' }), ['match'])
      const exchange = await own.memsolus.create({ ...texts, ...window, categories: 'c,x' })
      const found = readExport(exchange, 202)
      const shown = { ...texts, ...window, categories: ['c', 'x'] }
      const other = Object.entries(shown).filter(([name, value]) => `${found[name]}` !== `${value}`)
      expectThat(exchange, other.length === 0, {
        expected: 'the filters as they were asked for',
        actual: `others for ${other.map(([name]) => name).join(', ')}`,
      })
    },
  }),
  memsolusCase({
    name: 'filters-alone',
    does: 'exports by each filter what has exactly its value',
    rules: ['M-CREATE-2'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await fill(own, [
        { ...MATCH, id: 'one' },
        { user_id: 'uu', agent_id: 'aa', session_id: 'ss', priority: 'LOW', categories: ['cc'], id: 'two' },
      ])
      const { created_at, categories, ...texts } = MATCH
      for (const [name, value] of Object.entries(texts)) expectMemories(await fileOf(own, { [name]: value }), ['one'])
      expectMemories(await fileOf(own, { categories: 'd' }), ['one'])
      expectMemories(await fileOf(own, { user_id: 'nobody' }), [])
    },
  }),
  memsolusCase({
    name: 'categories',
    does: 'exports memories that have any of the categories, however these are listed, up to 20 of them',
    rules: ['M-CREATE-3c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await fill(own, [
        { id: 'a', categories: ['work'] },
        { id: 'b', categories: ['home', 'work'] },
        { id: 'c', categories: ['garden'] },
        { id: 'd', categories: ['homework'] },
        { id: 'e', categories: [] },
      ])
      expectMemories(await fileOf(own, 'categories=work'), ['a', 'b'])
      expectMemories(await fileOf(own, 'categories=home,garden'), ['b', 'c'])
      expectMemories(await fileOf(own, 'categories=home&categories=garden'), ['b', 'c'])
      const twenty = Array.from({ length: 20 }, (_, index) => `c${index}`).join(',')
      expectStatus(await own.memsolus.create(`categories=,${twenty},%20,c0&categories=c19`), 202)
      expectCode(await own.memsolus.create(`categories=${twenty}&categories=c20`), 422, 'TOO_MANY_CATEGORIES')
    },
  }),
  memsolusCase({
    name: 'created-window',
    does: 'exports only memories created after created_after and before created_before',
    rules: ['M-CREATE-4'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await fill(
        own,
        [1, 2, 3].map((day) => ({ id: `day-${day}`, created_at: `2026-01-0${day}T00:00:00Z` })),
      )
      const [early, late] = ['2026-01-01T12:00:00Z', '2026-01-02T12:00:00Z']
      expectMemories(await fileOf(own, { created_after: early }), ['day-2', 'day-3'])
      expectMemories(await fileOf(own, { created_before: late }), ['day-1', 'day-2'])
      expectMemories(await fileOf(own, { created_after: early, created_before: late }), ['day-2'])
    },
  }),
  memsolusCase({
    name: 'created-instant',
    does: 'leaves out memories created at exactly either instant',
    rules: ['M-CREATE-5c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      const at = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.002Z']
      await fill(
        own,
        at.map((created_at, index) => ({ id: `ms-${index}`, created_at })),
      )
      const [first = '', middle = '', last = ''] = at
      expectMemories(await fileOf(own, { created_after: first, created_before: last }), ['ms-1'])
      expectMemories(await fileOf(own, { created_after: middle }), ['ms-2'])
      expectMemories(await fileOf(own, { created_before: middle }), ['ms-0'])
    },
  }),
  memsolusCase({
    name: 'created-forms',
    does: 'reads instants as ISO 8601 has them, to any fraction of a second, and refuses what is none',
    rules: ['X-TIME-1c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      const good = ['2026-01-01', '2026-01-01T10:00Z', '2026-01-01T10:00:00.123456Z', '2026-01-01T10:00:00+0200']
      for (const created_after of [...good, '2026-01-01T10:00:00'])
        expectStatus(await memsolus.create({ created_after }), 202)
      for (const created_after of ['undefined', '1767225600', '2026-02-30T00:00:00Z'])
        expectCode(await memsolus.create({ created_after }), 422, 'INVALID_DATE')
      expectCode(await memsolus.create('created_after=2026-01-01T10:00:00+02:00'), 422, 'INVALID_DATE')
    },
  }),
  memsolusCase({
    name: 'parameters',
    does: 'passes over empty and unknown parameters, and takes the first of several',
    rules: ['X-PARAM-1c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      const queries = {
        'format=&user_id=&priority=&created_after=': 'json null',
        'format=csv&format=xml&user_id=a&user_id=b': 'csv a',
        'Format=csv&userId=a&unknown=1': 'json null',
      }
      for (const [query, wanted] of Object.entries(queries)) {
        const exchange = await memsolus.create(query)
        const { format, user_id } = readExport(exchange, 202)
        expectThat(exchange, `${format} ${user_id}` === wanted, {
          expected: `an export with format and user_id ${wanted}`,
          actual: `one with ${format} ${user_id}`,
        })
      }
    },
  }),
]
