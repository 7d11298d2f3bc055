import { describe, expect, it } from 'vitest'
import type { ExportView, Memory } from '../../harness/memsolus.ts'
import { type Item, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00.000Z', frozen: true }

type TimelineItem = {
  id: string
  at?: string
  every?: string
  from?: string
  times?: number | null
  do: Record<string, unknown>[]
  fired: number
  nextAt: string | null
}
type Timeline = { items: TimelineItem[]; nextCursor: string | null }

async function putOn({ control }: TestSandbox, ...items: unknown[]): Promise<TimelineItem[]> {
  const { status, text, body } = await control<Timeline>('POST', '/timeline', { items })
  if (status !== 201) throw new Error(`A timeline was answered with ${status}: ${text}`)
  return body.items
}

const listed = async ({ control }: TestSandbox) => (await control<Timeline>('GET', '/timeline')).body.items
const runsOf = async ({ control }: TestSandbox) => (await control<{ items: Item[] }>('GET', '/syft/runs')).body.items
const memoriesOf = async ({ control }: TestSandbox, limit = 100) =>
  (await control<{ items: Memory[] }>('GET', `/memsolus/memories?limit=${limit}`)).body.items

it('what is put at an instant happens then, not a millisecond before, and once', async () => {
  const sandbox = await testSandbox({ clock })
  const [item] = await putOn(sandbox, { at: 'now+5m', do: [{ insertRuns: { runId: 'r1', status: 'completed' } }] })
  expect(item).toEqual({
    id: expect.stringMatching(/^ti_/),
    at: '2026-03-01T12:05:00.000Z',
    do: [{ insertRuns: { runId: 'r1', status: 'completed' } }],
    fired: 0,
    nextAt: '2026-03-01T12:05:00.000Z',
  })
  expect((await sandbox.advance('299999ms')).body.events).toEqual([])
  expect((await sandbox.syft.page()).body.items).toEqual([])
  expect((await sandbox.advance('1h')).body.events).toEqual([
    { at: '2026-03-01T12:05:00.000Z', type: 'timeline.fired', itemId: item?.id, actions: ['insertRuns'] },
  ])
  const [run] = (await sandbox.syft.page()).body.items
  expect(run).toMatchObject({ runId: 'r1', updatedAt: '2026-03-01T12:05:00.000Z' })
  expect(await listed(sandbox)).toEqual([{ ...item, fired: 1, nextAt: null }])
  expect((await sandbox.advance('1h')).body.events).toEqual([])
})

it('what happens at intervals does so from one interval on, at each exact instant, as often as is said', async () => {
  const sandbox = await testSandbox({ clock })
  const [item] = await putOn(sandbox, { every: '10m', times: 3, do: [{ insertMemories: { memory: 'tick' } }] })
  expect(item).toMatchObject({ every: '10m', from: '2026-03-01T12:10:00.000Z', times: 3, fired: 0 })
  await sandbox.advance('25m')
  const created = async () => (await memoriesOf(sandbox)).map((memory) => memory.created_at).toSorted()
  expect(await created()).toEqual(['2026-03-01T12:10:00.000Z', '2026-03-01T12:20:00.000Z'])
  expect(await listed(sandbox)).toMatchObject([{ fired: 2, nextAt: '2026-03-01T12:30:00.000Z' }])
  await sandbox.advance('24h')
  expect(await created()).toHaveLength(3)
  expect(await listed(sandbox)).toMatchObject([{ fired: 3, nextAt: null }])
})

it('an interval may begin at any instant, and what was due before now has happened, each at its instant', async () => {
  const sandbox = await testSandbox({ clock })
  const tick = { insertMemories: {} }
  const [past, future] = await putOn(
    sandbox,
    { every: '1h', from: 'now-2h', do: [tick] },
    { every: '1d', from: '2026-03-02T00:00:00Z', do: [tick] },
  )
  expect(past).toMatchObject({ fired: 3, nextAt: '2026-03-01T13:00:00.000Z' })
  expect(future).toMatchObject({ fired: 0, nextAt: '2026-03-02T00:00:00.000Z', times: null })
  const created = (await memoriesOf(sandbox)).map((memory) => memory.created_at).toSorted()
  expect(created).toEqual(['2026-03-01T10:00:00.000Z', '2026-03-01T11:00:00.000Z', '2026-03-01T12:00:00.000Z'])
})

it('an advance does a mix of transitions and timeline in order, the timeline last at one instant, past what is held', async () => {
  const sandbox = await testSandbox({
    clock,
    data: { memsolus: { behavior: { pendingFor: '1m', processingFor: '2m' } } },
  })
  const { memsolus, control, advance } = sandbox
  const held = (await memsolus.create()).body.id
  await control('POST', `/memsolus/exports/${held}/hold`)
  const { id } = (await memsolus.create()).body
  const [second, first, , atReady] = await putOn(
    sandbox,
    { at: 'now+90s', do: [{ insertRuns: { runId: 'second' } }] },
    { at: 'now+1m', do: [{ insertRuns: { runId: 'first' } }] },
    { at: 'now+100h', do: [{ insertRuns: { runId: 'late' } }] },
    { at: 'now+3m', do: [{ deleteRuns: { runIds: ['first'] } }] },
  )
  const { events } = (await advance('80h')).body
  expect(events.map(({ at, type, itemId, exportId, to }) => [at, type, itemId ?? exportId, to])).toEqual([
    ['2026-03-01T12:01:00.000Z', 'export.transition', id, 'PROCESSING'],
    ['2026-03-01T12:01:00.000Z', 'timeline.fired', first?.id, undefined],
    ['2026-03-01T12:01:30.000Z', 'timeline.fired', second?.id, undefined],
    ['2026-03-01T12:03:00.000Z', 'export.transition', id, 'READY'],
    ['2026-03-01T12:03:00.000Z', 'timeline.fired', atReady?.id, undefined],
    ['2026-03-04T12:03:00.000Z', 'export.transition', id, 'EXPIRED'],
  ])
  expect((await runsOf(sandbox)).map(({ runId }) => runId)).toEqual(['second'])
  expect((await memsolus.get(held)).body.status).toBe('PENDING')
})

it('what the timeline does to exports is in the order of the clock, too', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
  const { memsolus, control, advance } = sandbox
  await control('PUT', '/memsolus/behavior', { hold: 'PENDING' })
  const create = async () => (await memsolus.create()).body.id
  const [stepped, released, failed, newest] = [await create(), await create(), await create(), await create()]
  await putOn(
    sandbox,
    { every: '1m', times: 2, do: [{ stepExport: { exportId: stepped } }] },
    { at: 'now+3m', do: [{ releaseExport: { exportId: released } }] },
    { at: 'now+3m', do: [{ failExport: { exportId: failed, message: 'No disk' } }] },
    { at: 'now+4m', do: [{ stepExport: {} }, { stepExport: {} }, { expireExport: {} }] },
    { at: 'now+5m', do: [{ loseFile: { exportId: stepped } }, { setBehavior: { hold: 'PROCESSING' } }] },
    { at: 'now+6m', do: [{ insertExports: { id: '00000000-0000-4000-8000-000000000000', status: 'READY' } }] },
    { at: 'now+7m', do: [{ insertExports: { behavior: { pendingFor: '1m' } } }, { holdExport: {} }] },
  )
  const { events } = (await advance('10m')).body
  const names = new Map(Object.entries({ stepped, released, failed, newest }).map(([name, id]) => [id, name]))
  const changes = events.filter(({ type, exportId }) => type === 'export.transition' && names.has(`${exportId}`))
  expect(changes.map(({ at, exportId, to }) => [at.slice(14, 19), names.get(`${exportId}`), to])).toEqual([
    ['01:00', 'stepped', 'PROCESSING'],
    ['02:00', 'stepped', 'READY'],
    ['03:00', 'released', 'PROCESSING'],
    ['03:00', 'released', 'READY'],
    ['03:00', 'failed', 'PROCESSING'],
    ['03:00', 'failed', 'FAILED'],
    ['04:00', 'newest', 'PROCESSING'],
    ['04:00', 'newest', 'READY'],
    ['04:00', 'newest', 'EXPIRED'],
  ])
  expect(events.filter(({ type }) => type === 'action.failed')).toEqual([])
  const view = async (id: string) =>
    (await control<ExportView & { behavior: object }>('GET', `/memsolus/exports/${id}`)).body
  expect(await view(stepped)).toMatchObject({ status: 'READY', file: null })
  expect((await memsolus.download(failed)).body.message).toContain('No disk')
  expect((await control('GET', '/memsolus/behavior')).body).toEqual({ hold: 'PROCESSING' })
  expect(await view('00000000-0000-4000-8000-000000000000')).toMatchObject({
    status: 'READY',
    updated_at: '2026-03-01T12:06:00.000Z',
    expiresAt: '2026-03-04T12:06:00.000Z',
    file: { bytes: expect.any(Number) },
  })
  const { items } = (await control<{ items: ExportView[] }>('GET', '/memsolus/exports')).body
  const last = items.find(({ timeline }) => timeline[0]?.at === '2026-03-01T12:07:00.000Z')
  expect(last).toMatchObject({ status: 'PENDING', behavior: { hold: 'PENDING' }, nextAt: null })
})

