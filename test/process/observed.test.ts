import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { ask, testServer } from '../harness/process.ts'
import type { Export } from '../harness/sandbox.ts'

type Span = { name: string; traceId: string; spanId: string; parentSpanId?: string; kind: number }
type Sent = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }

const key = { 'x-api-key': 'msk_live_demo' }

/** Takes in what is sent to it over OTLP. */
async function collector() {
  const spans: Span[] = []
  const server = createServer(async (request, response) => {
    const sent = (await json(request)) as Sent
    spans.push(...sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans }
}

async function renderOne(url: string, headers: Record<string, string> = {}): Promise<void> {
  const { body } = await ask<Export>(`${url}/v1/exports`, { method: 'POST', headers: { ...key, ...headers } })
  const status = async () => (await ask<Export>(`${url}/v1/exports/${body.id}`, { headers: key })).body.status
  await expect.poll(status, { timeout: 20_000 }).toBe('READY')
}

it('a trace goes from the request over the queue to the render, as part of the client’s own', async () => {
  const { url, spans } = await collector()
  const server = await testServer([], { OTEL_EXPORTER_OTLP_ENDPOINT: url })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await renderOne(server.url, { traceparent: `00-${traceId}-b7ad6b7169203331-01` })
  // What has ended is sent at the latest when the server ends.
  expect(await server.stop()).toBe(0)
  const own = spans.filter((span) => span.traceId === traceId)
  const named = (name: string) => own.find((span) => span.name === name)
  const [created, published, processed] = ['memsolus.createExport', 'exports publish', 'exports process'].map(named)
  expect(created?.parentSpanId).toBe('b7ad6b7169203331')
  expect(published?.parentSpanId).toBe(created?.spanId)
  expect(processed?.parentSpanId).toBe(published?.spanId)
})

it('the log of a render has the id of the request that it was created by', async () => {
  const server = await testServer([], { LOG_LEVEL: 'info' })
  await renderOne(server.url)
  await server.stop()
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const created = lines.find(({ msg, operation }) => msg === 'request' && operation === 'memsolus.createExport')
  const rendered = lines.find(({ msg }) => msg === 'export rendered')
  expect(created).toMatchObject({ api: 'memsolus', status: 202, reqId: expect.stringMatching(/^ex_/) })
  expect(rendered?.reqId).toBe(created?.reqId)
  expect(server.log()).not.toContain('msk_live_demo')
})
