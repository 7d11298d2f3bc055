import { describe, expect, it } from 'vitest'
import { type ApiError, type Export, request, testSandbox } from '../../harness/sandbox.ts'

const objectFields = [
  'id',
  'format',
  'status',
  'user_id',
  'agent_id',
  'session_id',
  'priority',
  'categories',
  'created_after',
  'created_before',
  'created_at',
  'updated_at',
]
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

it('M-CREATE-1 M-CREATE-2 M-OBJECT-1 M-OBJECT-2c without filters: 202 and a PENDING export of everything, as JSON', async () => {
  const { memsolus } = await testSandbox({ clock: { now: '2026-03-01T12:00:00.123Z', frozen: true } })
  const { status, body } = await memsolus.create()
  expect(status).toBe(202)
  expect(Object.keys(body)).toEqual(objectFields)
  expect(body).toEqual({
    id: expect.stringMatching(UUID),
    format: 'json',
    status: 'PENDING',
    user_id: null,
    agent_id: null,
    session_id: null,
    priority: null,
    categories: null,
    created_after: null,
    created_before: null,
    created_at: '2026-03-01T12:00:00.123Z',
    updated_at: '2026-03-01T12:00:00.123Z',
  })
})

it('M-CREATE-2 M-OBJECT-1 X-TIME-2c all filters at once are in the export, as every later answer shows it', async () => {
  const { memsolus } = await testSandbox()
  const { status, body } = await memsolus.create({
    format: 'markdown',
    user_id: 'user 1',
    agent_id: 'agent/é',
    session_id: '会话',
    priority: 'MEDIUM',
    categories: 'work, home',
    created_after: '2026-01-01',
    created_before: '2026-02-01T01:00:00+01:00',
  })
  expect(status).toBe(202)
  const filters = {
    format: 'markdown',
    user_id: 'user 1',
    agent_id: 'agent/é',
    session_id: '会话',
    priority: 'MEDIUM',
    categories: ['work', 'home'],
    created_after: '2026-01-01T00:00:00.000Z',
    created_before: '2026-02-01T00:00:00.000Z',
  }
  expect(body).toMatchObject(filters)
  expect(Object.keys(body)).toEqual(objectFields)
  expect((await memsolus.get(body.id)).body).toMatchObject(filters)
  expect((await memsolus.list()).body.data).toEqual([expect.objectContaining({ ...filters, id: body.id })])
})

it.each(['json', 'csv', 'markdown'])('M-CREATE-2 takes format %s', async (format) => {
  const { memsolus } = await testSandbox()
  expect((await memsolus.create({ format })).body).toMatchObject({ format, status: 'PENDING' })
})

it.each(['LOW', 'MEDIUM', 'HIGH'])('M-CREATE-2 takes priority %s', async (priority) => {
  const { memsolus } = await testSandbox()
  expect((await memsolus.create({ priority })).body).toMatchObject({ priority, status: 'PENDING' })
})

const twenty = Array.from({ length: 20 }, (_, index) => `c${index}`).join(',')

