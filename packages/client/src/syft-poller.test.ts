import { expect, it } from 'vitest'
import type { Checkpoint } from './checkpoint.ts'
import { createSyftClient } from './syft.ts'
import type { ChangesOptions } from './syft-poller.ts'
import { collect, fakeClock, fakeFetch, json, type Responder } from './testing.ts'

const date = 'Sun, 01 Mar 2026 12:10:00 GMT'
const run = (runId: string, updatedAt: string, status = 'completed') => ({ runId, status, updatedAt })
const page = (items: object[], nextCursor: string | null = null, headers: Record<string, string> = { date }) => {
  return () => json({ items, nextCursor, hasMore: nextCursor !== null }, { headers })
}
const at = (time: string) => `2026-03-01T${time}.000Z`

function testClient(...responders: [Responder, ...Responder[]]) {
  const { fetch, sent } = fakeFetch(...responders)
  const { clock, slept } = fakeClock()
  return { syft: createSyftClient({ baseUrl: 'http://server', secretKey: 'k', fetch, clock }), sent, slept }
}

/** One pass: the ids of what it gave, and its last checkpoint as it comes back from a store. */
async function pass(syft: ReturnType<typeof testClient>['syft'], options: ChangesOptions = {}) {
  const batches = await collect(syft.changes('m1', { fields: ['status'], ...options }))
  const ids = batches.flatMap(({ runs }) => runs.map(({ runId }) => runId))
  const checkpoint: Checkpoint = JSON.parse(JSON.stringify(batches.at(-1)?.checkpoint))
  return { batches, ids, checkpoint, deferred: batches.reduce((sum, batch) => sum + batch.deferred, 0) }
}

it('begins the next pass behind the server’s clock, and gives only what is new', async () => {
  const old = run('r1', at('09:00:00'))
  const recent = run('r2', at('12:09:30'))
  const tied = run('r3', at('12:09:30'))
  const { syft, sent } = testClient(page([old, recent]), page([recent, tied]), page([recent, tied]))
  const first = await pass(syft)
  expect(first.ids).toEqual(['r1', 'r2'])
  expect(first.checkpoint).toEqual({
    version: 1,
    since: at('12:09:00'),
    seen: { [at('12:09:30')]: [expect.stringMatching(/^r2:[0-9a-z]+$/)] },
  })
  const second = await pass(syft, first)
  expect(second.ids).toEqual(['r3'])
  expect((await pass(syft, second)).ids).toEqual([])
  expect(Object.fromEntries(sent[0]?.url.searchParams ?? [])).toEqual({
    limit: '100',
    status: 'completed',
    fields: 'status,updatedAt',
  })
  expect(sent[1]?.url.searchParams.get('since')).toBe('2026-03-01T12:08:59.999Z')
})

it('gives a run that is changed twice within a millisecond twice', async () => {
  const { syft } = testClient(
    page([run('r1', at('12:09:30'), 'failed')]),
    page([run('r1', at('12:09:30'), 'completed')]),
  )
  const first = await pass(syft)
  const second = await pass(syft, first)
  expect([first.ids, second.ids]).toEqual([['r1'], ['r1']])
})

it('asks for each status, and has one checkpoint for all of them', async () => {
  const { syft, sent } = testClient(
    page([run('r1', at('12:00:00'))], 'c1'),
    page([run('r2', at('12:00:00'))]),
    page([run('r3', at('12:00:00'), 'failed')]),
  )
  const { ids, batches } = await pass(syft, { status: ['completed', 'failed', 'failed'] })
  expect(ids).toEqual(['r1', 'r2', 'r3'])
  expect(batches.map(({ caughtUp }) => caughtUp)).toEqual([false, false, true])
  const asked = sent.map(({ url: { searchParams } }) => [searchParams.get('status'), searchParams.get('cursor')])
  expect(asked).toEqual([
    ['completed', null],
    ['completed', 'c1'],
    ['failed', null],
  ])
})