it('data is changed and deleted, motions come and go, a plan changes and a key is revoked', async () => {
  const sandbox = await testSandbox({
    clock,
    data: {
      syft: { runs: { items: [{ runId: 'a', status: 'running' }, { runId: 'b', status: 'running' }, { runId: 'c' }] } },
      memsolus: { memories: { items: [{ id: 'm' }, { id: 'n' }] }, workspaces: [{ id: 'w' }] },
    },
  })
  const { control, syft, memsolus, advance } = sandbox
  await putOn(
    sandbox,
    {
      at: 'now+1m',
      do: [
        { updateRuns: { runIds: ['a', 'b', 'a'], status: 'failed', error: 'No reply' } },
        { deleteRuns: { runIds: ['c'] } },
        { updateMemories: { ids: ['m'], priority: 'HIGH', memory: 'changed' } },
        { deleteMemories: { ids: ['n'] } },
        { insertWorkspaces: { items: [{ id: 'w2' }] } },
        { insertOrganizations: { id: 'acme', plan: 'agency' } },
        { insertMotions: { organizationId: 'acme', count: 2 } },
        { insertMotions: { id: 'short-lived' } },
      ],
    },
    { at: 'now+2m', do: [{ deleteMotion: { motionId: 'short-lived' } }, { changeOrganization: { plan: 'starter' } }] },
    {
      at: 'now+3m',
      do: [
        { revokeKey: { key: sandbox.view.syft.secretKey } },
        { changeOrganization: { organizationId: 'acme', name: 'New' } },
      ],
    },
  )
  await advance('1m')
  const changed = { status: 'failed', error: 'No reply', updatedAt: '2026-03-01T12:01:00.000Z' }
  expect(await runsOf(sandbox)).toMatchObject([
    { runId: 'a', ...changed },
    { runId: 'b', ...changed },
  ])
  expect(await memoriesOf(sandbox)).toMatchObject([
    { id: 'm', priority: 'HIGH', memory: 'changed', updated_at: '2026-03-01T12:01:00.000Z' },
  ])
  const motions = async () =>
    (await control<{ items: { id: string; organizationId: string }[] }>('GET', '/syft/motions')).body.items
  expect((await motions()).filter(({ organizationId }) => organizationId === 'acme')).toHaveLength(2)
  expect(await motions()).toContainEqual(expect.objectContaining({ id: 'short-lived' }))
  expect((await control('GET', '/memsolus/workspaces/w2')).status).toBe(200)
  await advance('1m')
  expect((await motions()).map(({ id }) => id)).not.toContain('short-lived')
  expect((await syft.page()).status).toBe(403)
  await advance('1m')
  expect((await syft.page()).status).toBe(401)
  expect((await control('GET', '/syft/organizations/acme')).body).toMatchObject({ name: 'New', plan: 'agency' })
  expect((await memsolus.list()).status).toBe(200)
})

