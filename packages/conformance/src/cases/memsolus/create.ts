import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { expectCode, expectEnvelope, memsolusCase, messageIn } from './case.ts'
import { listed } from './listed.ts'
import { expectMemories, fileOf, frozen, held, released } from './sandbox.ts'

const FILTERS = ['user_id', 'agent_id', 'session_id', 'priority', 'categories', 'created_after', 'created_before']
const TWENTY = Array.from({ length: 20 }, (_, index) => `c${index}`).join(',')

/** Queries that cannot be used, with their codes and what the message must name: the parameter, what it was and may be. */
const INVALID: readonly [query: Record<string, string>, code: string, named: readonly string[]][] = [
  [{ format: 'xml' }, 'INVALID_FORMAT', ['format', 'xml', 'json', 'csv', 'markdown']],
  [{ priority: 'URGENT' }, 'INVALID_PRIORITY', ['priority', 'URGENT', 'LOW', 'MEDIUM', 'HIGH']],
  [{ categories: `${TWENTY},c20` }, 'TOO_MANY_CATEGORIES', ['categories', '21', '20']],
  [{ created_after: 'yesterday' }, 'INVALID_DATE', ['created_after', 'yesterday', 'ISO 8601']],
  [{ created_before: '2026-02-30' }, 'INVALID_DATE', ['created_before', '2026-02-30', 'ISO 8601']],
]

export const createCases = [
  memsolusCase({
    name: 'create',
    does: 'answers a creation with 202 and a PENDING export',
    rules: ['M-CREATE-1'],
    section: 'Create Export',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) {
        const { creation } = await memsolus.shared(format)
        const { status } = readExport(creation, 202)
        expectThat(creation, status === 'PENDING', {
          expected: 'status: "PENDING"',
          actual: `status: ${shapeOf(status, { withTexts: true })}`,
        })
      }
    },
  }),
  memsolusCase({
    name: 'create-format',
    does: 'makes the format that is asked for, and JSON where none is',
    rules: ['M-CREATE-2'],
    section: 'Create Export',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) {
        const { exchange } = await memsolus.ready(format)
        expectThat(exchange, readExport(exchange).format === format, {
          expected: `format: "${format}"`,
          actual: 'another one',
        })
      }
    },
  }),
  memsolusCase({
    name: 'create-unfiltered',
    does: 'has no filter where none is asked for',
    rules: ['M-CREATE-2'],
    section: 'Create Export',
    async run({ memsolus }) {
      const { exchange } = await memsolus.ready('json')
      const found = readExport(exchange)
      const set = FILTERS.filter((name) => (found[name] ?? null) !== null)
      expectThat(exchange, set.length === 0, { expected: 'null for every filter', actual: `${set.join(', ')} set` })
    },
  }),
  memsolusCase({
    name: 'create-everything',
    does: 'exports every memory of the workspace without filters, and none of another',
    rules: ['M-CREATE-2'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      const { id } = await own.control<{ id: string }>('POST', '/memsolus/workspaces', {})
      const memories = ['a', 'b', 'c'].map((letter) => ({ id: letter, created_at: '2026-01-01T00:00:00Z' }))
      await own.control('POST', '/memsolus/memories', { items: [...memories, { id: 'elsewhere', workspaceId: id }] })
      expectMemories(await fileOf(own), ['a', 'b', 'c'])
    },
  }),
  memsolusCase({
    name: 'create-invalid',
    does: 'answers 422 to what it cannot use, and says which parameter it was, what it said and what it may say',
    rules: ['M-CREATE-6c'],
    section: 'Create Export',
    async run({ memsolus }) {
      for (const [query, code, named] of INVALID) {
        const exchange = await memsolus.create(query)
        expectCode(exchange, 422, code)
        expectEnvelope(exchange, 422)
        const missing = named.filter((text) => !messageIn(exchange).includes(text))
        expectThat(exchange, missing.length === 0, {
          expected: `a message that names ${named.join(' and ')}`,
          actual: `one without ${missing.join(' and ')}`,
        })
      }
    },
  }),
  memsolusCase({
    name: 'create-invalid-makes-nothing',
    does: 'makes no export where it answers 422',
    rules: ['M-CREATE-6c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      for (const [query] of INVALID) expectStatus(await memsolus.create(query), 422)
      const exchange = await memsolus.ask()
      const { length } = listed(exchange)
      expectThat(exchange, length === 0, { expected: 'no export', actual: `${length} exports` })
    },
  }),
  memsolusCase({
    name: 'create-body',
    does: 'reads no body, and takes an empty one that says it is JSON',
    rules: ['M-CREATE-7c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      const headers = { 'x-api-key': memsolus.target.apiKey, 'content-type': 'application/json' }
      for (const body of ['', '{"format": "csv", "user_id": "u"}', '{"format":']) {
        const exchange = await memsolus.create({ format: 'markdown' }, { headers, body })
        const { format, user_id } = readExport(exchange, 202)
        expectThat(exchange, format === 'markdown' && user_id === null, {
          expected: 'an export with the format and the filters of the query',
          actual: `format ${format}, user_id ${user_id}`,
        })
      }
    },
  }),
  memsolusCase({
    name: 'create-snapshot',
    does: 'exports no memory that was added later, but changes and deletions before its file is written',
    rules: ['M-CREATE-8c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox(held)
      const items = ['kept', 'changed', 'deleted'].map((id, day) => ({
        id,
        memory: 'old',
        created_at: `2026-01-0${day + 1}T00:00:00Z`,
      }))
      await own.control('POST', '/memsolus/memories', { items })
      const { id } = readExport(await own.memsolus.create(), 202)
      await own.control('POST', '/memsolus/memories', { id: 'added', created_at: '2025-01-01T00:00:00Z' })
      await own.control('PATCH', '/memsolus/memories/changed', { memory: 'new' })
      await own.control('DELETE', '/memsolus/memories/deleted')
      const exchange = await released(own, id)
      expectMemories(exchange, ['kept', 'changed'])
      expectThat(exchange, exchange.text.includes('"new"'), {
        expected: 'the changed text of a memory',
        actual: 'the one before',
      })
    },
  }),
]
