import { expect, it } from 'vitest'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T12:00:00.000Z'
type Clock = { now: string; frozen: boolean; rate: number }

const read = async ({ control }: TestSandbox) => (await control<Clock>('GET', '/clock')).body
const set = ({ control }: TestSandbox, clock: Partial<Clock>) => control<Clock>('PUT', '/clock', clock)
const msBetween = (from: string, to: string) => Date.parse(to) - Date.parse(from)

it.each([0.001, 1, 60, 1_000_000])('a clock at rate %d runs that much faster than real time', async (rate) => {
  const sandbox = await testSandbox({ clock: { now, rate } })
  const startedMs = performance.now()
  const first = await read(sandbox)
  const betweenMs = performance.now()
  let last = first
  let readMs = betweenMs
  // Long enough to tell the rate, by asking all the while.
  while (performance.now() - betweenMs < 50) {
    readMs = performance.now()
    const next = await read(sandbox)
    expect(msBetween(last.now, next.now)).toBeGreaterThanOrEqual(0)
    last = next
  }
  const endedMs = performance.now()
  const passedMs = msBetween(first.now, last.now)
  // The database reads its clock somewhere within each call, and sandbox time is cut to milliseconds.
  expect(passedMs).toBeGreaterThanOrEqual((readMs - betweenMs) * rate - 1)
  expect(passedMs).toBeLessThanOrEqual((endedMs - startedMs) * rate + 1)
  expect(last).toMatchObject({ frozen: false, rate })
})

it('a frozen clock keeps its rate, and goes on with it from where it stood', async () => {
  const sandbox = await testSandbox({ clock: { now, frozen: true } })
  expect((await set(sandbox, { rate: 1_000_000 })).body).toEqual({ now, frozen: true, rate: 1_000_000 })
  expect(await read(sandbox)).toEqual({ now, frozen: true, rate: 1_000_000 })
  const freed = await set(sandbox, { frozen: false })
  expect(freed.body).toMatchObject({ frozen: false, rate: 1_000_000 })
  const frozen = (await set(sandbox, { frozen: true })).body
  expect(msBetween(now, frozen.now)).toBeGreaterThan(0)
  expect(await read(sandbox)).toEqual({ now: frozen.now, frozen: true, rate: 1_000_000 })
})

it('another rate does not make a clock jump', async () => {
  const sandbox = await testSandbox({ clock: { now, rate: 1_000_000 } })
  const startedMs = performance.now()
  const slow = (await set(sandbox, { rate: 0.000001 })).body
  expect(msBetween(now, slow.now)).toBeGreaterThanOrEqual(0)
  const later = await read(sandbox)
  expect(msBetween(slow.now, later.now)).toBeLessThanOrEqual(performance.now() - startedMs)
  const fast = (await set(sandbox, { rate: 1_000_000 })).body
  const end = await read(sandbox)
  expect(msBetween(fast.now, end.now)).toBeGreaterThan(0)
})

it('advancing a clock that runs adds to where it is, and it goes on at its rate', async () => {
  const sandbox = await testSandbox({
    clock: { now, rate: 60 },
    data: { memsolus: { behavior: { pendingFor: '1h', processingFor: '1h' } } },
  })
  const before = await read(sandbox)
  const { id } = (await sandbox.memsolus.create()).body
  const { body } = await sandbox.advance('80h')
  expect(msBetween(before.now, body.now)).toBeGreaterThanOrEqual(80 * 3_600_000)
  const changes = body.events.filter(({ exportId }) => exportId === id)
  expect(changes.map(({ to }) => to)).toEqual(['PROCESSING', 'READY', 'EXPIRED'])
  const [processing, ready, expired] = changes.map(({ at }) => at)
  expect(msBetween(processing ?? '', ready ?? '')).toBeGreaterThanOrEqual(3_600_000)
  expect(msBetween(ready ?? '', expired ?? '')).toBe(72 * 3_600_000)
  const after = await read(sandbox)
  expect(after).toMatchObject({ frozen: false, rate: 60 })
  expect(msBetween(body.now, after.now)).toBeGreaterThanOrEqual(0)
})

it('advancing by nothing moves no clock, and setting it to now neither', async () => {
  const sandbox = await testSandbox({ clock: { now, frozen: true, rate: 60 } })
  expect((await sandbox.advance('0s')).body).toEqual({ now, events: [] })
  expect((await set(sandbox, { now: 'now' })).body).toEqual({ now, frozen: true, rate: 60 })
  expect((await set(sandbox, { now: 'now+1h', frozen: false, rate: 0.001 })).body).toMatchObject({
    now: expect.stringContaining('T13:00:00'),
    frozen: false,
    rate: 0.001,
  })
})

it('a clock stops at the last instant there is', async () => {
  const sandbox = await testSandbox({ clock: { now: '9999-12-31T23:59:59Z', rate: 1_000_000 } })
  expect((await read(sandbox)).now).toBe('9999-12-31T23:59:59.999Z')
  const refused = await sandbox.control('POST', '/clock/advance', { by: '1ms' })
  expect([refused.status, refused.body.error]).toEqual([400, 'INVALID_VALUE'])
  expect(refused.body.message).toContain('9999')
})