it('an action that cannot be done is told in an event, leaves nothing behind, and keeps nothing else from happening', async () => {
  const sandbox = await testSandbox({ clock })
  const [item] = await putOn(sandbox, {
    every: '1m',
    times: 2,
    do: [
      { insertRuns: { items: [{ runId: 'half' }, { motionId: 'nowhere' }] } },
      { insertRuns: { items: [{}, { createdAt: '2026-01-02', updatedAt: '2026-01-01' }] } },
      { stepExport: {} },
      { insertMemories: { memory: 'done' } },
    ],
  })
  const { events } = (await sandbox.advance('1m')).body
  const failed = {
    at: '2026-03-01T12:01:00.000Z',
    type: 'action.failed',
    itemId: item?.id,
    message: expect.any(String),
  }
  expect(events.slice(1)).toEqual([
    { ...failed, action: 'insertRuns', error: 'MOTION_NOT_FOUND', message: expect.stringContaining('"nowhere"') },
    { ...failed, action: 'insertRuns', error: 'INVALID_VALUE', path: '/insertRuns/items/1/updatedAt' },
    { ...failed, action: 'stepExport', error: 'NO_EXPORT' },
  ])
  expect(await runsOf(sandbox)).toEqual([])
  expect(await memoriesOf(sandbox)).toHaveLength(1)
  await sandbox.advance('1m')
  expect(await memoriesOf(sandbox)).toHaveLength(2)
})

