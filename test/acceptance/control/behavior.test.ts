import { describe, expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }
const usual = { pendingFor: '0s', processingFor: '0s', polls: {}, hold: null, outcome: 'ready', failure: null }

describe('a behavior', () => {
  it.each<[given: Record<string, unknown>, shown: Record<string, unknown>]>([
    [{}, {}],
    [{ pendingFor: '500ms' }, { pendingFor: '500ms' }],
    [{ pendingFor: '0s', processingFor: '1.5h' }, { processingFor: '90m' }],
    [
      { pendingFor: 'PT90S', processingFor: 'P1DT12H' },
      { pendingFor: '90s', processingFor: '36h' },
    ],
    [{ processingFor: '7d' }, { processingFor: '168h' }],
    [{ polls: {} }, {}],
    [{ polls: { pending: 0 } }, { polls: { pending: 0 } }],
    [{ polls: { processing: 10_000 } }, { polls: { processing: 10_000 } }],
    [{ polls: { pending: 2, processing: 3 } }, { polls: { pending: 2, processing: 3 } }],
    [{ hold: 'PENDING' }, { hold: 'PENDING' }],
    [
      { hold: 'PROCESSING', outcome: 'lose-file' },
      { hold: 'PROCESSING', outcome: 'lose-file' },
    ],
    [{ outcome: 'ready' }, {}],
    [
      { outcome: 'fail', failure: 'no "disk" 😀' },
      { outcome: 'fail', failure: 'no "disk" 😀' },
    ],
  ])('%j is set, shown as it was sent, and that of the next export', async (given, shown) => {
    const { control, memsolus } = await testSandbox({ clock })
    const set = await control('PUT', '/memsolus/behavior', given)
    expect([set.status, set.body]).toEqual([200, given])
    expect((await control('GET', '/memsolus/behavior')).body).toEqual(given)
    const { id } = (await memsolus.create()).body
    const { behavior } = (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body
    expect(behavior).toEqual({ ...usual, ...shown })
  })

  it('replaces the one before, whole', async () => {
    const { control } = await testSandbox({
      clock,
      data: { memsolus: { behavior: { pendingFor: '1h', hold: 'PENDING' } } },
    })
    await control('PUT', '/memsolus/behavior', { processingFor: '1m' })
    expect((await control('GET', '/memsolus/behavior')).body).toEqual({ processingFor: '1m' })
    await control('PUT', '/memsolus/behavior', {})
    expect((await control('GET', '/memsolus/behavior')).body).toEqual({})
  })

  it('of an export as data is its own, whatever that of the sandbox is', async () => {
    const { control } = await testSandbox({
      clock,
      data: { memsolus: { behavior: { hold: 'PENDING', pendingFor: '1h' } } },
    })
    const create = async (body: unknown) => (await control<ExportView>('POST', '/memsolus/exports', body)).body.behavior
    const inherited = { ...usual, hold: 'PENDING', pendingFor: '1h' }
    expect(await create({})).toEqual(inherited)
    expect(await create({ behavior: { pendingFor: '2h' } })).toEqual({ ...usual, pendingFor: '2h' })
    expect(await create({ behavior: {} })).toEqual(usual)
  })

  it.each<[path: string, says: string, body: unknown]>([
    ['/pendingFor', 'a duration', { pendingFor: 5 }],
    ['/pendingFor', 'a duration', { pendingFor: '-5m' }],
    ['/processingFor', 'a duration', { processingFor: 'P1M' }],
    ['/processingFor', 'a duration', { processingFor: '36526d' }],
    ['/polls', 'an object', { polls: 2 }],
    ['/polls/pending', 'a whole number', { polls: { pending: 1.5 } }],
    ['/polls/pending', 'a whole number', { polls: { pending: '2' } }],
    ['/polls/processing', 'at most 10000', { polls: { processing: 10_001 } }],
    ['/polls/ready', 'Unknown property', { polls: { ready: 1 } }],
    ['/hold', '"PENDING", "PROCESSING"', { hold: 'READY' }],
    ['/hold', '"PENDING", "PROCESSING"', { hold: null }],
    ['/outcome', '"ready", "fail", "lose-file"', { outcome: 'failed' }],
    ['/failure', 'a string', { failure: '' }],
    ['/failure', '1000', { failure: 'x'.repeat(1001) }],
    ['/message', 'Unknown property', { message: 'x' }],
  ])('is refused at %s, which must be %s, and the one before stays: %j', async (path, says, body) => {
    const before = { pendingFor: '5m' }
    const { control } = await testSandbox({ clock, data: { memsolus: { behavior: before } } })
    const answer = await control('PUT', '/memsolus/behavior', body)
    expect([answer.status, answer.body.path]).toEqual([400, path])
    expect(answer.body.message).toContain(says)
    expect((await control('GET', '/memsolus/behavior')).body).toEqual(before)
  })
})
