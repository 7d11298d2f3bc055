/**
 * An ISO 8601 instant in epoch milliseconds, rounded down and up. The two differ only where the text is finer than a
 * millisecond, so that a lower bound can be compared with `floor` and an upper one with `ceil`, and nothing is lost.
 */
export type Instant = { floor: number; ceil: number; hasZone: boolean }

/** 0001-01-01T00:00:00.000Z: PostgreSQL knows no year 0. */
export const earliestInstant = new Date(0).setUTCFullYear(1, 0, 1)

/** 9999-12-31T23:59:59.999Z: later years have no four-digit form. */
export const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

// No two neighbours can match the same character, so a text that fails does so in linear time, however long.
const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?)?$/

/**
 * X-TIME-1c: reads a date, or a date and time with seconds, fraction and zone optional (without a zone it is UTC). Anything
 * else, and every date that no calendar has, is `undefined`.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', utc, sign, zoneHour, zoneMinute] =
    match
  const dayMs = startOfDay(Number(year), Number(month), Number(day))
  if (dayMs === undefined) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return undefined

  const offsetMs = (sign === '-' ? -1 : 1) * toMs(Number(zoneHour ?? 0), Number(zoneMinute ?? 0))
  const wholeMs = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const floor = dayMs + toMs(Number(hour), Number(minute), Number(second)) + wholeMs - offsetMs
  const isFiner = /[1-9]/.test(fraction.slice(3))
  return { floor, ceil: isFiner ? floor + 1 : floor, hasZone: utc !== undefined || sign !== undefined }
}

/** X-TIME-2c: `YYYY-MM-DDTHH:mm:ss.sssZ`, for years 0 to 9999. */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** The nearest epoch milliseconds that PostgreSQL, `Date` and the four-digit form can all hold: for bounds of queries. */
export function clampInstant(epochMs: number): number {
  return Math.min(Math.max(epochMs, earliestInstant), latestInstant)
}

function startOfDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0)
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const epochMs = date.setUTCFullYear(year, month - 1, day)
  // An impossible date has rolled over into another month.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? epochMs : undefined
}

function toMs(hours: number, minutes: number, seconds = 0): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}
