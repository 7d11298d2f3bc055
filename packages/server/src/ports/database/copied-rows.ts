import type { CopiedRows } from './database.ts'

/** `PGCOPY\n\377\r\n\0`, flags, and the length of what else the header holds. */
const HEADER_BYTES = 19
const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4
const END = -1

/**
 * The rows in what a COPY in binary format sends, whole ones, as many at once as have come. Binary is the least work for
 * both sides, and has the bytes of a text as they are: the other formats escape or quote.
 */
export async function* copiedRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<CopiedRows> {
  let rest: Buffer = Buffer.alloc(0)
  let isBegun = false
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const begin = isBegun ? 0 : headerBytes(bytes)
    if (begin > bytes.length) {
      rest = bytes
      continue
    }
    isBegun = true
    const { rows, end } = rowsIn(bytes, begin)
    rest = bytes.subarray(end)
    if (rows.count > 0) yield rows
  }
  if (rest.length !== FIELD_COUNT_BYTES || rest.readInt16BE() !== END) throw new Error('A COPY ended before its end')
}

function headerBytes(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + bytes.readUInt32BE(HEADER_BYTES - LENGTH_BYTES)
}

/** The rows that are whole, and where they end. */
function rowsIn(bytes: Buffer, begin: number): { rows: CopiedRows; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields: number[] = []
  let [count, end, placed] = [0, begin, 0]
  while (end + FIELD_COUNT_BYTES <= bytes.length) {
    let left = view.getInt16(end)
    if (left === END) break
    let at = end + FIELD_COUNT_BYTES
    let place = placed
    for (; left > 0 && at + LENGTH_BYTES <= bytes.length; left--) {
      const length = view.getInt32(at)
      at += LENGTH_BYTES
      fields[place] = at
      fields[place + 1] = length
      place += 2
      if (length > 0) at += length
    }
    if (left > 0 || at > bytes.length) break
    placed = place
    count += 1
    end = at
  }
  fields.length = placed
  return { rows: { bytes, view, fields, count }, end }
}
