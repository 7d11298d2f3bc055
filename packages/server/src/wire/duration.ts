const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
type Unit = keyof typeof unitsMs

/** A hundred years. */
const longestMs = 36_525n * BigInt(unitsMs.d)
/** Longer texts are noise; the limit also bounds what the exact arithmetic costs. */
const longestText = 64

const simple = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)$/
const iso =
  /^P(?=\d|T\d)(?:(?<w>\d+(?:[.,]\d+)?)W)?(?:(?<d>\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(?<h>\d+(?:[.,]\d+)?)H)?(?:(?<m>\d+(?:[.,]\d+)?)M)?(?:(?<s>\d+(?:[.,]\d+)?)S)?)?$/

/**
 * Reads `500ms`, `30s`, `5m`, `72h`, `7d` or an ISO 8601 duration of weeks, days, hours, minutes and seconds, in milliseconds.
 * Years and months vary in length and are refused, as is what is no whole number of milliseconds or over 100 years.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > longestText) return undefined
  const parts = readSimple(text) ?? readIso(text)
  if (!parts) return undefined
  // ISO 8601 lets only the smallest unit given have a fraction.
  if (parts.slice(0, -1).some(([amount]) => /[.,]/.test(amount))) return undefined
  let totalMs = 0n
  for (const [amount, unit] of parts) {
    const ms = multiply(amount, unit)
    if (ms === undefined) return undefined
    totalMs += ms
  }
  return totalMs <= longestMs ? Number(totalMs) : undefined
}

/** The shortest exact form in one unit: `72h`, `90s`, `1500ms`, `0s`. `ms` is a whole number, not negative. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  if (ms % unitsMs.h === 0) return `${ms / unitsMs.h}h`
  if (ms % unitsMs.m === 0) return `${ms / unitsMs.m}m`
  if (ms % unitsMs.s === 0) return `${ms / unitsMs.s}s`
  return `${ms}ms`
}

type Part = [amount: string, unit: Unit]

/** A time for people to read, in the largest unit that says enough: `40 ms`, `2.5 s`, `7 min`, `3 h`, `4 days`. */
export function roughly(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 90 * unitsMs.s) return `${Math.round(ms / 100) / 10} s`
  if (ms < 90 * unitsMs.m) return `${Math.round(ms / unitsMs.m)} min`
  return ms < 48 * unitsMs.h ? `${Math.round(ms / unitsMs.h)} h` : `${Math.round(ms / unitsMs.d)} days`
}

function readSimple(text: string): Part[] | undefined {
  const { amount, unit } = simple.exec(text)?.groups ?? {}
  return amount && isUnit(unit) ? [[amount, unit]] : undefined
}

function readIso(text: string): Part[] | undefined {
  const groups = iso.exec(text)?.groups
  if (!groups) return undefined
  return Object.entries(groups).flatMap(([unit, amount]): Part[] => (amount && isUnit(unit) ? [[amount, unit]] : []))
}

function isUnit(unit: string | undefined): unit is Unit {
  return unit !== undefined && Object.hasOwn(unitsMs, unit)
}

function multiply(amount: string, unit: Unit): bigint | undefined {
  const [whole = '', fraction = ''] = amount.split(/[.,]/)
  const scale = 10n ** BigInt(fraction.length)
  const scaledMs = BigInt(whole + fraction) * BigInt(unitsMs[unit])
  return scaledMs % scale === 0n ? scaledMs / scale : undefined
}
