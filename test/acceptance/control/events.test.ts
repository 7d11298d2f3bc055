import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { followEvents } from '../../harness/events.ts'
import { ask, testServer } from '../../harness/process.ts'
import { request, testSandbox } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

it('tells of an exchange as the journal has it', async () => {
  const sandbox = await testSandbox()
  const stream = await followEvents(`/sandboxes/${sandbox.id}/events`)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const { headers } = await sandbox.syft.page({ limit: 5 })
  const { event, data, id } = await stream.next()
  expect(event).toBe('exchange')
  expect(id).toMatch(/^\d+-\d+$/)
  const { body } = await sandbox.control<{ items: unknown[] }>('GET', '/requests')
  expect(data).toEqual({ type: 'exchange', ...(body.items[0] as object) })
  expect(data.exchange).toBe(headers.get('sandport-exchange'))
})

it('tells of transitions, of the clock, of changes to the data and of steps taken, in order', async () => {
  const sandbox = await testSandbox({ clock: { now: '2026-03-01T12:00:00Z', frozen: true } })
  const stream = await followEvents(`/sandboxes/${sandbox.id}/events`)
  await sandbox.control('PUT', '/memsolus/behavior', { processingFor: '5m' })
  await sandbox.addRuns({ count: 3 })
  await sandbox.control('PUT', '/clock', { rate: 60 })
  await sandbox.memsolus.create()
  await sandbox.advance('1h')
  const script = await sandbox.control<{ id: string }>('POST', '/scripts', {
    operation: 'syft.exportRuns',
    steps: [{ pass: true }],
  })
  const { headers } = await sandbox.syft.page()
  const told: Record<string, unknown>[] = []
  while (told.at(-1)?.type !== 'script.step') told.push((await stream.next()).data)
  const noted = told.filter(({ type }) => type !== 'exchange')
  expect(noted).toEqual([
    { at: '2026-03-01T12:00:00.000Z', type: 'data.changed', what: 'memsolus.behavior', how: 'changed', count: 1 },
    { at: '2026-03-01T12:00:00.000Z', type: 'data.changed', what: 'syft.runs', how: 'created', count: 3 },
    { at: '2026-03-01T12:00:00.000Z', type: 'clock.changed', now: '2026-03-01T12:00:00.000Z', frozen: true, rate: 60 },
    { ...transition('PENDING', 'PROCESSING'), at: '2026-03-01T12:00:00.000Z' },
    { ...transition('PROCESSING', 'READY'), at: '2026-03-01T12:05:00.000Z' },
    { at: '2026-03-01T13:00:00.000Z', type: 'clock.changed', now: '2026-03-01T13:00:00.000Z', frozen: true, rate: 60 },
    {
      at: '2026-03-01T13:00:00.000Z',
      type: 'script.step',
      script: script.body.id,
      step: 0,
      operation: 'syft.exportRuns',
      exchange: headers.get('sandport-exchange'),
    },
  ])
})

const transition = (from: string, to: string) => ({ type: 'export.transition', from, to, exportId: expect.any(String) })

it('says what was changed, how, and how much of it', async () => {
  const sandbox = await testSandbox()
  const stream = await followEvents(`/sandboxes/${sandbox.id}/events?types=data`)
  const organization = await sandbox.control<{ id: string }>('POST', '/syft/organizations', {})
  await sandbox.control('POST', '/syft/motions', { items: [{ id: 'one' }, { id: 'two' }] })
  await sandbox.control('PATCH', '/syft/motions/one', { name: 'Renamed' })
  await sandbox.addRuns({ runId: 'run' })
  await sandbox.control('PATCH', '/syft/runs/run', { status: 'failed' })
  await sandbox.control('DELETE', '/syft/runs/run')
  await sandbox.control('DELETE', `/syft/organizations/${organization.body.id}`)
  await sandbox.addMemories({ count: 7 })
  await sandbox.control('POST', '/memsolus/exports', { items: [{}, {}] })
  const key = await sandbox.control<{ key: string }>('POST', '/keys', { api: 'memsolus' })
  await sandbox.control('DELETE', `/keys/${key.body.key}`)
  const refused = await sandbox.control('PATCH', '/syft/runs/none', { status: 'failed' })
  expect(refused.status).toBe(404)
  await sandbox.control('POST', '/memsolus/workspaces', { name: 'Last' })
  const told: unknown[] = []
  for (let event = 0; event < 12; event++) {
    const { data } = await stream.next()
    told.push([data.what, data.how, data.count])
  }
  expect(told).toEqual([
    ['syft.organizations', 'created', 1],
    ['syft.motions', 'created', 2],
    ['syft.motions', 'changed', 1],
    ['syft.runs', 'created', 1],
    ['syft.runs', 'changed', 1],
    ['syft.runs', 'deleted', 1],
    ['syft.organizations', 'deleted', 1],
    ['memsolus.memories', 'created', 7],
    ['memsolus.exports', 'created', 2],
    ['keys', 'created', 1],
    ['keys', 'deleted', 1],
    ['memsolus.workspaces', 'created', 1],
  ])
})

