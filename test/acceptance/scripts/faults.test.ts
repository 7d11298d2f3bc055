import { expect, it } from 'vitest'
import { headerOf, type Received, receive } from '../../harness/raw-socket.ts'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'
import { arm } from '../../harness/scripts.ts'

/** A sandbox whose first page is small and always the same. */
const withRuns = () => testSandbox({ data: { syft: { runs: { count: 5 } } } })

function pageOf({ motionId, view }: TestSandbox, { close = true } = {}): Promise<Received> {
  return receive(`GET /api/motion/${motionId}/export?fields=status&limit=1 HTTP/1.1`, [
    `Authorization: Bearer ${view.syft.secretKey}`,
    ...(close ? ['Connection: close'] : []),
  ])
}

/** The same page twice: as it is, and as a step makes it. */
async function faulted(step: Record<string, unknown>) {
  const sandbox = await withRuns()
  const clean = await pageOf(sandbox)
  await arm(sandbox, { operation: 'syft.exportRuns', steps: [step] })
  return { clean, fault: await pageOf(sandbox, { close: step.truncate === undefined }) }
}

it('reset: the connection is reset before a byte of the answer', async () => {
  const { fault } = await faulted({ reset: true })
  expect(fault).toEqual({ head: '', body: '', ending: 'RST' })
})

it('close: the connection is closed before a byte of the answer', async () => {
  const { fault } = await faulted({ close: true })
  expect(fault).toEqual({ head: '', body: '', ending: 'FIN' })
})

it('truncate: the length of the whole body, half of its bytes, and the end', async () => {
  const { clean, fault } = await faulted({ truncate: { after: 0.5 } })
  expect(headerOf(fault, 'content-length')).toBe(`${clean.body.length}`)
  expect(fault.body).toBe(clean.body.slice(0, Math.floor(clean.body.length / 2)))
  expect(fault.ending).toBe('FIN')
})

it('truncate: after so many bytes, none of them too', async () => {
  const { clean, fault } = await faulted({ truncate: { after: 17 } })
  expect(fault.body).toBe(clean.body.slice(0, 17))
  const { fault: empty } = await faulted({ truncate: { after: 0 } })
  expect(empty.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(empty.body).toBe('')
})

it('truncate: with a length that fits what is sent, so that a client cannot notice', async () => {
  const sandbox = await withRuns()
  const clean = await pageOf(sandbox)
  await arm(sandbox, {
    operation: 'syft.exportRuns',
    steps: [{ truncate: { after: 17, contentLength: 'fixed' } }],
  })
  const fault = await pageOf(sandbox)
  expect(headerOf(fault, 'content-length')).toBe('17')
  expect(fault.body).toBe(clean.body.slice(0, 17))
})

it('truncate: without a length, so that the end of the connection is the end of the body', async () => {
  const { clean, fault } = await faulted({ truncate: { after: 17, contentLength: 'none' } })
  expect([headerOf(fault, 'content-length'), headerOf(fault, 'transfer-encoding')]).toEqual([undefined, undefined])
  expect(fault.body).toBe(clean.body.slice(0, 17))
  expect(fault.ending).toBe('FIN')
})

it('truncate: inside of a CSV field, and inside of a character', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({ items: [{ memory: 'plain' }, { memory: 'said "no", then\nleft' }, { memory: 'é' }] })
  const { id } = await sandbox.memsolus.finished({ format: 'csv' })
  const download = () =>
    receive(`GET /v1/exports/${id}/download HTTP/1.1`, [
      `X-Api-Key: ${sandbox.view.memsolus.apiKey}`,
      'Connection: close',
    ])
  const clean = await download()

  const operation = 'memsolus.downloadExport'
  await arm(sandbox, { operation, steps: [{ truncate: { after: 0, inside: 'csv-field', contentLength: 'none' } }] })
  const inField = await download()
  expect(clean.body.startsWith(inField.body)).toBe(true)
  expect(inField.body.split('"').length % 2).toBe(0)

  await arm(sandbox, { operation, steps: [{ truncate: { after: 0, inside: 'utf8', contentLength: 'none' } }] })
  const inCharacter = await download()
  expect(clean.body.startsWith(inCharacter.body)).toBe(true)
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(inCharacter.body, 'latin1'))).toThrow()
})

