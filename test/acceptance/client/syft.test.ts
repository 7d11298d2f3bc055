import { createSyftClient, type Followed } from '@sandport/client'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientsOf, collect } from './clients.ts'

const frozen = { now: '2026-03-01T12:00:00Z', frozen: true }

it('S-PAGE-5 S-FIELDS-1 reads pages and runs', async () => {
  const { syft, motionId } = await clientsOf({ data: { syft: { runs: { count: 23, status: 'failed' } } } })
  const page = await syft.page(motionId, { status: 'failed', limit: 10, fields: ['status'] })
  expect(page).toMatchObject({ hasMore: true, nextCursor: expect.any(String) })
  expect(page.items).toHaveLength(10)
  expect(Object.keys(page.items[0] ?? {})).toEqual(['runId', 'status'])
  const pages = await collect(syft.pages(motionId, { status: 'failed', limit: 10 }))
  expect(pages.map(({ items }) => items.length)).toEqual([10, 10, 3])
  const runs = await collect(syft.runs(motionId, { status: 'failed', limit: 7, order: 'desc' }))
  expect(runs).toEqual(pages.flatMap(({ items }) => items).toReversed())
})

it('S-AUTH-3 S-MOTION-1 throws what the API refuses', async () => {
  const { syft, motionId, sandbox } = await clientsOf()
  await expect(syft.page('none')).rejects.toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    requestId: expect.stringMatching(/^ex_/),
  })
  await expect(syft.page(motionId, { since: 'yesterday' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  const stranger = createSyftClient({ baseUrl: sandbox.syft.baseUrl, secretKey: 'sk_live_none' })
  await expect(stranger.page(motionId)).rejects.toMatchObject({ code: 'UNAUTHORIZED', body: { error: 'Unauthorized' } })
})

it('is tried again after faults, and reads a page that was cut', async () => {
  const { sandbox, motionId, own } = await clientsOf({ data: { syft: { runs: { count: 5, status: 'completed' } } } })
  const syft = createSyftClient({
    baseUrl: sandbox.syft.baseUrl,
    secretKey: sandbox.syft.secretKey,
    retry: { baseDelayMs: 1 },
  })
  const steps = [{ respond: { status: 503 } }, { reset: true }, { truncate: {} }, { corrupt: 'html' }] as const
  const script = await own.scripts.create({ operation: 'syft.exportRuns', steps: [...steps] })
  expect((await syft.page(motionId)).items).toHaveLength(5)
  expect((await own.scripts.get(script.id)).spent).toBe(true)
})

it('polls what is there, then what is new and changed, at the very instant of the checkpoint, too', async () => {
  const { syft, motionId, own } = await clientsOf({ clock: frozen })
  const runIds = (batches: Followed[]) => batches.flatMap(({ runs }) => runs.map(({ runId }) => runId))
  await own.syft.runs.create({ runId: 'r1', status: 'completed' })
  const first = await collect(syft.changes(motionId))
  expect(runIds(first)).toEqual(['r1'])
  // The clock stands, so what follows is tied with the checkpoint.
  await own.syft.runs.create({ runId: 'r2', status: 'completed' })
  await own.syft.runs.update('r1', { evaluationSummary: 'Changed' })
  const second = await collect(syft.changes(motionId, { checkpoint: first.at(-1)?.checkpoint }))
  expect(runIds(second).toSorted()).toEqual(['r1', 'r2'])
  await own.clock.advance('1h')
  const third = await collect(syft.changes(motionId, { checkpoint: second.at(-1)?.checkpoint }))
  expect(runIds(third)).toEqual([])
})

it('makes the poller miss nothing that changes between two pages', async () => {
  const { syft, motionId, own } = await clientsOf({ clock: frozen })
  const createdAt = { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' }
  const [first] = await own.syft.runs.createMany({ count: 5, status: 'completed', createdAt })
  const runId = first?.runId ?? ''
  await own.scripts.create({
    operation: 'syft.exportRuns',
    steps: [
      { pass: true },
      { before: [{ updateRuns: { runIds: [runId], error: 'Late' } }], then: [{ advanceClock: { by: '2m' } }] },
    ],
  })
  const poll = syft.poll(motionId, { limit: 2, fields: ['error'], intervalMs: 1 })
  const errors: (string | null)[] = []
  for await (const { runs, caughtUp } of poll) {
    errors.push(...runs.filter((run) => run.runId === runId).map(({ error }) => error))
    if (caughtUp && errors.length === 2) break
  }
  expect(errors).toEqual([null, 'Late'])
})

it('makes no findings of a poller that keeps to its interval', async () => {
  const { syft, motionId, own } = await clientsOf({
    clock: frozen,
    data: { syft: { runs: { count: 30, status: 'completed' } } },
  })
  let { checkpoint } = (await collect(syft.changes(motionId, { limit: 10 }))).at(-1) ?? {}
  for (let minute = 0; minute < 4; minute += 1) {
    await own.syft.runs.createMany({ count: 3, status: minute % 2 ? 'failed' : 'completed' })
    await own.clock.advance('1m')
    checkpoint = (await collect(syft.changes(motionId, { checkpoint }))).at(-1)?.checkpoint
  }
  expect(await own.findings.list()).toEqual([])
})

it('loses and doubles no version, whatever happens in whatever order', async () => {
  const anyStep = fc.oneof(
    fc.record({ step: fc.constant('insert' as const), failed: fc.boolean() }),
    fc.record({ step: fc.constant('update' as const), which: fc.nat(9), failed: fc.boolean() }),
    fc.record({ step: fc.constant('advance' as const), by: fc.constantFrom('1ms', '999ms', '1s', '60s', '10m') }),
    fc.record({ step: fc.constant('batch' as const) }),
    fc.record({ step: fc.constant('batch' as const) }),
    fc.record({ step: fc.constant('restart' as const) }),
  )
  const anyReading = fc.record({
    since: fc.constantFrom('exclusive' as const, 'inclusive' as const),
    order: fc.constantFrom('createdAt' as const, 'updatedAt' as const),
    pages: fc.constantFrom('full' as const, 'short' as const),
  })
  const steps = fc.array(anyStep, { minLength: 5, maxLength: 25, size: 'max' })
  await fc.assert(
    fc.asyncProperty(anyReading, steps, async (reading, story) => {
      const { syft, motionId, own } = await clientsOf({ reading, clock: frozen })
      const current = new Map<string, string>()
      const given: string[] = []
      let stored = 'null'
      let versions = 0
      const begin = () =>
        syft.poll(motionId, {
          checkpoint: JSON.parse(stored),
          status: ['completed', 'failed'],
          fields: ['triggerReason'],
          limit: 2,
          intervalMs: 0,
        })
      let poll = begin()
      const takeBatch = async () => {
        const { value } = await poll.next()
        if (!value) throw new Error('The poll has ended')
        given.push(...value.runs.map(({ runId, triggerReason }) => `${runId} ${triggerReason}`))
        stored = JSON.stringify(value.checkpoint)
        return value.caughtUp
      }
      for (const each of story) {
        versions += 1
        if (each.step === 'advance') await own.clock.advance(each.by)
        if (each.step === 'restart') poll = begin()
        if (each.step === 'batch') await takeBatch()
        if (each.step !== 'insert' && each.step !== 'update') continue
        const fields = { status: each.failed ? 'failed' : 'completed', triggerReason: `${versions}` }
        const known = each.step === 'update' ? [...current.keys()][each.which % Math.max(1, current.size)] : undefined
        const runId = known ?? `r${versions}`
        if (known === undefined) await own.syft.runs.create({ runId, ...fields })
        else await own.syft.runs.update(runId, fields)
        current.set(runId, `${runId} ${versions}`)
      }
      while (!(await takeBatch()));
      while (!(await takeBatch()));
      expect(given).toHaveLength(new Set(given).size)
      expect(given).toEqual(expect.arrayContaining([...current.values()]))
    }),
    { numRuns: 15, seed: 20260301 },
  )
}, 120_000)