it('tells what was asked for alone, and refuses what is no type', async () => {
  const sandbox = await testSandbox()
  const stream = await followEvents(`/sandboxes/${sandbox.id}/events?types=clock,script`)
  await sandbox.addRuns({ count: 1 })
  await sandbox.syft.page()
  await sandbox.advance('1s')
  expect((await stream.next()).event).toBe('clock.changed')
  const refused = await sandbox.control('GET', '/events?types=clock,exchanges')
  expect(refused).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE', path: '/types' } })
  expect(refused.body.message).toContain('exchange, finding, export, clock')
})

it('tells nothing that happened before, unless it is asked to go on from there', async () => {
  const sandbox = await testSandbox()
  const path = `/sandboxes/${sandbox.id}/events`
  await sandbox.addRuns({ count: 1 })
  await sandbox.syft.page()
  const stream = await followEvents(path)
  await sandbox.addRuns({ count: 2 })
  const second = await stream.next()
  expect(second.data).toMatchObject({ type: 'data.changed', count: 2 })
  stream.close()
  await sandbox.addRuns({ count: 3 })
  const resumed = await followEvents(path, { 'last-event-id': second.id })
  expect((await resumed.next()).data).toMatchObject({ type: 'data.changed', count: 3 })
  const whole = await followEvents(path, { 'last-event-id': '0-0' })
  expect((await whole.next()).data).toMatchObject({ type: 'data.changed', count: 1 })
  expect((await whole.next()).data).toMatchObject({ type: 'exchange' })
  expect(await whole.next()).toEqual(second)
  expect((await whole.next()).data).toMatchObject({ count: 3 })
  const refused = await request(`/_sandport${path}`, { headers: { 'last-event-id': 'last' } })
  expect(refused).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE' } })
})

it('leaves nothing out and repeats nothing while many do much at once', async () => {
  const sandbox = await testSandbox()
  const path = `/sandboxes/${sandbox.id}/events?types=data`
  let stream = await followEvents(path)
  const changes = Promise.all(Array.from({ length: 60 }, (_, made) => sandbox.addRuns({ count: made + 1 })))
  const counts: unknown[] = []
  while (counts.length < 60) {
    const { id, data } = await stream.next()
    counts.push(data.count)
    if (counts.length % 20 !== 0) continue
    stream.close()
    stream = await followEvents(path, { 'last-event-id': id })
  }
  await changes
  expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 60 }, (_, made) => made + 1))
})

it('tells of one sandbox alone', async () => {
  const [own, other] = [await testSandbox(), await testSandbox()]
  const stream = await followEvents(`/sandboxes/${own.id}/events`)
  await other.addRuns({ count: 5 })
  await own.addRuns({ count: 1 })
  expect((await stream.next()).data).toMatchObject({ count: 1 })
})

it('ends when the sandbox is deleted, and goes on when it is reset', async () => {
  const sandbox = await testSandbox()
  const stream = await followEvents(`/sandboxes/${sandbox.id}/events?types=data`)
  await sandbox.control('POST', '/reset')
  await sandbox.addRuns({ count: 2 })
  expect((await stream.nextOf('data.changed')).data).toMatchObject({ count: 2 })
  await sandbox.control('DELETE', '')
  await stream.ended()
})

it('drops a reader that takes nothing for two seconds, and serves everybody else meanwhile', async () => {
  const sandbox = await testSandbox()
  const { hostname, port, host } = new URL(serverUrl())
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`GET /_sandport/sandboxes/${sandbox.id}/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString()).toContain('200 OK')
  socket.pause()
  const attentive = await followEvents(`/sandboxes/${sandbox.id}/events?types=exchange`)
  const readAll = (async () => {
    for (let exchange = 0; exchange < 400; exchange++) expect((await attentive.next()).event).toBe('exchange')
  })()
  // More than any system takes in for a reader.
  const long = 'x'.repeat(14_000)
  for (let batch = 0; batch < 20; batch++)
    await Promise.all(Array.from({ length: 20 }, () => sandbox.syft.page({ long })))
  await readAll
  const nothing = { operation: 'syft.exportRuns', status: 500, never: true, within: '3s' }
  expect((await sandbox.control('POST', '/requests/verify', nothing)).body).toMatchObject({ matched: true })
  let received = 0
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  socket.resume()
  await once(socket, 'close')
  expect(received).toBeLessThan(400 * 2 * long.length)
})

it('ends when the server stops, which it keeps from nothing', async () => {
  const server = await testServer()
  const control = `${server.url}/_sandport/sandboxes/${server.sandbox}`
  const stream = await fetch(`${control}/events`)
  expect(stream.status).toBe(200)
  const waiting = ask<{ count: number }>(`${control}/requests/verify`, {
    method: 'POST',
    body: { operation: 'syft.exportRuns', within: '10m' },
  })
  await ask(`${control}/clock`)
  const began = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - began).toBeLessThan(4000)
  expect(await stream.text()).toContain('retry: 1000')
  expect((await waiting).body).toMatchObject({ matched: false, count: 0 })
})