it('an advance that would make more than 10,000 things happen is refused with their number, and nothing happens', async () => {
  const sandbox = await testSandbox({ clock })
  const { control, advance } = sandbox
  const tick = { insertMemories: {} }
  await putOn(sandbox, { every: '1s', do: [tick] }, { every: '1d', times: 3, do: [tick] }, { at: 'now+1h', do: [tick] })
  for (const [by, count] of [
    ['10000s', '10001'],
    ['30d', '2592004'],
    ['36500d', '3153600004'],
  ] as const) {
    const answer = await control('POST', '/clock/advance', { by })
    expect([answer.status, answer.body.error]).toEqual([422, 'TOO_MANY_STEPS'])
    expect(answer.body.message).toContain(count)
  }
  expect(await memoriesOf(sandbox)).toEqual([])
  expect((await control('GET', '/clock')).body).toMatchObject({ now: clock.now })
  expect((await advance('5s')).body.events).toHaveLength(5)
})

it('advances at once add up, and each thing happens once', async () => {
  const sandbox = await testSandbox({ clock })
  await putOn(sandbox, { every: '1m', do: [{ insertMemories: {} }] })
  const answers = await Promise.all(Array.from({ length: 5 }, () => sandbox.advance('10m')))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  const created = (await memoriesOf(sandbox)).map(({ created_at }) => created_at)
  expect(new Set(created).size).toBe(50)
  expect(created).toHaveLength(50)
})

