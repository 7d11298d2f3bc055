import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { type ApiError, control, request, testSandbox } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

const send = (path: string, body: string, type?: string) =>
  request<ApiError>(`/_sandport${path}`, {
    method: 'POST',
    body: new TextEncoder().encode(body),
    ...(type !== undefined && { headers: { 'content-type': type } }),
  })

it.each([
  ['is cut short', '{"name": "x"'],
  ['is no JSON at all', 'name=x'],
  ['has a comment', '{"name": "x"} // yes'],
  ['is two values', '{} {}'],
  ['reaches for a prototype', '{"__proto__": {"name": "x"}}'],
  ['reaches for a prototype of metadata', '{"data": {"constructor": {"prototype": {}}}}'],
])('a body that %s is refused with what is wrong', async (_what, body) => {
  const answer = await send('/sandboxes', body, 'application/json')
  expect(answer.status).toBe(400)
  expect(answer.body).toEqual({
    error: 'INVALID_JSON',
    message: expect.stringMatching(/^The body is not JSON that can be used: .{8,}/),
  })
})

it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', undefined])(
  'a body sent as %s is refused, and the right content type named',
  async (type) => {
    const answer = await send('/sandboxes', '{"name": "x"}', type)
    expect([answer.status, answer.body.error]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
    expect(answer.body.message).toContain('"content-type: application/json"')
    if (type) expect(answer.body.message).toContain(type)
  },
)

it('JSON with a charset, or of no content at all, is taken', async () => {
  expect((await send('/sandboxes', '{"seed": 5}', 'application/json; charset=utf-8')).status).toBe(201)
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain'])
    expect((await send('/sandboxes', '', type)).status).toBe(201)
  expect((await send('/sandboxes', 'null', 'application/json')).status).toBe(201)
})

it.each(['[]', '"text"', '5', 'true', '[{"seed": 1}]'])('a body that is no object is refused: %s', async (body) => {
  const answer = await send('/sandboxes', body, 'application/json')
  expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', ''])
  expect(answer.body.message).toContain('The body must be an object')
})

it('a call that needs a body says so where it has none', async () => {
  const { control } = await testSandbox()
  for (const [method, path] of [
    ['POST', '/keys'],
    ['POST', '/clock/advance'],
    ['PUT', '/clock'],
    ['PUT', '/memsolus/behavior'],
    ['POST', '/syft/runs'],
  ] as const) {
    const answer = await control(method, path)
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', ''])
    expect(answer.body.message).toContain('not null or nothing')
  }
})

it('a call that takes no body refuses one instead of passing over it', async () => {
  const { control } = await testSandbox({ data: { memsolus: { exports: [{ behavior: { hold: 'PENDING' } }] } } })
  const { body } = await control<{ items: { id: string }[] }>('GET', '/memsolus/exports')
  const calls = ['hold', 'release', 'step', 'expire', 'lose-file'].map(
    (act) => `/memsolus/exports/${body.items[0]?.id}/${act}`,
  )
  for (const path of [...calls, '/reset']) {
    const answer = await control('POST', path, { message: 'x' })
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'UNKNOWN_PROPERTY', '/message'])
  }
  expect((await control('POST', '/reset', {})).status).toBe(200)
})

it('a body nested a hundred thousand deep is refused, not fallen over', async () => {
  const { control } = await testSandbox()
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const answer = await send('/sandboxes', deep, 'application/json')
  expect([answer.status, answer.body.error]).toEqual([400, 'INVALID_VALUE'])
  expect(answer.body.message).toContain('nested too deeply')
  const metadata = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
  expect((await control('POST', '/memsolus/memories', { metadata: metadata(98) })).status).toBe(201)
  const tooDeep = await control('POST', '/memsolus/memories', { metadata: metadata(100) })
  expect([tooDeep.status, tooDeep.body.error]).toEqual([400, 'INVALID_VALUE'])
})

it('a body over 64 MB is refused before it is read', async () => {
  const headers = { 'content-type': 'application/json', 'content-length': 64 * 1024 * 1024 + 1 }
  const asked = httpRequest(`${serverUrl()}/_sandport/sandboxes`, { method: 'POST', headers })
  asked.flushHeaders()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = JSON.parse(await text(answer))
  asked.destroy()
  expect([answer.statusCode, body.error]).toEqual([413, 'BODY_TOO_LARGE'])
  expect(body.message).toContain('64 MB')
})

it('HEAD answers as GET does, with nothing in it', async () => {
  const { id } = await testSandbox()
  for (const path of [
    '/health',
    '/sandboxes',
    `/sandboxes/${id}`,
    `/sandboxes/${id}/clock`,
    `/sandboxes/${id}/syft/runs`,
  ]) {
    const head = await control('HEAD', path)
    expect([head.status, head.text]).toEqual([200, ''])
  }
  expect((await control('HEAD', '/sandboxes/nobody')).status).toBe(404)
})

it('another method on a known path is 405, and says which ones it takes', async () => {
  const { id } = await testSandbox()
  const cases = [
    ['PATCH', '/sandboxes', 'POST, GET, HEAD, DELETE'],
    ['PUT', `/sandboxes/${id}?x=1`, 'GET, HEAD, DELETE'],
    ['GET', `/sandboxes/${id}/reset`, 'POST'],
    ['POST', `/sandboxes/${id}/clock`, 'GET, HEAD, PUT'],
    ['PUT', `/sandboxes/${id}/syft/runs/r1`, 'GET, HEAD, PATCH, DELETE'],
    ['DELETE', `/sandboxes/${id}/memsolus/exports/e1/hold`, 'POST'],
    ['POST', '/health', 'GET, HEAD'],
  ] as const
  for (const [method, path, allow] of cases) {
    const answer = await control(method, path)
    expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, allow])
    expect(answer.body).toEqual({
      error: 'METHOD_NOT_ALLOWED',
      message: `This path does not take ${method}, but ${allow}`,
    })
  }
})

it('a path that there is not is 404, and named', async () => {
  const { id } = await testSandbox()
  for (const path of [
    '/nothing',
    `/sandboxes/${id}/nothing`,
    `/sandboxes/${id}/syft/runs/r1/more`,
    `/sandboxes//clock`,
  ]) {
    const answer = await control('GET', path)
    expect([answer.status, answer.headers.get('allow')]).toEqual([404, null])
    expect(answer.body.error).toMatch(/^(NOT_FOUND|SANDBOX_NOT_FOUND)$/)
  }
  const { body } = await control('GET', '/nothing?a=1')
  expect(body).toEqual({ error: 'NOT_FOUND', message: 'There is no such path: GET /_sandport/nothing?a=1' })
})
