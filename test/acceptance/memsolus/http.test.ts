import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerValues, rawRequest } from '../../harness/raw-http.ts'
import { type ApiError, request, testSandbox } from '../../harness/sandbox.ts'

const errorShape = (statusCode: number, error: unknown = expect.stringMatching(/^[A-Z][A-Z_]+$/)) => ({
  error,
  message: expect.stringMatching(/./),
  statusCode,
})

describe('X-HTTP-1c M-ERR-2c another method is answered with 405 and Allow, before any check of keys', () => {
  const id = '00000000-0000-4000-8000-000000000000'
  const paths = [
    ['/v1/exports', 'GET, HEAD, POST', ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']],
    [`/v1/exports/${id}`, 'GET, HEAD', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']],
    [`/v1/exports/${id}/download`, 'GET, HEAD', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']],
  ] as const
  it.each(paths)('%s', async (path, allowed, methods) => {
    for (const method of methods) {
      const { status, headers, body } = await request(`${path}?format=xml`, { method })
      expect(body, method).toEqual(errorShape(405, 'METHOD_NOT_ALLOWED'))
      expect([status, headers.get('allow')], method).toEqual([405, allowed])
    }
    const withBody = { method: 'PUT', headers: { 'content-type': 'json' }, body: '{' }
    expect((await request(path, withBody)).status).toBe(405)
    for (const method of ['TRACE', 'QUERY']) {
      expect((await rawRequest(`${method} ${path} HTTP/1.1`)).status, method).toBe(405)
    }
  })
})

it.each([
  '/v1',
  '/v1/',
  '/v1?page=1',
  '/v1/export',
  '/v1/Exports',
  '/v1/exports/',
  '/v1/exports//download',
  '/v1/exports/1/downloads',
  '/v1/exports/1/download/',
  '/v1/exports/1/download/2',
  '/v1/exports/%zz',
  '/v1/exports/%c3%28',
  '/v1/memories',
])('X-HTTP-1c M-ERR-2c X-ALIEN-1c there is no %s, whoever asks: 404 in the API’s own form', async (path) => {
  const { view } = await testSandbox()
  for (const headers of [{}, { 'x-api-key': view.memsolus.apiKey }]) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, body, headers: answered } = await request(path, { method, headers })
      expect(body, method).toEqual(errorShape(404, 'NOT_FOUND'))
      expect(status, method).toBe(404)
      expect(answered.get('sandport-exchange')).toMatch(/./)
    }
  }
})

it('X-HTTP-1c HEAD answers what GET does, without a body', async () => {
  const { memsolus, view } = await testSandbox({ data: { memsolus: { memories: { count: 5 } } } })
  const { id } = await memsolus.finished({ format: 'csv' })
  const headers = { 'x-api-key': view.memsolus.apiKey }
  const paths = ['/v1/exports', `/v1/exports/${id}`, `/v1/exports/${id}/download`, '/v1/exports/none', '/v1/none']
  for (const path of [...paths, '/v1/exports?page=0']) {
    const got = await request(path, { headers })
    const head = await request(path, { method: 'HEAD', headers })
    expect([head.status, head.text], path).toEqual([got.status, ''])
    for (const name of ['content-type', 'content-length', 'content-disposition', 'etag', 'retry-after']) {
      expect(head.headers.get(name), `${name} of ${path}`).toBe(got.headers.get(name))
    }
  }
  expect((await request('/v1/exports', { method: 'HEAD' })).status).toBe(401)
})

it('X-HTTP-1c a HEAD is no poll', async () => {
  const { memsolus, view } = await testSandbox({
    data: { memsolus: { behavior: { polls: { pending: 1, processing: 0 } } } },
  })
  const { id } = (await memsolus.create()).body
  const headers = { 'x-api-key': view.memsolus.apiKey }
  for (let count = 0; count < 3; count++) await request(`/v1/exports/${id}`, { method: 'HEAD', headers })
  expect((await memsolus.get(id)).body.status).toBe('PENDING')
  expect((await memsolus.get(id)).body.status).toBe('PROCESSING')
})