describe('on a clock that runs', () => {
  const running = { now: clock.now, rate: 1_000_000 }

  it('nothing is late: what is due by what the clock says is there, dated as of its instant', async () => {
    const sandbox = await testSandbox({ clock: running })
    await putOn(sandbox, { every: '1h', from: '2026-03-01T13:00:00Z', times: 60, do: [{ insertMemories: {} }] })
    let seen = 0
    while (seen < 60) {
      const { now } = (await sandbox.control<{ now: string }>('GET', '/clock')).body
      const created = (await memoriesOf(sandbox)).map((memory) => memory.created_at).toSorted()
      const hours = Math.floor((Date.parse(now) - Date.parse(clock.now)) / 3_600_000)
      expect(created.length).toBeGreaterThanOrEqual(Math.min(hours, 60))
      expect(created.length).toBeGreaterThanOrEqual(seen)
      const due = created.map((_, index) => new Date(Date.parse(clock.now) + (index + 1) * 3_600_000).toISOString())
      expect(created).toEqual(due)
      seen = created.length
    }
  })

  it('a client of either API is answered with what has happened by then', async () => {
    const sandbox = await testSandbox({ clock: running })
    await putOn(sandbox, {
      every: '1h',
      from: '2026-03-01T13:00:00Z',
      times: 30,
      do: [{ insertRuns: { status: 'completed' } }, { insertExports: {} }],
    })
    let [seenRuns, seenExports] = [0, 0]
    while (seenRuns < 30 || seenExports < 30) {
      const page = await sandbox.syft.page({ limit: 100, fields: 'updatedAt' })
      const list = await sandbox.memsolus.list()
      const dueBy = ({ headers }: { headers: Headers }) =>
        Math.min(Math.floor((Date.parse(headers.get('date') ?? '') - Date.parse(clock.now)) / 3_600_000), 30)
      expect(page.body.items.length).toBeGreaterThanOrEqual(dueBy(page))
      expect(list.body.meta.total).toBeGreaterThanOrEqual(dueBy(list))
      seenRuns = page.body.items.length
      seenExports = list.body.meta.total
    }
    const updated = (await sandbox.syft.all({ fields: 'updatedAt' })).items.map(({ updatedAt }) => updatedAt)
    const due = updated.map((_, index) => new Date(Date.parse(clock.now) + (index + 1) * 3_600_000).toISOString())
    expect(updated.toSorted()).toEqual(due)
  })

  it('a key that was to be revoked by now is good for nothing', async () => {
    const sandbox = await testSandbox({ clock: running })
    const { secretKey } = sandbox.view.syft
    await putOn(sandbox, { at: 'now+1h', do: [{ revokeKey: { key: secretKey } }] })
    let answer = await sandbox.syft.page()
    while (answer.status === 200) {
      expect(Date.parse(answer.headers.get('date') ?? '') - Date.parse(clock.now)).toBeLessThan(24 * 3_600_000)
      answer = await sandbox.syft.page()
    }
    expect(answer.status).toBe(401)
  })

  it('however many ask at once, each thing happens once', async () => {
    const sandbox = await testSandbox({ clock: running })
    await putOn(sandbox, { every: '1h', times: 40, do: [{ insertMemories: {} }] })
    let items: TimelineItem[] = []
    while (items[0]?.nextAt !== null) [items = []] = await Promise.all(Array.from({ length: 8 }, () => listed(sandbox)))
    expect(items).toMatchObject([{ fired: 40 }])
    const created = (await memoriesOf(sandbox)).map(({ created_at }) => created_at)
    expect([created.length, new Set(created).size]).toEqual([40, 40])
  })

  it('an advance first does what is overdue', async () => {
    const sandbox = await testSandbox({ clock: { now: clock.now, rate: 60 } })
    const [item] = await putOn(
      sandbox,
      { at: 'now', do: [{ insertRuns: { runId: 'now' } }] },
      { at: 'now+1m', do: [{ insertRuns: { runId: 'soon' } }] },
    )
    expect(item).toMatchObject({ fired: 1, nextAt: null })
    await sandbox.advance('2m')
    const [now, soon] = await runsOf(sandbox)
    expect(now).toMatchObject({ runId: 'now', updatedAt: item?.at })
    expect(Date.parse(soon?.updatedAt ?? '') - Date.parse(now?.updatedAt ?? '')).toBe(60_000)
    expect((await sandbox.control('GET', '/clock')).body).toMatchObject({ rate: 60, frozen: false })
  })
})