it('goes on within a pass from the checkpoint of a batch', async () => {
  const { syft, sent } = testClient(page([run('r1', at('09:00:00'))], 'c1'), page([run('r2', at('09:00:00'))]))
  for await (const { checkpoint } of syft.changes('m1')) {
    expect((await pass(syft, { checkpoint })).ids).toEqual(['r2'])
    break
  }
  expect(sent.map(({ url }) => url.searchParams.get('cursor'))).toEqual([null, 'c1'])
})

it('begins a pass anew where the cursor of a checkpoint is not taken any more', async () => {
  const { syft } = testClient(
    page([run('r1', at('12:09:30'))], 'c1'),
    () => json({ error: 'Invalid cursor.' }, { status: 400 }),
    page([run('r1', at('12:09:30')), run('r2', at('12:09:30'))]),
  )
  for await (const { checkpoint } of syft.changes('m1', { fields: ['status'] })) {
    expect((await pass(syft, { checkpoint })).ids).toEqual(['r2'])
    break
  }
})

it('leaves what a checkpoint has no room for to the next pass', async () => {
  const tied = ['r1', 'r2', 'r3'].map((runId) => run(runId, at('12:09:30')))
  const later = { date: 'Sun, 01 Mar 2026 12:11:00 GMT' }
  const { syft } = testClient(page(tied), page(tied, null, later))
  const first = await pass(syft, { maxSeen: 2 })
  expect(first).toMatchObject({ ids: ['r1', 'r2'], deferred: 1 })
  expect(await pass(syft, { ...first, maxSeen: 2 })).toMatchObject({
    ids: ['r3'],
    deferred: 0,
    checkpoint: { seen: {} },
  })
})

it('goes by the latest update where the server’s Date cannot be read', async () => {
  const { syft } = testClient(page([run('r1', at('09:00:00')), run('r2', at('08:00:00'))], null, {}))
  expect((await pass(syft)).checkpoint.since).toBe(at('08:59:00'))
})

it('passes over what is before its boundary, which an inclusive or rounding server gives once more', async () => {
  const { syft } = testClient(page([run('r1', at('09:00:00'))]))
  expect((await pass(syft, { checkpoint: { version: 1, since: at('10:00:00'), seen: {} } })).ids).toEqual([])
})

it('polls after each interval, tells what fails, and goes on', async () => {
  const { syft, slept } = testClient(
    page([run('r1', at('12:09:30'))]),
    () => json({ error: 'Down' }, { status: 503, headers: { 'retry-after': '900' } }),
    page([run('r1', at('12:09:30')), run('r2', at('12:09:40'))]),
  )
  const failures: unknown[] = []
  const poll = syft.poll('m1', { intervalMs: 70_000, onError: (error) => failures.push(error) })
  const ids: string[] = []
  for await (const { runs } of poll) {
    ids.push(...runs.map(({ runId }) => runId))
    if (ids.includes('r2')) break
  }
  expect(ids).toEqual(['r1', 'r2'])
  expect(failures).toMatchObject([{ status: 503 }])
  expect(slept).toEqual([70_000, 70_000])
})

it('stops for what will not be over by itself, and with the reason of its signal', async () => {
  const unauthorized = testClient(() => json({ error: 'Unauthorized' }, { status: 401 }))
  const poll = unauthorized.syft.poll('m1', { onError: () => {} })
  await expect(poll.next()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })

  const controller = new AbortController()
  const aborted = testClient(page([])).syft.poll('m1', { signal: controller.signal })
  await aborted.next()
  controller.abort(new Error('Enough'))
  await expect(aborted.next()).rejects.toThrow('Enough')
})

it.each([
  ['a checkpoint of something else', { checkpoint: JSON.parse('{"version":2}') }, 'Not a checkpoint'],
  ['no status', { status: [] }, 'names no status'],
])('refuses %s', async (_, options, message) => {
  const { syft } = testClient(page([]))
  await expect(pass(syft, options)).rejects.toThrow(message)
})
