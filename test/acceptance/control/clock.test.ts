import { expect, it } from 'vitest'
import { control as call, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }
type Clock = { now: string; frozen: boolean; rate: number }

const read = async ({ control }: TestSandbox) => (await control<Clock>('GET', '/clock')).body
const set = ({ control }: TestSandbox, body: Partial<Clock>) => control<Clock>('PUT', '/clock', body)

/** An instant so many hours after the beginning. */
const after = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString()

it('a clock is read, alone and with its sandbox', async () => {
  const sandbox = await testSandbox({ clock: { ...clock, rate: 60 } })
  const { status, body } = await sandbox.control('GET', '/clock')
  expect([status, body]).toEqual([200, { now, frozen: true, rate: 60 }])
  expect((await call<{ clock: Clock }>('GET', `/sandboxes/${sandbox.id}`)).body.clock).toEqual(body)
})

it.each([
  ['now', now],
  ['now+0s', now],
  ['now+5m', '2026-03-01T00:05:00.000Z'],
  ['now+P1DT1H', '2026-03-02T01:00:00.000Z'],
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00.123999+02:00', '2026-03-01T10:00:00.123Z'],
  ['2026-04-01', '2026-04-01T00:00:00.000Z'],
])('a clock is set forward to %s', async (given, then) => {
  const sandbox = await testSandbox({ clock })
  const { status, body } = await set(sandbox, { now: given })
  expect([status, body]).toEqual([200, { now: then, frozen: true, rate: 1 }])
  expect(await read(sandbox)).toEqual(body)
  expect((await sandbox.memsolus.create()).body.created_at).toBe(then)
})

it('X-TIME-2c a clock is what a client reads in Date', async () => {
  const sandbox = await testSandbox({ clock: { now: '2026-03-01T00:00:00.999Z', frozen: true } })
  await set(sandbox, { now: '2030-07-01T10:00:00Z' })
  for (const { headers } of [await sandbox.syft.page(), await sandbox.memsolus.list()])
    expect(headers.get('date')).toBe('Mon, 01 Jul 2030 10:00:00 GMT')
})

it('a clock stands while it is frozen, and runs from there when it is not', async () => {
  const sandbox = await testSandbox({ clock })
  await set(sandbox, { rate: 1_000_000 })
  expect(await read(sandbox)).toEqual({ now, frozen: true, rate: 1_000_000 })
  await set(sandbox, { frozen: false })
  const running = await readUntil(sandbox, (at) => at > now)
  const stopped = (await set(sandbox, { frozen: true })).body
  expect(stopped.now >= running).toBe(true)
  expect(await read(sandbox)).toEqual({ now: stopped.now, frozen: true, rate: 1_000_000 })
  expect(await read(sandbox)).toEqual({ now: stopped.now, frozen: true, rate: 1_000_000 })
})

it('a clock runs at its rate, and goes on from where it is when that changes', async () => {
  const sandbox = await testSandbox({ clock: { now, rate: 3600 } })
  const before = await timed(sandbox)
  for (let count = 0; count < 20; count++) await read(sandbox)
  const later = await timed(sandbox)
  // Real time is known to lie between the ends of two calls; 5 ms are for two clocks that are not one.
  const most = later.received - before.sent + 5
  const least = later.sent - before.received - 5
  expect(later.now - before.now).toBeLessThanOrEqual(most * 3600)
  expect(later.now - before.now).toBeGreaterThanOrEqual(least * 3600)
  await set(sandbox, { rate: 0.001 })
  const slow = await timed(sandbox)
  expect(slow.now).toBeGreaterThanOrEqual(later.now)
  expect(slow.now - later.now).toBeLessThanOrEqual((slow.received - later.sent + 5) * 3600)
  const slower = await timed(sandbox)
  expect(slower.now - slow.now).toBeLessThanOrEqual((slower.received - slow.sent + 5) * 0.001 + 1)
})

it('a clock goes on when it has been advanced, if it was running', async () => {
  const sandbox = await testSandbox({ clock: { now, rate: 1_000_000 } })
  const { body } = await sandbox.advance('1000h')
  expect(await readUntil(sandbox, (at) => at > body.now)).not.toBe(body.now)
  expect(await read(sandbox)).toMatchObject({ frozen: false, rate: 1_000_000 })
})

it('a clock that is set makes happen what it passes, and takes its other settings once it is there', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { pendingFor: '1h' } } } })
  const { id } = (await sandbox.memsolus.create()).body
  const { body } = await set(sandbox, { now: 'now+2h', frozen: true, rate: 5 })
  expect(body).toEqual({ now: after(2), frozen: true, rate: 5 })
  expect((await sandbox.memsolus.get(id)).body).toMatchObject({ status: 'READY', updated_at: after(1) })
})

it('a clock never goes back: both instants are named, and nothing is changed', async () => {
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { pendingFor: '1h' } } } })
  const { id } = (await sandbox.memsolus.create()).body
  const before = (await sandbox.memsolus.get(id)).text
  const refused = [
    [await set(sandbox, { now: '2026-02-28T23:59:59.999Z', frozen: false, rate: 9 }), '2026-02-28T23:59:59.999Z'],
    [await set(sandbox, { now: 'now-1ms' }), '2026-02-28T23:59:59.999Z'],
    [await sandbox.advanceTo('2020-01-01'), '2020-01-01T00:00:00.000Z'],
    [await sandbox.advanceTo('now-1h'), '2026-02-28T23:00:00.000Z'],
  ] as const
  for (const [answer, asked] of refused) {
    const message = expect.stringMatching(`it says ${now}, which is later than ${asked}\\.`)
    expect([answer.status, answer.body]).toEqual([409, { error: 'CLOCK_BACKWARDS', message }])
  }
  expect(await read(sandbox)).toEqual({ now, frozen: true, rate: 1 })
  expect((await sandbox.memsolus.get(id)).text).toBe(before)
})

it('a clock does not go beyond the year 9999', async () => {
  const end = '9999-12-31T23:59:59.999Z'
  const sandbox = await testSandbox({ clock: { now: '9999-12-31T00:00:00Z', frozen: true } })
  const refused = await sandbox.advance('24h')
  expect([refused.status, refused.body.error]).toEqual([400, 'INVALID_VALUE'])
  expect(refused.body.message).toContain('9999')
  expect((await sandbox.advanceTo(end)).body).toEqual({ now: end, events: [] })
  await set(sandbox, { frozen: false, rate: 1_000_000 })
  expect((await read(sandbox)).now).toBe(end)
})

/** Reads a clock that runs until it says what is waited for. */
async function readUntil(sandbox: TestSandbox, isThere: (at: string) => boolean): Promise<string> {
  for (;;) {
    const { now: at } = await read(sandbox)
    if (isThere(at)) return at
  }
}

/** What a clock says, and when it was asked and had answered. */
async function timed(sandbox: TestSandbox) {
  const sent = performance.now()
  const { now: at } = await read(sandbox)
  return { sent, now: Date.parse(at), received: performance.now() }
}