it('is listed in the order in which it was put there, page by page, until it is taken off', async () => {
  const sandbox = await testSandbox({ clock })
  const { control, advance } = sandbox
  const tick = { insertMemories: {} }
  const put = await putOn(
    sandbox,
    { at: 'now+3m', do: [tick] },
    { every: 'PT1M', do: [tick] },
    { at: 'now+1m', do: [tick] },
  )
  expect(put.map(({ at, every }) => at ?? every)).toEqual([
    '2026-03-01T12:03:00.000Z',
    '1m',
    '2026-03-01T12:01:00.000Z',
  ])
  const first = (await control<Timeline>('GET', '/timeline?limit=2')).body
  expect(first.items).toEqual(put.slice(0, 2))
  const rest = (await control<Timeline>('GET', `/timeline?limit=2&cursor=${first.nextCursor}`)).body
  expect(rest).toEqual({ items: put.slice(2), nextCursor: null })

  const gone = await control('DELETE', `/timeline/${put[1]?.id}`)
  expect([gone.status, gone.text]).toEqual([204, ''])
  const again = await control('DELETE', `/timeline/${put[1]?.id}`)
  expect([again.status, again.body.error]).toEqual([404, 'TIMELINE_ITEM_NOT_FOUND'])
  expect((await advance('10m')).body.events.map(({ itemId }) => itemId)).toEqual([put[2]?.id, put[0]?.id])
})

it('a reset takes everything off, and nothing of it happens any more', async () => {
  const sandbox = await testSandbox({ clock })
  await putOn(sandbox, { every: '1m', do: [{ insertMemories: {} }] })
  await sandbox.advance('1m')
  await sandbox.control('POST', '/reset')
  expect(await listed(sandbox)).toEqual([])
  expect((await sandbox.advance('1h')).body.events).toEqual([])
  expect(await memoriesOf(sandbox)).toEqual([])
})

it.each<[path: string, says: string, item: unknown]>([
  ['/items/0', 'Give one of them', { do: [{ insertRuns: {} }] }],
  ['/items/0/every', 'cannot be combined', { at: 'now', every: '1m', do: [{ insertRuns: {} }] }],
  ['/items/0/times', 'cannot be combined', { at: 'now', times: 2, do: [{ insertRuns: {} }] }],
  ['/items/0/at', 'now+5m', { at: 'soon', do: [{ insertRuns: {} }] }],
  ['/items/0/at', '9999', { at: 'now+36500d', do: [{ insertRuns: {} }] }],
  ['/items/0/every', 'never let the clock go on', { every: '0s', do: [{ insertRuns: {} }] }],
  ['/items/0/every', 'a duration', { every: 60, do: [{ insertRuns: {} }] }],
  ['/items/0/from', '10801 times', { every: '1s', from: 'now-3h', do: [{ insertRuns: {} }] }],
  ['/items/0/times', 'at least 1', { every: '1s', times: 0, do: [{ insertRuns: {} }] }],
  ['/items/0/do', 'It must be an array', { at: 'now' }],
  ['/items/0/do', '1 to 100 items', { at: 'now', do: [] }],
  ['/items/0/do/0', '1 property', { at: 'now', do: [{}] }],
  ['/items/0/do/0', '1 property', { at: 'now', do: [{ insertRuns: {}, insertMemories: {} }] }],
  ['/items/0/do/0/insertRun', 'Did you mean "insertRuns"?', { at: 'now', do: [{ insertRun: {} }] }],
  [
    '/items/0/do/1/insertRuns/items/0/statsu',
    '"status"',
    { at: 'now', do: [{ insertRuns: {} }, { insertRuns: { items: [{ statsu: 'x' }] } }] },
  ],
  ['/items/0/do/0/updateRuns/runIds', 'Missing', { at: 'now', do: [{ updateRuns: { status: 'x' } }] }],
  ['/items/0/do/0/changeOrganization/plan', '"starter"', { at: 'now', do: [{ changeOrganization: { plan: 'free' } }] }],
  ['/items/0/do/0/advanceClock', 'goes by the clock', { at: 'now', do: [{ advanceClock: { by: '1m' } }] }],
  [
    '/items/0/do/1/setClock',
    'goes by the clock',
    { every: '1m', do: [{ insertRuns: {} }, { setClock: { frozen: true } }] },
  ],
])('what cannot be put there is refused, and pointed at: %s, %s', async (path, says, item) => {
  const sandbox = await testSandbox({ clock: { ...clock, now: '9950-01-01T00:00:00Z' } })
  const { status, body } = await sandbox.control('POST', '/timeline', { items: [item] })
  expect([status, body.path]).toEqual([400, path])
  expect(body.message).toContain(says)
  expect(await listed(sandbox)).toEqual([])
})