describe('M-CREATE-6c refuses', () => {
  it.each([
    ['format=xml', 'INVALID_FORMAT', ['format', 'xml', 'json', 'csv', 'markdown']],
    ['format=JSON', 'INVALID_FORMAT', ['format', 'JSON']],
    ['format=md', 'INVALID_FORMAT', ['format', 'md']],
    ['format=%20json', 'INVALID_FORMAT', ['format', ' json']],
    ['format=constructor', 'INVALID_FORMAT', ['format', 'constructor']],
    ['priority=URGENT', 'INVALID_PRIORITY', ['priority', 'URGENT', 'LOW', 'MEDIUM', 'HIGH']],
    ['priority=high', 'INVALID_PRIORITY', ['priority', 'high']],
    ['priority=LOW,HIGH', 'INVALID_PRIORITY', ['priority', 'LOW,HIGH']],
    [`categories=${twenty},one-more`, 'TOO_MANY_CATEGORIES', ['categories', '21', '20']],
    [`categories=${twenty}&categories=one-more`, 'TOO_MANY_CATEGORIES', ['categories', '21', '20']],
    ['created_after=yesterday', 'INVALID_DATE', ['created_after', 'yesterday', 'ISO 8601']],
    ['created_before=undefined', 'INVALID_DATE', ['created_before', 'undefined', 'ISO 8601']],
  ])('%s with %s, naming what is wrong', async (query, error, named) => {
    const { memsolus } = await testSandbox()
    const { status, body } = await memsolus.create(query)
    expect(status).toBe(422)
    expect(body).toEqual({ error, message: expect.any(String), statusCode: 422 })
    for (const part of named) expect(body.message).toContain(part)
    expect((await memsolus.list()).body.meta.total, 'nothing is created').toBe(0)
  })
})

it('M-CREATE-2 M-CREATE-3c takes 20 categories, blanks and repeats not counted', async () => {
  const { memsolus } = await testSandbox()
  const { status, body } = await memsolus.create(`categories=,${twenty},%20,c0&categories=%20c19%20,&categories=`)
  expect(status).toBe(202)
  expect(body.categories).toEqual(twenty.split(','))
})

it('M-CREATE-3c X-PARAM-1c only blanks are no category filter', async () => {
  const { memsolus } = await testSandbox()
  expect((await memsolus.create('categories=,%20,')).body.categories).toBeNull()
  expect((await memsolus.create('categories=')).body.categories).toBeNull()
})

it('X-PARAM-1c an empty parameter is absent, of a repeated one the first counts, unknown and misspelt ones are ignored', async () => {
  const { memsolus } = await testSandbox()
  const empty = 'format=&user_id=&agent_id=&session_id=&priority=&created_after=&created_before='
  expect((await memsolus.create(empty)).body).toMatchObject({ format: 'json', user_id: null, priority: null })
  const repeated = 'format=csv&format=xml&user_id=a&user_id=b&priority=LOW&priority=URGENT'
  expect((await memsolus.create(repeated)).body).toMatchObject({ format: 'csv', user_id: 'a', priority: 'LOW' })
  const misspelt = 'Format=csv&userId=a&PRIORITY=LOW&userid=b&created_After=never&constructor=1&__proto__=2'
  expect((await memsolus.create(misspelt)).body).toMatchObject({ format: 'json', user_id: null, priority: null })
})

describe('M-CREATE-7c ignores a body', () => {
  it.each([
    ['no body, and the type of JSON', 'application/json', ''],
    ['filters in JSON', 'application/json', '{"format":"csv","user_id":"u"}'],
    ['half of a JSON text', 'application/json', '{"format":'],
    ['a form', 'application/x-www-form-urlencoded', 'format=csv&user_id=u'],
    ['a text', 'text/plain; charset=latin1', 'format=csv'],
    ['a type that is none', 'json', '{"format":"csv"}'],
    ['a type of nonsense', ';;/', '{"format":"csv"}'],
    ['two megabytes', 'application/json', `{"format":"csv","user_id":"${'u'.repeat(2 << 20)}"}`],
  ])('%s', async (_, type, body) => {
    const { view, memsolus } = await testSandbox()
    const headers = { 'x-api-key': view.memsolus.apiKey, 'content-type': type }
    const created = await request<Export & ApiError>('/v1/exports', { method: 'POST', headers, body })
    expect(created.status, created.text).toBe(202)
    expect(created.body).toMatchObject({ format: 'json', user_id: null })
    const alsoQuery = await request<Export>('/v1/exports?format=markdown', { method: 'POST', headers, body })
    expect(alsoQuery.body).toMatchObject({ format: 'markdown', user_id: null })
    expect((await memsolus.list()).body.meta.total).toBe(2)
  })
})