it('stall: the beginning, then nothing for a while, then the rest', async () => {
  const { clean, fault } = await faulted({ stall: { after: 10, for: '20ms' } })
  expect(fault.body).toBe(clean.body)
  expect(headerOf(fault, 'content-length')).toBe(`${clean.body.length}`)
})

it('corrupt: JSON without its end', async () => {
  const { clean, fault } = await faulted({ corrupt: 'json' })
  expect(fault.body).toBe(clean.body.slice(0, -1))
  expect(headerOf(fault, 'content-length')).toBe(`${clean.body.length - 1}`)
  expect(headerOf(fault, 'content-type')).toBe('application/json; charset=utf-8')
})

it('corrupt: an HTML page with 200', async () => {
  const { fault } = await faulted({ corrupt: 'html' })
  expect(fault.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(headerOf(fault, 'content-type')).toBe('text/html; charset=utf-8')
  expect(fault.body).toMatch(/^<!DOCTYPE html>/)
})

it('corrupt: bytes that are no UTF-8', async () => {
  const { clean, fault } = await faulted({ corrupt: 'encoding' })
  expect(fault.body.replace('\xff', '')).toBe(clean.body)
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(fault.body, 'latin1'))).toThrow()
})

it('alter: another status, headers and members of the real answer', async () => {
  const { clean, fault } = await faulted({
    alter: {
      status: 206,
      headers: { 'X-Region': 'eu', date: null },
      merge: { hasMore: null, total: 5 },
      mergeItems: { status: 'archived', score: 1 },
    },
  })
  expect(fault.head).toMatch(/^HTTP\/1\.1 206 Partial Content\r\n/)
  expect(headerOf(fault, 'x-region')).toBe('eu')
  const { hasMore, ...rest } = JSON.parse(clean.body)
  const items = rest.items.map((item: object) => ({ ...item, status: 'archived', score: 1 }))
  expect(hasMore).toBe(true)
  expect(JSON.parse(fault.body)).toEqual({ ...rest, items, total: 5 })
})

it('respond: in place of the API, with its own body, headers and Retry-After', async () => {
  const { fault } = await faulted({
    respond: { status: 418, body: { short: true }, headers: { 'x-pot': 'tea' }, retryAfter: 7 },
  })
  expect(fault.head).toMatch(/^HTTP\/1\.1 418 /)
  expect([headerOf(fault, 'x-pot'), headerOf(fault, 'retry-after')]).toEqual(['tea', '7'])
  expect(fault.body).toBe('{"short":true}')
})

it.each([
  [401, '{"error":"Unauthorized"}'],
  [429, '{"error":"Too many requests"}'],
  [500, '{"error":"Internal server error"}'],
  [503, '{"error":"Service Unavailable"}'],
])('S-ERR-2c S-RATE-2c respond: %i without a body is as Syft would answer it', async (status, body) => {
  const { fault } = await faulted({ respond: { status } })
  expect(fault.head.startsWith(`HTTP/1.1 ${status} `)).toBe(true)
  expect(fault.body).toBe(body)
})

it.each([
  [401, 'UNAUTHORIZED'],
  [404, 'EXPORT_NOT_FOUND'],
  [429, 'RATE_LIMIT'],
  [500, 'INTERNAL_ERROR'],
  [503, 'SERVICE_UNAVAILABLE'],
])('M-ERR-2c M-RATE-1c respond: %i without a body is as Memsolus would answer it', async (status, error) => {
  const sandbox = await testSandbox()
  await arm(sandbox, { operation: 'memsolus.createExport', steps: [{ respond: { status } }] })
  const { body, ...answer } = await sandbox.memsolus.create()
  expect(answer.status).toBe(status)
  expect(body).toEqual({ error, message: expect.stringMatching(/./), statusCode: status })
  expect((await sandbox.memsolus.list()).body.meta.total).toBe(0)
})

it('reset of a create: the export is made, and its answer lost', async () => {
  const sandbox = await testSandbox()
  await arm(sandbox, { operation: 'memsolus.createExport', steps: [{ reset: true }] })
  await expect(sandbox.memsolus.create()).rejects.toThrow()
  expect((await sandbox.memsolus.list()).body.meta.total).toBe(1)
})
