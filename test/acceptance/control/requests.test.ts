import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { rawRequest } from '../../harness/raw-http.ts'
import { type ApiError, request, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

type Pair = { name: string; value: string }
type Exchange = {
  exchange: string
  operation: string | null
  method: string
  path: string
  search: string
  query: Pair[]
  motionId: string | null
  exportId: string | null
  key: string | null
  at: string
  realAt: string
  durationMs: number
  status: number | null
  bytes: number
  whole: boolean
  cutBy: string | null
  revision: number
  cursorIn: string | null
  cursorOut: string | null
  hasMore: boolean | null
  script: { id: string; step: number } | null
  requestBody: string | null
  responseBody: string | null
  requestHeaders: Pair[]
  responseHeaders: Pair[]
}
type Listed = { items: Exchange[]; nextCursor: string | null } & ApiError

const journal = async ({ control }: TestSandbox, search = '') =>
  (await control<Listed>('GET', `/requests${search}`)).body.items

/** The one exchange that a client has made, once it has ended, however it did. */
async function onlyExchange(sandbox: TestSandbox, operation: string): Promise<Exchange> {
  const verified = await sandbox.control('POST', '/requests/verify', { operation, within: '20s' })
  expect(verified.body).toMatchObject({ matched: true, count: 1 })
  const [only] = await journal(sandbox)
  if (!only) throw new Error('The journal is empty')
  return only
}

/** A connection on which one request was sent, its answer not read yet. */
async function send(path: string, headers: Record<string, string>): Promise<Socket> {
  const { hostname, port, host } = new URL(serverUrl())
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`)
  socket.write([`GET ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
  return socket
}

it('tells everything of an exchange', async () => {
  const sandbox = await testSandbox({ clock: { now: '2026-03-01T12:00:00Z', frozen: true } })
  await sandbox.addRuns({ count: 3, status: 'completed' })
  const first = await sandbox.syft.page({ limit: 2, fields: 'runId' })
  await sandbox.syft.page({ limit: 2, fields: 'runId', cursor: first.body.nextCursor ?? '' })
  const [opening, following] = await journal(sandbox)
  expect(opening).toMatchObject({
    exchange: first.headers.get('sandport-exchange'),
    operation: 'syft.exportRuns',
    method: 'GET',
    path: `/api/motion/${sandbox.motionId}/export`,
    search: 'limit=2&fields=runId',
    query: [
      { name: 'limit', value: '2' },
      { name: 'fields', value: 'runId' },
    ],
    motionId: sandbox.motionId,
    exportId: null,
    key: sandbox.view.syft.secretKey.slice(-4),
    at: '2026-03-01T12:00:00.000Z',
    status: 200,
    bytes: first.text.length,
    whole: true,
    cutBy: null,
    cursorIn: null,
    cursorOut: first.body.nextCursor,
    hasMore: true,
    script: null,
    findings: expect.any(Array),
    requestBody: null,
    responseBody: first.text,
  })
  expect(opening?.requestHeaders).toContainEqual({
    name: 'authorization',
    value: `Bearer …${sandbox.view.syft.secretKey.slice(-4)}`,
  })
  expect(opening?.responseHeaders).toContainEqual({ name: 'content-type', value: 'application/json; charset=utf-8' })
  expect(opening?.durationMs).toBeGreaterThan(0)
  expect(opening?.revision).toBeGreaterThan(0)
  expect(following).toMatchObject({
    cursorIn: first.body.nextCursor,
    cursorOut: null,
    hasMore: false,
    revision: opening?.revision,
  })
})

it('tells of one exchange which versions of runs it served', async () => {
  const sandbox = await testSandbox()
  await sandbox.addRuns({ items: [{ runId: 'one' }] })
  await sandbox.syft.page()
  await sandbox.control('PATCH', '/syft/runs/one', { status: 'failed' })
  await sandbox.syft.page({ status: 'failed' })
  const [before, after] = await journal(sandbox)
  const servedIn = async (exchange = '') =>
    (await sandbox.control<{ served: [string, number][] }>('GET', `/requests/${exchange}`)).body.served
  const [[runId, first] = []] = await servedIn(before?.exchange)
  const [[sameId, second] = []] = await servedIn(after?.exchange)
  expect([runId, sameId]).toEqual(['one', 'one'])
  expect(second).toBeGreaterThan(first ?? Number.NaN)
  expect(await servedIn((await sandbox.memsolus.list()).headers.get('sandport-exchange') ?? '')).toBeNull()
  const missing = await sandbox.control('GET', '/requests/ex_none')
  expect(missing).toMatchObject({ status: 404, body: { error: 'EXCHANGE_NOT_FOUND' } })
})

it('lists by operation, by status or class, by id, after an exchange, and in pages', async () => {
  const sandbox = await testSandbox()
  const ids: (string | null)[] = []
  const did = async (answer: Promise<{ headers: Headers }>) => ids.push((await answer).headers.get('sandport-exchange'))
  await did(sandbox.syft.page())
  await did(sandbox.syft.page({ limit: 'none' }))
  await did(sandbox.syft.page({}, { motion: 'another' }))
  await did(sandbox.memsolus.list())
  const found = async (search: string) => (await journal(sandbox, search)).map(({ exchange }) => exchange)
  expect(await found('')).toEqual(ids)
  expect(await found('?operation=memsolus.listExports')).toEqual([ids[3]])
  expect(await found('?status=404')).toEqual([ids[2]])
  expect(await found('?status=4xx')).toEqual([ids[1], ids[2]])
  expect(await found(`?exchange=${ids[1]}`)).toEqual([ids[1]])
  expect(await found(`?after=${ids[1]}`)).toEqual([ids[2], ids[3]])
  const page = (await sandbox.control<Listed>('GET', `/requests?limit=2&after=${ids[0]}`)).body
  expect(page.items.map(({ exchange }) => exchange)).toEqual([ids[1], ids[2]])
  expect(await found(`?limit=2&after=${ids[0]}&cursor=${page.nextCursor}`)).toEqual([ids[3]])
})

it('refuses a filter that can match nothing, and says what it could be', async () => {
  const { control } = await testSandbox()
  const unknown = await control('GET', '/requests?operation=syft.exportRun')
  expect(unknown).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE', path: '/operation' } })
  expect(unknown.body.message).toContain('syft.exportRuns')
  const status = await control('GET', '/requests?status=6xx')
  expect(status).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE', path: '/status' } })
  expect(status.body.message).toContain('4xx')
  const after = await control('GET', '/requests?after=ex_none')
  expect(after).toMatchObject({ status: 404, body: { error: 'EXCHANGE_NOT_FOUND' } })
})

it('keeps of every key the last characters alone, wherever it was', async () => {
  const sandbox = await testSandbox()
  const { secretKey } = sandbox.view.syft
  const { apiKey } = sandbox.view.memsolus
  const encoded = secretKey.replaceAll('_', '%5F')
  await sandbox.syft.page(`api_key=${apiKey}&token=${encoded}&q=a%20b`, { headers: { 'x-syft-secret-key': secretKey } })
  await request(`/v1/exports?note=${sandbox.token}`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'text/plain', cookie: `key=${secretKey}` },
    body: `key is ${apiKey}`,
  })
  const items = await journal(sandbox)
  expect(items).toHaveLength(2)
  for (const key of [secretKey, apiKey, encoded, sandbox.token]) expect(JSON.stringify(items)).not.toContain(key)
  expect(items[0]?.query).toEqual([
    { name: 'api_key', value: `…${apiKey.slice(-4)}` },
    { name: 'token', value: `…${secretKey.slice(-4)}` },
    { name: 'q', value: 'a b' },
  ])
  expect(items[1]).toMatchObject({ key: apiKey.slice(-4), requestBody: `key is …${apiKey.slice(-4)}` })
})

