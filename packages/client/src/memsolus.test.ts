import { expect, it } from 'vitest'
import { createMemsolusClient } from './memsolus.ts'
import { collect, fakeClock, fakeFetch, json, type Responder } from './testing.ts'

const job = (status: string, id = 'e1') => ({ id, format: 'json', status })
const answer = (status: string, headers: Record<string, string> = {}): Responder => {
  return () => json(job(status), { headers })
}
const failure = (status: number, error: string, headers: Record<string, string> = {}): Responder => {
  return () => json({ error, message: 'Because', statusCode: status }, { status, headers })
}
const refused: Responder = () => {
  throw new TypeError('fetch failed')
}

function testClient(...responders: [Responder, ...Responder[]]) {
  const { fetch, sent } = fakeFetch(...responders)
  const { clock, slept } = fakeClock({ random: () => 0 })
  const options = { baseUrl: 'http://server', fetch, clock, retry: { retries: 1 } }
  return { memsolus: createMemsolusClient({ ...options, apiKey: 'msk_1' }), sent, slept }
}

it('creates with the filters in the query, and no body', async () => {
  const { memsolus, sent } = testClient(answer('PENDING'))
  const created = await memsolus.create({
    format: 'csv',
    user_id: undefined,
    priority: 'HIGH',
    categories: ['food', 'travel'],
    created_after: new Date(0),
  })
  expect(created).toMatchObject({ id: 'e1', user_id: null, categories: null })
  expect(sent[0]).toMatchObject({ method: 'POST', body: undefined })
  expect(sent[0]?.headers.get('x-api-key')).toBe('msk_1')
  expect(Object.fromEntries(sent[0]?.url.searchParams ?? [])).toEqual({
    format: 'csv',
    priority: 'HIGH',
    categories: 'food,travel',
    created_after: '1970-01-01T00:00:00.000Z',
  })
})

it('creates again only what was certainly not created', async () => {
  const limited = testClient(failure(429, 'RATE_LIMIT', { 'retry-after': '3' }), answer('PENDING'))
  await limited.memsolus.create()
  expect([limited.sent.length, limited.slept]).toEqual([2, [3000]])
  for (const unclear of [refused, failure(503, 'INTERNAL_ERROR')]) {
    const { memsolus, sent } = testClient(unclear, answer('PENDING'))
    await expect(memsolus.create()).rejects.toThrow()
    expect(sent).toHaveLength(1)
  }
})

it('refuses a category that the API would take for two', async () => {
  const { memsolus, sent } = testClient(answer('PENDING'))
  await expect(memsolus.create({ categories: ['a,b'] })).rejects.toThrow(TypeError)
  expect(sent).toHaveLength(0)
})

it('gives each export once, though one is created between two pages', async () => {
  const page = (ids: string[], current_page: number): Responder => {
    return () => json({ data: ids.map((id) => job('READY', id)), meta: { current_page, last_page: 2 } })
  }
  const { memsolus, sent } = testClient(page(['e3', 'e2'], 1), page(['e2', 'e1'], 2))
  const exports = await collect(memsolus.exports({ pageSize: 2 }))
  expect(exports.map(({ id }) => id)).toEqual(['e3', 'e2', 'e1'])
  expect(sent.map(({ url }) => url.search)).toEqual(['?page=1&page_size=2', '?page=2&page_size=2'])
})

it('waits ever longer, as long as the server says, and through failures', async () => {
  const { memsolus, slept } = testClient(
    answer('PENDING'),
    answer('PENDING'),
    answer('PROCESSING', { 'retry-after': '7' }),
    refused,
    refused,
    answer('PROCESSING'),
    answer('READY'),
  )
  const polled: string[] = []
  const ready = await memsolus.waitUntilReady('e1', { onPoll: ({ status }) => polled.push(status) })
  expect(ready.status).toBe('READY')
  expect(polled).toEqual(['PENDING', 'PENDING', 'PROCESSING', 'PROCESSING', 'READY'])
  // The two failures are a try and its retry, at once.
  expect(slept).toEqual([500, 1000, 7000, 0, 4000, 8000])
})

it('gives up at the deadline, after a last look', async () => {
  const { memsolus, sent, slept } = testClient(answer('PROCESSING'))
  const waiting = memsolus.waitUntilReady('e1', { deadlineMs: 2000 })
  await expect(waiting).rejects.toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    message: expect.stringContaining('PROCESSING'),
  })
  expect(slept).toEqual([500, 1000, 500])
  expect(sent).toHaveLength(4)
})

it.each(['FAILED', 'EXPIRED'])('does not wait for an export that is %s', async (status) => {
  const { memsolus } = testClient(answer(status))
  await expect(memsolus.waitUntilReady('e1')).rejects.toMatchObject({
    code: `EXPORT_${status}`,
    exportId: 'e1',
    status,
  })
})

it('does not wait for an export that there is not, nor after its signal', async () => {
  const { memsolus } = testClient(failure(404, 'EXPORT_NOT_FOUND'))
  await expect(memsolus.waitUntilReady('e1')).rejects.toMatchObject({ code: 'EXPORT_NOT_FOUND', status: 404 })
  const controller = new AbortController()
  const aborted = testClient(answer('PENDING')).memsolus
  const onPoll = () => controller.abort(new Error('Enough'))
  await expect(aborted.waitUntilReady('e1', { onPoll, signal: controller.signal })).rejects.toThrow('Enough')
})

it.each([
  ['list', { data: null }],
  ['list', null],
])('refuses an answer to %s that is none: %j', async (_, body) => {
  await expect(testClient(() => json(body)).memsolus.list()).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
  await expect(testClient(() => json(body)).memsolus.get('e1')).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})
