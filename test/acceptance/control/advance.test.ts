import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { type Advanced, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

/** An instant so many hours after the beginning. */
const after = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString()

/** What happened to exports, as `[when, to which one, what it became]`. */
const transitions = ({ events }: Advanced) => events.map(({ at, exportId, to }) => [at, exportId, to])

/** An id that tells exports of a test apart. */
const exportId = (number: number) => `00000000-0000-4000-8000-${`${number}`.padStart(12, '0')}`

it('advancing goes by a duration or to an instant, and answers where it is', async () => {
  const { advance, advanceTo } = await testSandbox({ clock })
  expect((await advance('90m')).body).toEqual({ now: after(1.5), events: [] })
  expect((await advance('PT30M')).body).toEqual({ now: after(2), events: [] })
  expect((await advanceTo('2026-03-01T03:00:00+00:00')).body).toEqual({ now: after(3), events: [] })
  expect((await advanceTo('now+1h')).body).toEqual({ now: after(4), events: [] })
  expect((await advanceTo('now')).body).toEqual({ now: after(4), events: [] })
})

it('advancing tells what happened in the order of time, each with its instant; of one instant, the first created first', async () => {
  const sandbox = await testSandbox({ clock })
  const behaviors = [
    { pendingFor: '3h', processingFor: '3h' },
    { pendingFor: '1h', processingFor: '4h', outcome: 'fail', failure: 'no disk' },
    { pendingFor: '3h' },
  ]
  await sandbox.control('POST', '/memsolus/exports', {
    items: behaviors.map((behavior, number) => ({ id: exportId(9 - number), behavior })),
  })
  const { body } = await sandbox.advance('80h')
  expect(body.now).toBe(after(80))
  expect(transitions(body)).toEqual([
    [after(1), exportId(8), 'PROCESSING'],
    [after(3), exportId(9), 'PROCESSING'],
    [after(3), exportId(7), 'PROCESSING'],
    [after(3), exportId(7), 'READY'],
    [after(5), exportId(8), 'FAILED'],
    [after(6), exportId(9), 'READY'],
    [after(75), exportId(7), 'EXPIRED'],
    [after(78), exportId(9), 'EXPIRED'],
  ])
  expect(body.events[4]).toEqual({
    at: after(5),
    type: 'export.transition',
    exportId: exportId(8),
    from: 'PROCESSING',
    to: 'FAILED',
    failure: 'no disk',
  })
  expect((await sandbox.advance('1000h')).body.events).toEqual([])
})

it('M-LIFE-2 advancing by 72 h and more over an export still processing makes it ready first, then expires it with its file', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 12 } } } })
  await sandbox.control('POST', '/memsolus/exports', {
    id: exportId(1),
    status: 'PROCESSING',
    updated_at: '2026-02-28T23:30:00Z',
    behavior: { processingFor: '1h' },
  })
  const view = async () => (await sandbox.control<ExportView>('GET', `/memsolus/exports/${exportId(1)}`)).body
  const first = await sandbox.advance('72h')
  expect(transitions(first.body)).toEqual([[after(0.5), exportId(1), 'READY']])
  const { file, progress } = await view()
  expect(file?.bytes).toBe(Buffer.byteLength((await sandbox.memsolus.download(exportId(1))).text))
  expect(progress).toEqual({ rows: 12, total: 12 })
  const second = await sandbox.advance('30m')
  expect(transitions(second.body)).toEqual([[after(72.5), exportId(1), 'EXPIRED']])
  expect(await view()).toMatchObject({ status: 'EXPIRED', file: null })

  const { id } = (await sandbox.memsolus.create()).body
  await sandbox.advance('72h')
  const { timeline, file: lost } = (await sandbox.control<ExportView>('GET', `/memsolus/exports/${id}`)).body
  expect(timeline.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'READY', 'EXPIRED'])
  expect(lost).toBeNull()
})

it('M-LIFE-3c advancing passes what is held and what waits for polls', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.control('POST', '/memsolus/exports', {
    items: [
      { id: exportId(1), behavior: { hold: 'PENDING' } },
      { id: exportId(2), behavior: { hold: 'PROCESSING', pendingFor: '1h' } },
      { id: exportId(3), behavior: { polls: { pending: 1 } } },
      { id: exportId(4), status: 'PROCESSING', behavior: { polls: { processing: 1 } } },
      { id: exportId(5), behavior: { pendingFor: '2h' } },
    ],
  })
  const { body } = await sandbox.advance('10h')
  expect(transitions(body)).toEqual([
    [after(1), exportId(2), 'PROCESSING'],
    [after(2), exportId(5), 'PROCESSING'],
    [after(2), exportId(5), 'READY'],
  ])
  const views = await sandbox.all<ExportView>('/memsolus/exports')
  expect(views.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'PENDING', 'PROCESSING', 'READY'])
  expect(views.slice(0, 4).map(({ nextAt }) => nextAt)).toEqual([null, null, null, null])
})

it('advancing by 0s does what is due, and moves no clock', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.control('POST', '/memsolus/exports', { count: 5, behavior: { outcome: 'fail' } })
  await sandbox.control('POST', '/memsolus/exports', { count: 5, behavior: { pendingFor: '1ms' } })
  expect((await sandbox.advance('0s')).body.now).toBe(now)
  const statuses = (await sandbox.all<ExportView>('/memsolus/exports')).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual([...Array(5).fill('FAILED'), ...Array(5).fill('PENDING')])
  expect((await sandbox.control('GET', '/clock')).body).toEqual({ now, frozen: true, rate: 1 })
})