it('has what no database can hold, such as U+0000 in a path, in a form that it can', async () => {
  const sandbox = await testSandbox()
  await sandbox.memsolus.get('%00')
  await sandbox.syft.page('since=%00', { motion: '%00' })
  const items = await journal(sandbox)
  expect(items.map(({ status, exportId, motionId }) => ({ status, exportId, motionId }))).toEqual([
    { status: 404, exportId: '\uFFFD', motionId: null },
    { status: 404, exportId: null, motionId: '\uFFFD' },
  ])
})

it('has requests to paths and methods that there are not, and with keys that may not', async () => {
  const sandbox = await testSandbox()
  const headers = { authorization: `Bearer ${sandbox.view.syft.secretKey}`, 'x-api-key': sandbox.view.memsolus.apiKey }
  await request('/api/nothing', { headers })
  await request('/v1/exports', { method: 'PUT', headers })
  await sandbox.syft.page({}, { key: 'sk_live_other', headers: { 'x-api-key': sandbox.view.memsolus.apiKey } })
  expect(await journal(sandbox)).toMatchObject([
    { operation: null, path: '/api/nothing', status: 404 },
    { operation: null, method: 'PUT', path: '/v1/exports', status: 405 },
    { operation: 'syft.exportRuns', status: 401, key: 'ther' },
  ])
})

it('does not count what HEAD was not sent', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  await sandbox.control('DELETE', '/requests')
  const headers = { 'x-api-key': sandbox.view.memsolus.apiKey }
  await request(`/v1/exports/${id}`, { method: 'HEAD', headers })
  await request(`/v1/exports/${id}/download`, { method: 'HEAD', headers })
  expect(await journal(sandbox, '?status=200')).toMatchObject([
    { method: 'HEAD', operation: 'memsolus.getExport', bytes: 0, whole: true, responseBody: null },
    { method: 'HEAD', operation: 'memsolus.downloadExport', bytes: 0, whole: true, responseBody: null },
  ])
})

it('names the export that a create made, and those that others are about', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished({ format: 'csv' })
  const { text } = await sandbox.memsolus.download(id)
  const items = await journal(sandbox)
  expect(items.map(({ operation, exportId }) => [operation, exportId])).toEqual([
    ['memsolus.createExport', id],
    ['memsolus.getExport', id],
    ['memsolus.downloadExport', id],
  ])
  expect(items[2]).toMatchObject({ bytes: Buffer.byteLength(text), whole: true, responseBody: null })
})

