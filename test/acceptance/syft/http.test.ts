import { describe, expect, it } from 'vitest'
import { headerValues, type RawAnswer, rawRequest } from '../../harness/raw-http.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const json = 'application/json; charset=utf-8'

/** A sandbox, and its export path with a header line that lets in. */
async function rawSandbox(input: Record<string, unknown> = {}) {
  const sandbox = await testSandbox(input)
  const key = `Authorization: Bearer ${sandbox.view.syft.secretKey}`
  return { ...sandbox, path: `/api/motion/${sandbox.motionId}/export`, key }
}

describe('another method', () => {
  const withBody = ['Content-Type: application/json', 'Content-Length: 4']

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'X-HTTP-1c S-ERR-2c is answered 405 with Allow before the key is looked at: %s',
    async (method) => {
      const { path, key } = await rawSandbox()
      const line = `${method} ${path}?limit=x HTTP/1.1`
      for (const headers of [[], [key], ['Authorization: Bearer wrong']]) {
        const answer = await rawRequest(line, headers)
        expect(answer).toMatchObject({ status: 405, body: '{"error":"Method not allowed"}' })
        expect(headerValues(answer, 'allow')).toEqual(['GET, HEAD'])
        expect(headerValues(answer, 'content-type')).toEqual([json])
      }
    },
  )

  it.each([
    ['a body that is no JSON', withBody],
    ['a content type that is none', ['Content-Type: nonsense', 'Content-Length: 4']],
    ['a body of no type', ['Content-Length: 4']],
  ])('X-HTTP-1c is answered 405 also with %s', async (_, headers) => {
    const { path } = await rawSandbox()
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await rawRequest(`${method} ${path} HTTP/1.1`, headers, '{bad')
      expect(answer).toMatchObject({ status: 405, body: '{"error":"Method not allowed"}' })
    }
  })
})

describe('what is no HTTP', () => {
  it.each([
    ['a byte in the URL that must be escaped', 400, (path: string) => [`GET ${path}?status=\u00e9 HTTP/1.1`]],
    ['a header without a name', 400, (path: string) => [`GET ${path} HTTP/1.1`, ': x']],
    ['a NUL in a header', 400, (path: string) => [`GET ${path} HTTP/1.1`, 'x-syft-secret-key: a\0b']],
    ['a URL of 20 KB', 431, (path: string) => [`GET ${path}?cursor=${'a'.repeat(20_000)} HTTP/1.1`]],
    ['a header of 20 KB', 431, (path: string) => [`GET ${path} HTTP/1.1`, `x-long: ${'a'.repeat(20_000)}`]],
  ])('S-ERR-1 S-ERR-2c X-ALIEN-1c is answered as an error of the API: %s', async (_, status, linesOf) => {
    const { path } = await rawSandbox()
    const [line = '', ...headers] = linesOf(path)
    const answer = await rawRequest(line, headers)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ error: expect.stringMatching(/./) })
    expect(headerValues(answer, 'content-type')).toEqual([json])
    expect(headerValues(answer, 'sandport-exchange')).toEqual([expect.stringMatching(/^ex_/)])
  })
})

describe('HEAD', () => {
  it('X-HTTP-1c is answered as GET is, without the body', async () => {
    const { path, key } = await rawSandbox({
      clock: { now: '2026-01-01T00:00:00Z', frozen: true },
      data: { syft: { runs: { count: 5, status: 'completed' } } },
    })
    const get = await rawRequest(`GET ${path}?limit=3 HTTP/1.1`, [key])
    const head = await rawRequest(`HEAD ${path}?limit=3 HTTP/1.1`, [key])
    expect(head.body).toBe('')
    expect(head.status).toBe(200)
    expect(comparable(head)).toEqual(comparable(get))
    expect(headerValues(get, 'content-length')).toEqual([String(Buffer.byteLength(get.body))])
  })

  it.each([
    ['a key that is wrong', 'export', ['Authorization: Bearer wrong'], 401],
    ['a path that there is not', 'exports', [], 404],
  ])('X-HTTP-1c has no body either with %s', async (_, end, headers, status) => {
    const { motionId } = await rawSandbox()
    const answer = await rawRequest(`HEAD /api/motion/${motionId}/${end} HTTP/1.1`, headers)
    expect(answer).toMatchObject({ status, body: '' })
    expect(headerValues(answer, 'content-type')).toEqual([json])
  })
})

describe('the Date header', () => {
  it('X-TIME-2c is sandbox time, once, on every answer to a key that is known', async () => {
    const clock = { now: '2031-05-06T07:08:09.987Z', frozen: true }
    const { path, key, advance } = await rawSandbox({ clock })
    const answers = [
      await rawRequest(`GET ${path} HTTP/1.1`, [key]),
      await rawRequest(`GET ${path}?limit=x HTTP/1.1`, [key]),
      await rawRequest(`GET /api/motion/none/export HTTP/1.1`, [key]),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 404])
    for (const answer of answers) expect(headerValues(answer, 'date')).toEqual(['Tue, 06 May 2031 07:08:09 GMT'])
    await advance('90d')
    const later = await rawRequest(`GET ${path} HTTP/1.1`, [key])
    expect(headerValues(later, 'date')).toEqual(['Mon, 04 Aug 2031 07:08:09 GMT'])
  })

  it('X-TIME-2c is the only server clock: a run created now has the same instant', async () => {
    const { path, key, addRuns } = await rawSandbox({ clock: { now: '2031-05-06T07:08:09Z', frozen: true } })
    await addRuns({ count: 1, status: 'completed' })
    const answer = await rawRequest(`GET ${path} HTTP/1.1`, [key])
    expect(answer.body).toContain('"updatedAt":"2031-05-06T07:08:09.000Z"')
    expect(headerValues(answer, 'date')).toEqual(['Tue, 06 May 2031 07:08:09 GMT'])
  })
})

describe('a page', () => {
  it('X-HTTP-1c is not compressed unless asked for, and comes whole whatever Range says', async () => {
    const { path, key } = await rawSandbox({ data: { syft: { runs: { count: 5, status: 'completed' } } } })
    const plain = await rawRequest(`GET ${path} HTTP/1.1`, [key])
    expect(plain.status).toBe(200)
    for (const header of ['Range: bytes=0-10', 'Accept-Encoding: identity']) {
      const answer = await rawRequest(`GET ${path} HTTP/1.1`, [key, header])
      expect(answer).toMatchObject({ status: 200, body: plain.body })
      for (const name of ['content-encoding', 'content-range', 'accept-ranges']) {
        expect(headerValues(answer, name)).toEqual([])
      }
    }
  })

  it('X-HTTP-1c is answered whatever the request accepts, or carries', async () => {
    const { path, key } = await rawSandbox()
    const accepting = await rawRequest(`GET ${path} HTTP/1.1`, [key, 'Accept: text/html'])
    const carrying = await rawRequest(`GET ${path} HTTP/1.1`, [key, 'Content-Length: 4'], '{bad')
    const whole = await rawRequest(`GET http://proxied.example${path}?limit=1 HTTP/1.1`, [key])
    for (const { status, body } of [accepting, carrying, whole]) {
      expect({ status, body }).toEqual({ status: 200, body: '{"items":[],"nextCursor":null,"hasMore":false}' })
    }
  })
})

function comparable({ headers }: RawAnswer) {
  return headers.filter(([name]) => name !== 'sandport-exchange')
}