it('X-HTTP-1c nothing is compressed that was not asked for, and there are no ranges', async () => {
  const { memsolus, view } = await testSandbox({ data: { memsolus: { memories: { count: 50 } } } })
  const { id } = await memsolus.finished({ format: 'markdown' })
  const whole = await memsolus.download(id)
  const plain = await rawRequest(`GET /v1/exports/${id}/download HTTP/1.1`, [`X-Api-Key: ${view.memsolus.apiKey}`])
  expect(plain).toMatchObject({ status: 200, body: whole.text })
  for (const name of ['content-encoding', 'transfer-encoding']) expect(headerValues(plain, name)).toEqual([])
  const part = await memsolus.download(id, { headers: { range: 'bytes=0-9', 'if-range': '"x"' } })
  expect([part.status, part.text]).toEqual([200, whole.text])
  expect(part.headers.has('content-range')).toBe(false)
  expect(part.headers.has('accept-ranges')).toBe(false)
})

it('X-ALIEN-1c every answer carries an exchange of its own', async () => {
  const { memsolus } = await testSandbox()
  const { id } = await memsolus.finished()
  const answers = [
    await memsolus.create(),
    await memsolus.create({ format: 'xml' }),
    await memsolus.list(),
    await memsolus.get(id),
    await memsolus.get('none'),
    await memsolus.download(id),
    await memsolus.list({}, { key: '' }),
    await request('/v1/exports', { method: 'DELETE' }),
    await request('/v1/none'),
  ]
  const exchanges = answers.map(({ headers }) => headers.get('sandport-exchange') ?? '')
  for (const exchange of exchanges) expect(exchange).toMatch(/^[\w-]+$/)
  expect(new Set(exchanges).size).toBe(answers.length)
})

it('M-RATE-1c where no limit is turned on, nobody is told to wait', async () => {
  const { memsolus } = await testSandbox()
  const answers = await Promise.all(Array.from({ length: 200 }, () => memsolus.list()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(answers.some(({ headers }) => headers.has('retry-after'))).toBe(false)
})

it('M-ERR-2c X-HTTP-2c no query, however hostile, is answered with a 5xx or out of form', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { memories: { count: 3 } } } })
  const names = ['format', 'user_id', 'priority', 'categories', 'created_after', 'created_before', 'page', 'page_size']
  const awkward = [
    'json',
    '%00',
    '%',
    '%ff%fe',
    '%ed%a0%80',
    '1',
    '-1',
    '1e9',
    '9'.repeat(400),
    "'; drop table memory--",
    '2026-01-01T00:00:00+99:99',
  ]
  const value = fc.oneof(
    fc.constantFrom(...awkward),
    fc.string({ unit: 'binary', maxLength: 40 }).map(encodeURIComponent),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  const query = fc
    .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 })
    .map((pairs) => pairs.map(([name, text]) => `${name}=${text.replace(/[\s#]/g, '+')}`).join('&'))
  await fc.assert(
    fc.asyncProperty(query, fc.string({ unit: 'binary', maxLength: 30 }), async (search, id) => {
      const path = id === '' || id === '.' || id === '..' ? 'x' : encodeURIComponent(id)
      const answers = [
        await memsolus.create(search),
        await memsolus.list(search),
        await memsolus.get(`${path}?${search}`),
        await memsolus.download(`${path}`),
      ]
      for (const { status, body } of answers) {
        expect(status).toBeLessThan(500)
        if (status >= 400) expect(body).toEqual(errorShape(status))
      }
      expect(answers.slice(2).map((answer) => (answer.body as ApiError).error)).toEqual(
        Array(2).fill('EXPORT_NOT_FOUND'),
      )
    }),
    { numRuns: 60 },
  )
})

it('M-ERR-2c X-HTTP-2c what HTTP itself does not allow is refused in the same form, and the server goes on', async () => {
  const tooLong = await rawRequest(`GET /v1/exports?user_id=${'u'.repeat(70_000)} HTTP/1.1`)
  expect([tooLong.status, JSON.parse(tooLong.body)]).toEqual([431, errorShape(431)])
  const noRequest = await rawRequest('G@T /v1/exports HTTP/1.1')
  expect([noRequest.status, JSON.parse(noRequest.body)]).toEqual([400, errorShape(400)])
  expect((await request('/v1/exports')).status).toBe(401)
})
