import { describe, expect, it } from 'vitest'
import { control, testSandbox } from '../../harness/sandbox.ts'

describe('nothing is coerced, and the place and what is allowed are named', () => {
  it.each<[call: string, path: string, says: string, body: unknown]>([
    ['/syft/runs', '/count', 'a whole number', { count: '5' }],
    ['/syft/runs', '/count', 'at least 1', { count: 0 }],
    ['/syft/runs', '/count', 'a whole number', { count: 1.5 }],
    ['/syft/runs', '/count', 'at most 200000', { count: 200_001 }],
    ['/syft/runs', '/items', 'an array', { items: {} }],
    ['/syft/runs', '/items/0', 'an object', { items: ['run'] }],
    ['/syft/runs', '/status', 'a string', { status: 5 }],
    ['/syft/runs', '/status', 'a string', { status: null }],
    ['/syft/runs', '/targetType', '"MarCompany"', { targetType: 'marCompany' }],
    ['/syft/runs', '/contacts', 'an array', { contacts: null }],
    ['/syft/runs', '/account/employees', 'a number', { account: { employees: '100' } }],
    ['/syft/runs', '/account/industry', 'one of', { account: { industry: 'MAGIC' } }],
    ['/syft/runs', '/createdAt', 'ISO 8601', { createdAt: '2026-02-30T00:00:00Z' }],
    ['/syft/runs', '/createdAt', 'ISO 8601', { createdAt: 'yesterday' }],
    ['/syft/runs', '/createdAt', 'ISO 8601', { createdAt: 'now' }],
    ['/syft/runs', '/createdAt', 'ISO 8601', { createdAt: 1767225600000 }],
    ['/syft/runs', '/createdAt', 'ISO 8601', { createdAt: '10000-01-01T00:00:00Z' }],
    ['/syft/runs', '/createdAt/to', 'ISO 8601', { count: 2, createdAt: { from: '2026-01-01', to: 'later' } }],
    ['/syft/runs', '/createdAt/to', '"to"', { count: 2, createdAt: { from: '2026-01-01' } }],
    ['/syft/runs', '/createdAt/to', 'before', { count: 2, createdAt: { from: '2026-01-02', to: '2026-01-01' } }],
    ['/syft/runs', '/runId', 'a string', { runId: 'with space' }],
    ['/syft/runs', '/runId', 'a string', { runId: '' }],
    ['/syft/organizations', '/plan', '"starter", "pro", "agency"', { plan: 'free' }],
    ['/syft/organizations', '/name', 'a string', { name: '' }],
    ['/syft/organizations', '/name', '1 to 200 characters', { name: 'x'.repeat(201) }],
    ['/memsolus/memories', '/priority', '"LOW", "MEDIUM", "HIGH"', { priority: 'low' }],
    ['/memsolus/memories', '/categories', 'an array', { categories: 'a,b' }],
    ['/memsolus/memories', '/categories/1', 'a string', { categories: ['a', 1] }],
    ['/memsolus/memories', '/metadata', 'an object', { metadata: '{}' }],
    ['/memsolus/memories', '/access_count', 'at least 0', { access_count: -1 }],
    ['/memsolus/exports', '/status', '"PENDING"', { status: 'DONE' }],
    ['/memsolus/exports', '/format', '"markdown"', { format: 'md' }],
    ['/memsolus/exports', '/id', 'a string', { id: 'not-a-uuid' }],
    ['/memsolus/exports', '/behavior/hold', '"PROCESSING"', { behavior: { hold: 'READY' } }],
    ['/memsolus/exports', '/behavior/outcome', '"lose-file"', { behavior: { outcome: 'lost' } }],
    ['/memsolus/exports', '/behavior/polls/pending', 'at least 0', { behavior: { polls: { pending: -1 } } }],
    ['/keys', '/api', '"syft"', { api: 'stripe' }],
    ['/keys', '/api', 'must be', {}],
    ['/clock/advance', '', '"by"', {}],
    ['/clock/advance', '/to', '"by"', { by: '1h', to: '2030-01-01T00:00:00Z' }],
  ])('%s %s: %s', async (call, path, says, body) => {
    const { control } = await testSandbox()
    const answer = await control('POST', call, body)
    expect([answer.status, answer.body.path]).toEqual([400, path])
    expect(answer.body.error).toMatch(/^(INVALID_VALUE|MISSING_PROPERTY)$/)
    expect(answer.body.message).toContain(says)
  })

  it.each(['soon', '5', 5, '', '-5m', '5 m', '1h30m', 'P1Y', 'P1M', '1.5ms', '999999d', null])(
    'a duration of %j',
    async (by) => {
      const { control } = await testSandbox()
      const answer = await control('POST', '/clock/advance', { by })
      expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', '/by'])
      expect(answer.body.message).toContain('a duration such as 500ms, 30s, 5m, 72h or PT72H')
    },
  )

  it.each([
    'then',
    'now-',
    'now - 5m',
    'now-5',
    'NOW',
    '2026-13-01',
    '2026-01-01T24:00:00Z',
    '0999-12-31',
    1_700_000_000,
    true,
  ])('a clock at %j', async (now) => {
    const answer = await control('POST', '/sandboxes', { clock: { now } })
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', '/clock/now'])
  })

  it.each([0, -1, '60', 1_000_001, null])('a rate of %j', async (rate) => {
    const answer = await control('POST', '/sandboxes', { clock: { rate } })
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', '/clock/rate'])
  })
})