it('advancing does not make more than 10,000 things happen: it says how many it would, and nothing does', async () => {
  const sandbox = await testSandbox({ clock })
  const create = (body: unknown) => sandbox.control('POST', '/memsolus/exports', body)
  expect((await create({ count: 10_000, behavior: { pendingFor: '1h', hold: 'PROCESSING' } })).status).toBe(201)
  await create({ id: exportId(1), behavior: { pendingFor: '1h', processingFor: '3h' } })
  const refused = [
    [await sandbox.advance('3h'), '10001'],
    [await sandbox.advance('4h'), '10002'],
    [await sandbox.advance('76h'), '10003'],
    [await sandbox.control('PUT', '/clock', { now: 'now+76h', frozen: false }), '10003'],
  ] as const
  for (const [{ status, body }, count] of refused) {
    const message = expect.stringMatching(`would make ${count} things happen, more than 10000`)
    expect([status, body]).toEqual([422, { error: 'TOO_MANY_STEPS', message }])
  }
  expect((await sandbox.control('GET', '/clock')).body).toEqual({ now, frozen: true, rate: 1 })
  const { status, timeline } = (await sandbox.control<ExportView>('GET', `/memsolus/exports/${exportId(1)}`)).body
  expect([status, timeline.length]).toEqual(['PENDING', 1])
  expect((await sandbox.advance('59m')).body.events).toEqual([])
})

it('advancing twice at once by 40 h adds up to 80 h, and over 50 exports everything happens once, at its instant', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 5 } } } })
  const fifty = Array.from({ length: 50 }, (_, number) => exportAt(number))
  await sandbox.control('POST', '/memsolus/exports', { items: fifty.map(({ item }) => item) })
  const answers = await Promise.all([sandbox.advance('40h'), sandbox.advance('40h')])

  expect(answers.map(({ body }) => body.now).toSorted()).toEqual([after(40), after(80)])
  expect((await sandbox.control('GET', '/clock')).body).toEqual({ now: after(80), frozen: true, rate: 1 })
  const expected = fifty.flatMap(({ future }) => future)
  for (const { body } of answers) {
    const instants = body.events.map(({ at }) => at)
    expect(instants).toEqual(instants.toSorted())
    expect(expected).toEqual(expect.arrayContaining(transitions(body)))
  }
  const told = answers.flatMap(({ body }) => transitions(body).map((event) => JSON.stringify(event)))
  expect([...new Set(told)].toSorted()).toEqual(expected.map((event) => JSON.stringify(event)).toSorted())

  const views = await sandbox.all<ExportView>('/memsolus/exports')
  expect(views.map(({ timeline }) => timeline)).toEqual(fifty.map(({ timeline }) => timeline))
  for (const { status, file } of views) expect(file !== null).toBe(status === 'READY')
  expect((await sandbox.advance('0s')).body.events).toEqual([])
})

/** One of 50 exports of every status and age: how it is created, what happens to it within 80 hours, and all its life. */
function exportAt(number: number) {
  const id = exportId(number)
  const hour = number % 10
  const entries = (...steps: [number, string][]) => steps.map(([hours, status]) => ({ at: after(hours), status }))
  const story = (
    item: Record<string, unknown>,
    past: { at: string; status: string }[],
    future: { at: string; status: string }[],
  ) => ({
    item: { id, ...item },
    future: future.map(({ at, status }) => [at, id, status]),
    timeline: [...past, ...future],
  })
  switch (Math.floor(number / 10)) {
    case 0:
      return story(
        { behavior: { pendingFor: `${hour + 1}h`, processingFor: '30m' } },
        entries([0, 'PENDING']),
        entries(
          [hour + 1, 'PROCESSING'],
          [hour + 1.5, 'READY'],
          ...(hour < 7 ? [[hour + 73.5, 'EXPIRED'] as [number, string]] : []),
        ),
      )
    case 1:
      return story(
        { created_at: after(-2), behavior: { pendingFor: `${3 + hour * 8}h`, outcome: 'fail' } },
        entries([-2, 'PENDING']),
        entries([1 + hour * 8, 'PROCESSING'], [1 + hour * 8, 'FAILED']),
      )
    case 2:
      return story(
        {
          status: 'PROCESSING',
          updated_at: after(-1),
          behavior: { processingFor: `${hour + 2}h`, ...(hour < 5 ? {} : { hold: 'PROCESSING' }) },
        },
        entries([-1, 'PENDING'], [-1, 'PROCESSING']),
        hour < 5 ? entries([hour + 1, 'READY'], [hour + 73, 'EXPIRED']) : [],
      )
    case 3:
      return story(
        { status: 'READY', updated_at: after(-7 * hour) },
        entries([-7 * hour, 'PENDING'], [-7 * hour, 'PROCESSING'], [-7 * hour, 'READY']),
        entries([72 - 7 * hour, 'EXPIRED']),
      )
    default:
      return hour < 5
        ? story(
            { status: 'FAILED', updated_at: after(-hour) },
            entries([-hour, 'PENDING'], [-hour, 'PROCESSING'], [-hour, 'FAILED']),
            [],
          )
        : story(
            { status: 'EXPIRED', updated_at: after(-hour) },
            entries([-hour - 72, 'PENDING'], [-hour - 72, 'PROCESSING'], [-hour - 72, 'READY'], [-hour, 'EXPIRED']),
            [],
          )
  }
}
