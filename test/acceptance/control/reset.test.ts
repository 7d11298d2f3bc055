import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

const reset = ({ control, view }: TestSandbox) => control<typeof view>('POST', '/reset')

/** The data of a sandbox, by its lists; but not which revision has made a run, which is another one after a reset. */
const everything = ({ all }: TestSandbox) =>
  Promise.all(
    ['syft/organizations', 'syft/motions', 'syft/runs', 'memsolus/workspaces', 'memsolus/memories', 'memsolus/exports']
      .map((list) => all<object>(`/${list}`))
      .map(async (items) => (await items).map((item) => ({ ...item, version: undefined }))),
  )

it('puts back the data, given and made up, as the vendors show it to the byte', async () => {
  const id = '11111111-1111-4111-8111-111111111111'
  const sandbox = await testSandbox({
    clock,
    seed: 5,
    data: {
      syft: { organizations: [{ id: 'acme' }], runs: { count: 25 } },
      memsolus: { memories: { count: 15 }, exports: [{ id, format: 'csv', status: 'FAILED' }] },
    },
  })
  const look = async () => ({
    data: await everything(sandbox),
    page: (await sandbox.syft.page({ limit: 100 })).text,
    exports: (await sandbox.memsolus.list()).text,
  })
  const before = await look()
  await sandbox.addRuns({ count: 10 })
  await sandbox.addMemories({ count: 10 })
  await sandbox.memsolus.finished()
  await sandbox.control('POST', '/memsolus/workspaces', { id: 'new' })
  await sandbox.control('DELETE', `/syft/motions/${sandbox.motionId}`)
  await sandbox.control('DELETE', '/syft/organizations/acme')
  await sandbox.control('DELETE', `/memsolus/workspaces/${sandbox.view.memsolus.workspaceId}`)
  const { status } = await reset(sandbox)
  expect(status).toBe(200)
  expect(await look()).toEqual(before)
})

it('keeps the id, the name, the token, the reading and the keys, and answers the sandbox', async () => {
  const sandbox = await testSandbox({ name: 'Mine', clock, reading: { nulls: 'absent', pages: 'short' } })
  const issued = await sandbox.control('POST', '/keys', { api: 'memsolus', permissions: ['export.read'] })
  const before = await sandbox.control<typeof sandbox.view>('GET', '')
  await sandbox.advance('5h')
  const { body } = await reset(sandbox)
  expect(body).toEqual(before.body)
  expect(body.keys).toContainEqual(issued.body)
  expect(body).toMatchObject({ name: 'Mine', reading: { nulls: 'absent', pages: 'short' }, token: sandbox.view.token })
})

it('puts back the clock, how it was set and how fast it ran, although a clock is never set back', async () => {
  const sandbox = await testSandbox({ clock: { ...clock, rate: 60 } })
  await sandbox.advance('1000h')
  await sandbox.control('PUT', '/clock', { frozen: false, rate: 1_000_000 })
  await reset(sandbox)
  expect((await sandbox.control('GET', '/clock')).body).toEqual({ now, frozen: true, rate: 60 })
  expect((await sandbox.advance('1h')).body.now).toBe('2026-03-01T01:00:00.000Z')
})

it('begins anew at real time where no other was asked for', async () => {
  const sandbox = await testSandbox({ data: { syft: { runs: { count: 5 } } } })
  await sandbox.advance('1000h')
  const sent = Date.now()
  const { body } = await reset(sandbox)
  const begins = Date.parse(body.clock.now)
  expect(begins).toBeGreaterThan(sent - 1000)
  expect(begins).toBeLessThan(Date.now() + 1000)
  for (const { updatedAt } of (await sandbox.syft.page()).body.items) expect(updatedAt <= body.clock.now).toBe(true)
})

it('puts back the behavior, or that there was none', async () => {
  const behavior = { pendingFor: '1h', outcome: 'fail' }
  for (const data of [{ memsolus: { behavior } }, {}]) {
    const sandbox = await testSandbox({ clock, data })
    const before = await sandbox.control('GET', '/memsolus/behavior')
    await sandbox.control('PUT', '/memsolus/behavior', { hold: 'PENDING' })
    await reset(sandbox)
    expect((await sandbox.control('GET', '/memsolus/behavior')).body).toEqual(before.body)
  }
})

