import { expect, it } from 'vitest'
import { ApiError, ConnectionError, InvalidResponse } from './errors.ts'
import { codeOfStatus, createHttp, segment, textOf } from './http.ts'
import { fakeClock, fakeFetch, json, type Responder } from './testing.ts'

const ok = () => json({ fine: true })
const refused = () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
}
const failed = (status: number, headers: Record<string, string> = {}): Responder => {
  return () => json({ error: 'Not now' }, { status, headers })
}

function testHttp(...responders: [Responder, ...Responder[]]) {
  const { fetch, sent } = fakeFetch(...responders)
  const { clock, slept } = fakeClock()
  const http = createHttp({
    baseUrl: 'http://server/base/',
    fetch,
    clock,
    headers: { 'x-key': 'k' },
    readError: (body, status) => ({ code: codeOfStatus(status), message: textOf(body, 'error') ?? '?' }),
  })
  return { http, sent, slept }
}

it('sends the headers, the query without what is undefined, and a body as JSON', async () => {
  const { http, sent } = testHttp(ok)
  const query = { a: 'x y&z', b: undefined, c: 3, d: '2026-01-01T00:00:00+01:00' }
  const { body } = await http.json({ method: 'PUT', path: '/things', query, body: { n: 1 } })
  expect(body).toEqual({ fine: true })
  expect(sent[0]?.url.href).toBe('http://server/base/things?a=x+y%26z&c=3&d=2026-01-01T00%3A00%3A00%2B01%3A00')
  expect(sent[0]).toMatchObject({ method: 'PUT', body: { n: 1 } })
  expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({ 'x-key': 'k', 'content-type': 'application/json' })
})

it.each([
  ['the network', refused],
  ['a 429', failed(429)],
  ['a 502', failed(502)],
  ['a 503', failed(503)],
  ['a 504', failed(504)],
  ['an answer that is no JSON', () => new Response('<html>')],
])('tries a read again after %s', async (_, failure) => {
  const { http, sent, slept } = testHttp(failure, failure, ok)
  expect((await http.json({ path: '/' })).body).toEqual({ fine: true })
  expect(sent).toHaveLength(3)
  expect(slept).toEqual([500, 1000])
})

it.each([400, 401, 403, 404, 409, 410, 422, 500])('tries nothing again after a %i', async (status) => {
  const { http, sent } = testHttp(failed(status))
  await expect(http.json({ path: '/' })).rejects.toMatchObject({ status })
  expect(sent).toHaveLength(1)
})

it('tries a write again after a 429, which took nothing in, and after nothing else', async () => {
  const limited = testHttp(failed(429), ok)
  await limited.http.json({ method: 'POST', path: '/' })
  expect(limited.sent).toHaveLength(2)
  for (const failure of [refused, failed(503)]) {
    const { http, sent } = testHttp(failure, ok)
    await expect(http.json({ method: 'POST', path: '/' })).rejects.toThrow()
    expect(sent).toHaveLength(1)
  }
})

it.each([
  ['seconds', '7', 7000],
  ['a date', 'Sun, 01 Mar 2026 00:00:09 GMT', 9000],
  ['a date that is over', 'Sun, 01 Mar 2020 00:00:00 GMT', 500],
  ['nonsense', 'soon', 500],
  ['a negative number', '-5', 500],
])('waits as long as a Retry-After of %s says', async (_, retryAfter, delayMs) => {
  const { http, slept } = testHttp(failed(503, { 'retry-after': retryAfter }), ok)
  await http.json({ path: '/' })
  expect(slept).toEqual([delayMs])
})

it('does not wait for a Retry-After of an hour, and tells of it', async () => {
  const { http, slept } = testHttp(failed(429, { 'retry-after': '3600' }))
  await expect(http.json({ path: '/' })).rejects.toMatchObject({ code: 'RATE_LIMIT', retryAfterMs: 3_600_000 })
  expect(slept).toEqual([])
})

it('gives up after four retries, whose delays double', async () => {
  const { http, sent, slept } = testHttp(refused)
  const error = await http.json({ path: '/' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConnectionError)
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', message: expect.stringContaining('ECONNREFUSED') })
  expect((error as Error).cause).toBeInstanceOf(TypeError)
  expect(sent).toHaveLength(5)
  expect(slept).toEqual([500, 1000, 2000, 4000])
})

it('spreads retries over the whole of their delay', async () => {
  const { clock, slept } = fakeClock({ random: () => 0.25 })
  const { fetch } = fakeFetch(refused, ok)
  const http = createHttp({
    baseUrl: 'http://server',
    fetch,
    clock,
    headers: {},
    readError: () => ({ code: '', message: '' }),
  })
  await http.json({ path: '/' })
  expect(slept).toEqual([125])
})

it('throws what the server said', async () => {
  const headers = { 'sandport-exchange': 'ex_1', 'retry-after': '2' }
  const { http } = testHttp(() => json({ error: 'No such motion' }, { status: 404, headers }))
  const error = await http.json({ path: '/things' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    message: 'GET /things was answered with 404 NOT_FOUND: No such motion',
    status: 404,
    code: 'NOT_FOUND',
    requestId: 'ex_1',
    retryAfterMs: 2000,
    body: { error: 'No such motion' },
  })
})

it('reads an error that is no JSON', async () => {
  const { http } = testHttp(() => new Response('<h1>Bad gateway</h1>', { status: 500 }))
  await expect(http.json({ path: '/' })).rejects.toMatchObject({ code: 'SERVER_ERROR', body: '<h1>Bad gateway</h1>' })
})

it('tells what was no JSON', async () => {
  const { http } = testHttp(() => new Response('{"a":'))
  await expect(http.json({ path: '/x' })).rejects.toThrow(InvalidResponse)
  await expect(http.json({ path: '/x' })).rejects.toThrow('GET /x was answered with what is no JSON: {"a":')
})

it('ends a try that takes too long, and tries again', async () => {
  const never: Responder = (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const { http, sent } = testHttp(never)
  await expect(http.json({ path: '/', timeoutMs: 1 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(sent).toHaveLength(5)
})

it('rejects with the reason of its signal, before, during and between tries', async () => {
  const reason = new Error('Enough')
  const before = testHttp(ok)
  await expect(before.http.json({ path: '/', signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(before.sent).toHaveLength(0)

  const controller = new AbortController()
  const during = testHttp(() => {
    controller.abort(reason)
    throw new TypeError('terminated')
  })
  await expect(during.http.json({ path: '/', signal: controller.signal })).rejects.toBe(reason)
  expect(during.sent).toHaveLength(1)
})

it('keeps a part of a path in its place', () => {
  expect(segment('a/b?c')).toBe('a%2Fb%3Fc')
  expect(() => segment('..')).toThrow(TypeError)
  expect(() => segment('')).toThrow(TypeError)
})
