import { expect, it } from 'vitest'
import { control, request, testSandbox } from '../../harness/sandbox.ts'

/** The value of a metric, of every line whose labels hold all of these. */
function valuesOf(text: string, name: string, labels: Record<string, string> = {}): number[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return lines
    .filter((line) => wanted.every((label) => line.includes(label)))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))))
}

it('tells Prometheus of requests, by operation and status', async () => {
  const sandbox = await testSandbox()
  const call = { api: 'syft', operation: 'syft.exportRuns', status: '200' }
  // Each process counts its own, so enough requests that each has had one.
  for (let page = 0; page < 4; page++) await sandbox.syft.page()
  const { status, headers, text } = await request('/_sandport/metrics')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const [count = 0] = valuesOf(text, 'sandport_http_request_duration_seconds_count', call)
  expect(count).toBeGreaterThan(0)
  const operation = 'POST /_sandport/sandboxes'
  expect(valuesOf(text, 'sandport_http_request_duration_seconds_count', { operation, status: '201' })).toHaveLength(1)
  expect(text).toContain('process_resident_memory_bytes')
  expect(text).not.toContain(sandbox.view.syft.secretKey)
})

it('tells of exports by status, and of the queue', async () => {
  const sandbox = await testSandbox()
  await sandbox.memsolus.finished()
  const { text } = await request('/_sandport/metrics')
  expect(valuesOf(text, 'sandport_exports', { api: 'memsolus', status: 'READY' })[0]).toBeGreaterThan(0)
  for (const state of ['waiting', 'active', 'delayed']) {
    expect(valuesOf(text, 'sandport_queue_jobs', { state })).toHaveLength(1)
  }
})

it('is alive without asking anybody', async () => {
  const { status, body } = await control('GET', '/health/live')
  expect({ status, body }).toEqual({ status: 200, body: { status: 'up', version: expect.any(String) } })
})
