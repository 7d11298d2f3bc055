import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const seed = 20260102
const pad = (value: number, width: number) => String(value).padStart(width, '0')

/** The parts of an instant, the real ones and those that are just past what there is. */
const anyParts = fc.record({
  year: fc.integer({ min: 1990, max: 2040 }),
  month: fc.integer({ min: 0, max: 13 }),
  day: fc.integer({ min: 0, max: 32 }),
  hour: fc.integer({ min: 0, max: 24 }),
  minute: fc.integer({ min: 0, max: 60 }),
  second: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
  fraction: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }),
  zone: fc.constantFrom('', 'Z', '+02:00', '-0530', '+23:59', '+24:00', '+01:60', '+1:00', '+02', ' 02:00', 'CET'),
  separator: fc.constantFrom('T', 'T', 'T', 'T', ' ', '_', ''),
  isDate: fc.constantFrom(false, false, false, true),
})
type Parts = typeof anyParts extends fc.Arbitrary<infer P> ? P : never

it.each(['since', 'until'])(
  'X-TIME-1c S-TIME-3 S-TIME-4c %s takes exactly the instants that there are',
  async (name) => {
    const { syft } = await testSandbox()
    await fc.assert(
      fc.asyncProperty(anyParts, async (parts) => {
        const text = textOf(parts)
        const { status, body } = await syft.page({ [name]: text })
        const error = `Invalid '${name}' timestamp format. Use ISO8601.`
        expect({ text, status, error: body.error }).toEqual(
          isReal(parts) ? { text, status: 200, error: undefined } : { text, status: 400, error },
        )
      }),
      { seed, numRuns: 150 },
    )
  },
)

it('X-TIME-1c S-TIME-1 S-TIME-2 a run is on the side of any instant that the clock says', async () => {
  const runMs = Date.UTC(2026, 0, 2, 12)
  const { syft, addRuns } = await testSandbox()
  const at = new Date(runMs).toISOString()
  await addRuns({ items: [{ runId: 'run', status: 'completed', createdAt: at, updatedAt: at }] })
  const anyFraction = fc.array(fc.constantFrom(0, 0, 0, 5, 9), { maxLength: 7 }).map((digits) => digits.join(''))
  const anyOffset = fc.integer({ min: -1439, max: 1439 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -2, max: 2 }), anyFraction, anyOffset, async (seconds, fraction, offset) => {
      const text = zoned(runMs + seconds * 1000, fraction, offset)
      const isLater = seconds > 0 || (seconds === 0 && /[1-9]/.test(fraction))
      const isSame = seconds === 0 && !isLater
      const since = await syft.page({ since: text })
      const until = await syft.page({ until: text })
      const counts = { text, since: since.body.items.length, until: until.body.items.length }
      expect(counts).toEqual({ text, since: isLater || isSame ? 0 : 1, until: isLater ? 1 : 0 })
    }),
    { seed, numRuns: 80 },
  )
})

function textOf({ year, month, day, hour, minute, second, fraction, zone, separator, isDate }: Parts): string {
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  if (isDate) return date
  const digits = second !== undefined && fraction.length > 0 ? `.${fraction.join('')}` : ''
  const seconds = second === undefined ? '' : `:${pad(second, 2)}${digits}`
  return `${date}${separator}${pad(hour, 2)}:${pad(minute, 2)}${seconds}${zone}`
}

function isReal({ year, month, day, hour, minute, second = 0, zone, separator, isDate }: Parts): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  if (day < 1 || day > days) return false
  if (isDate) return true
  const isZone = ['', 'Z', '+02:00', '-0530', '+23:59'].includes(zone)
  return isZone && separator === 'T' && hour < 24 && minute < 60 && second < 60
}

/** An instant as the clocks of a zone show it, so many minutes from UTC. */
function zoned(epochMs: number, fraction: string, offset: number): string {
  const local = new Date(epochMs + offset * 60_000).toISOString().slice(0, 19)
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${local}${fraction && `.${fraction}`}${offset < 0 ? '-' : '+'}${pad(hours, 2)}:${pad(minutes, 2)}`
}