it('lets no page be served that was made before it', async () => {
  const run = { status: 'completed', createdAt: '2026-02-01T00:00:00Z' }
  const sandbox = await testSandbox({ clock, data: { syft: { runs: { items: [{ ...run, runId: 'first' }] } } } })
  const served = async () => {
    const [once, again] = [await sandbox.syft.page(), await sandbox.syft.page()]
    expect(again.text).toBe(once.text)
    return once.body.items.map(({ runId, error }) => [runId, error])
  }
  for (const runId of ['a', 'b', 'c']) {
    expect(await served()).toEqual([['first', null]])
    await sandbox.control('PATCH', '/syft/runs/first', { error: runId })
    expect(await served()).toEqual([['first', runId]])
    await sandbox.addRuns({ items: [{ ...run, runId: `z${runId}`, error: null }] })
    expect(await served()).toEqual([
      ['first', runId],
      [`z${runId}`, null],
    ])
    await reset(sandbox)
  }
})

it('makes up what is created after it as what was created before it', async () => {
  const sandbox = await testSandbox({ clock, seed: 3 })
  const make = async () => [
    { ...(await sandbox.control('POST', '/syft/runs', {})).body, version: undefined },
    (await sandbox.control('POST', '/memsolus/memories', {})).body,
    (await sandbox.control('POST', '/syft/motions', {})).body,
  ]
  const before = await make()
  expect(await make()).not.toEqual(before)
  await reset(sandbox)
  expect(await make()).toEqual(before)
})

it('M-GET-2 takes exports with it, held ones and those with a file', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
  const ready = await sandbox.memsolus.finished()
  const ids = [ready.id]
  for (const hold of ['PENDING', 'PROCESSING']) {
    await sandbox.control('PUT', '/memsolus/behavior', { hold })
    ids.push((await sandbox.memsolus.finished()).id)
  }
  await reset(sandbox)
  for (const id of ids) {
    expect((await sandbox.memsolus.get(id)).status).toBe(404)
    expect((await sandbox.memsolus.download(id)).status).toBe(404)
    expect((await sandbox.control('POST', `/memsolus/exports/${id}/release`)).status).toBe(404)
  }
  expect((await sandbox.advance('100h')).body.events).toEqual([])
  expect((await sandbox.memsolus.list()).body.meta.total).toBe(0)
})

it('during a render leaves nothing of it, and the next export is well', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.addMemories({ count: 20_000 })
  const { id } = (await sandbox.memsolus.create()).body
  const isRendering = async () => {
    const { body } = await sandbox.control<ExportView>('GET', `/memsolus/exports/${id}`)
    return body.attempts > 0
  }
  while (!(await isRendering()));
  expect((await reset(sandbox)).status).toBe(200)
  expect((await sandbox.memsolus.get(id)).status).toBe(404)
  expect((await sandbox.memsolus.list()).body.data).toEqual([])
  await sandbox.addMemories({ items: [{ id: 'only' }] })
  const next = await sandbox.memsolus.finished()
  expect(next.status).toBe('READY')
  expect((await sandbox.memsolus.download(next.id)).body).toMatchObject([{ id: 'only' }])
  expect((await sandbox.memsolus.list()).body.data).toEqual([next])
})

it('during an advance, and several at once, leave a sandbox as it was created', async () => {
  const id = '11111111-1111-4111-8111-111111111111'
  const exports = [{ id, behavior: { pendingFor: '1h', processingFor: '1h' } }]
  const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 50 }, exports } } })
  const before = await everything(sandbox)
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all([sandbox.advance('80h'), reset(sandbox), sandbox.advance('80h'), reset(sandbox)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await reset(sandbox)
    expect(await everything(sandbox)).toEqual(before)
    expect((await sandbox.control('GET', '/clock')).body).toEqual({ now, frozen: true, rate: 1 })
  }
  expect((await sandbox.advance('80h')).body.events.map(({ to }) => to)).toEqual(['PROCESSING', 'READY', 'EXPIRED'])
})