const faults = [
  { step: { reset: true }, expected: { status: null, bytes: 0, whole: false, cutBy: 'script' } },
  { step: { close: true }, expected: { status: null, bytes: 0, whole: false, cutBy: 'script' } },
  { step: { truncate: { after: 30 } }, expected: { status: 200, bytes: 30, whole: false, cutBy: 'script' } },
  {
    step: { truncate: { after: 30, contentLength: 'fixed' } },
    expected: { status: 200, bytes: 30, whole: false, cutBy: 'script' },
  },
  {
    step: { truncate: { after: 30, contentLength: 'none' } },
    expected: { status: 200, bytes: 30, whole: false, cutBy: 'script' },
  },
  { step: { stall: { after: 20, for: '10ms' } }, expected: { status: 200, bytes: 46, whole: true, cutBy: null } },
  { step: { corrupt: 'json' }, expected: { status: 200, bytes: 45, whole: false, cutBy: null } },
  { step: { respond: { status: 503 } }, expected: { status: 503, whole: false, cutBy: null } },
  { step: { pass: true }, expected: { status: 200, bytes: 46, whole: true, cutBy: null } },
]

for (const { step, expected } of faults) {
  it(`says what was sent where a script did ${JSON.stringify(step)}`, async () => {
    const sandbox = await testSandbox()
    const script = { operation: 'syft.exportRuns', steps: [{ delay: '1ms' }, step] }
    const { body } = await sandbox.control<{ id: string }>('POST', '/scripts', script)
    await sandbox.syft.page()
    const target = `GET /api/motion/${sandbox.motionId}/export HTTP/1.1`
    await rawRequest(target, [`Authorization: Bearer ${sandbox.view.syft.secretKey}`]).catch(() => 'cut')
    await sandbox.control('POST', '/requests/verify', { operation: 'syft.exportRuns', atLeast: 2, within: '20s' })
    expect(await journal(sandbox)).toMatchObject([
      { status: 200, bytes: 46, whole: true, cutBy: null, script: { id: body.id, step: 0 } },
      { ...expected, script: { id: body.id, step: 1 } },
    ])
  })
}

it('says how much of a download had been sent when the client went away', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({ count: 20_000 })
  const { id } = await sandbox.memsolus.finished({ format: 'json' })
  const { body } = await sandbox.control<{ file: { bytes: number } }>('GET', `/memsolus/exports/${id}`)
  await sandbox.control('DELETE', '/requests')
  const socket = await send(`/v1/exports/${id}/download`, { 'x-api-key': sandbox.view.memsolus.apiKey })
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString('latin1')).toContain('HTTP/1.1 200 OK')
  socket.destroy()
  const exchange = await onlyExchange(sandbox, 'memsolus.downloadExport')
  expect(exchange).toMatchObject({ status: 200, whole: false, cutBy: 'client' })
  expect(exchange.bytes).toBeGreaterThan(0)
  expect(exchange.bytes).toBeLessThan(body.file.bytes)
})

it('says that a client went away before it was answered', async () => {
  const sandbox = await testSandbox()
  await sandbox.control('POST', '/scripts', { operation: 'syft.exportRuns', steps: [{ hold: true }] })
  const path = `/api/motion/${sandbox.motionId}/export`
  const socket = await send(path, { authorization: `Bearer ${sandbox.view.syft.secretKey}` })
  socket.destroy()
  const exchange = await onlyExchange(sandbox, 'syft.exportRuns')
  expect(exchange).toMatchObject({ status: null, bytes: 0, whole: false, cutBy: 'client', responseBody: null })
})

it('begins anew when it is cleared, and when the sandbox is reset', async () => {
  const sandbox = await testSandbox()
  await sandbox.syft.page()
  expect(await sandbox.control('DELETE', '/requests')).toMatchObject({ status: 204 })
  expect(await journal(sandbox)).toEqual([])
  await sandbox.syft.page()
  expect(await journal(sandbox)).toHaveLength(1)
  await sandbox.syft.page()
  await sandbox.control('POST', '/reset')
  expect(await journal(sandbox)).toEqual([])
  await sandbox.syft.page()
  expect(await journal(sandbox)).toHaveLength(1)
})

it('has nothing of a request that a reset or a clearing overtook', async () => {
  const sandbox = await testSandbox()
  for (const [method, path] of [
    ['POST', '/reset'],
    ['DELETE', '/requests'],
  ] as const) {
    const { body } = await sandbox.control<{ id: string }>('POST', '/scripts', {
      operation: 'syft.exportRuns',
      steps: [{ hold: true }],
    })
    const held = sandbox.syft.page()
    await expect
      .poll(async () => (await sandbox.control<{ spent: boolean }>('GET', `/scripts/${body.id}`)).body.spent)
      .toBe(true)
    await sandbox.control(method, path)
    await sandbox.control('POST', `/scripts/${body.id}/release`)
    expect((await held).status).toBe(200)
    expect(await journal(sandbox)).toEqual([])
  }
})
