import type { TextBatch } from './database.ts'

/** `PGCOPY\n\377\r\n\0`, flags, and the length of what else the header holds. */
const HEADER_BYTES = 19
const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4
const END = -1
const NULL = -1

/** So much that handing it on and writing it to a file costs little beside what is in it. */
const BATCH_BYTES = 256 * 1024

/**
 * The texts in a COPY of one column in binary format, which alone gives text as it is: the others escape or quote. What
 * Postgres sends comes in small pieces, which are put together to larger batches.
 */
export async function* copiedTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextBatch> {
  let rest: Buffer = Buffer.alloc(0)
  let isBegun = false
  let batch = emptyBatch()
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    if (!isBegun) {
      const begin = headerBytes(bytes)
      if (begin > bytes.length) {
        rest = bytes
        continue
      }
      bytes = bytes.subarray(begin)
      isBegun = true
    }
    let read = 0
    for (let text = textAt(bytes, read); text; text = textAt(bytes, read)) {
      const length = text.end - text.start
      if (batch.count > 0 && batch.length + length > BATCH_BYTES) {
        yield filled(batch)
        batch = emptyBatch()
      }
      if (length > BATCH_BYTES) batch.room = Buffer.allocUnsafe(length)
      bytes.copy(batch.room, batch.length, text.start, text.end)
      batch.length += length
      batch.count += 1
      read = text.end
    }
    rest = bytes.subarray(read)
  }
  if (rest.length !== FIELD_COUNT_BYTES || rest.readInt16BE() !== END) throw new Error('A COPY ended before its end')
  if (batch.count > 0) yield filled(batch)
}

function emptyBatch() {
  return { room: Buffer.allocUnsafe(BATCH_BYTES), length: 0, count: 0 }
}

function filled({ room, length, count }: ReturnType<typeof emptyBatch>): TextBatch {
  return { texts: room.subarray(0, length), count }
}

function headerBytes(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + bytes.readUInt32BE(HEADER_BYTES - LENGTH_BYTES)
}

/** Where the text of the row at `offset` is; undefined where not all of it has come. */
function textAt(bytes: Buffer, offset: number): { start: number; end: number } | undefined {
  const start = offset + FIELD_COUNT_BYTES + LENGTH_BYTES
  if (start > bytes.length) return undefined
  const length = bytes.readInt32BE(start - LENGTH_BYTES)
  if (length === NULL) throw new Error('A COPY of texts has a null')
  return start + length > bytes.length ? undefined : { start, end: start + length }
}
