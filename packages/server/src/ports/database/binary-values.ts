import type { Bytes } from './database.ts'

const EPOCH_MS = Date.UTC(2000, 0, 1)
/** As floats, microseconds are exact for three centuries only. 2 ** 32 of them are so many milliseconds and microseconds. */
const [HIGH_MS, HIGH_REST] = [4_294_967, 296]

/** Of a `timestamp with time zone`, epoch milliseconds, rounded down. */
export function readInstant({ view }: Bytes, start: number): number {
  const high = view.getInt32(start)
  return EPOCH_MS + high * HIGH_MS + Math.floor((high * HIGH_REST + view.getUint32(start + 4)) / 1000)
}

/** Of an `integer`. */
export function readInteger({ view }: Bytes, start: number): number {
  return view.getInt32(start)
}

const COUNT_OFFSET = 12
const FIRST_OFFSET = 20
const LENGTH_BYTES = 4

/** Of a `text[]`, where each begins and its length, as in `CopiedRows`. */
export function readList({ view }: Bytes, start: number): number[] {
  const fields: number[] = []
  const dimensions = view.getInt32(start)
  if (dimensions === 0) return fields
  if (dimensions !== 1) throw new Error(`Failed to read a list: it has ${dimensions} dimensions`)
  let at = start + FIRST_OFFSET
  for (let left = view.getInt32(start + COUNT_OFFSET); left > 0; left--) {
    const length = view.getInt32(at)
    at += LENGTH_BYTES
    fields.push(at, length)
    if (length > 0) at += length
  }
  return fields
}
