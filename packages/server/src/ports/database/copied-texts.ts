import type { TextBatch } from './database.ts'

/** `PGCOPY\n\377\r\n\0`, flags, and the length of what else the header holds. */
const HEADER_BYTES = 19
const FIELD_COUNT_BYTES = 2
const LENGTH_BYTES = 4
const END = -1
const NULL = -1

/**
 * The texts in a COPY of one column in binary format, which alone gives text as it is: the others escape or quote. The
 * chunks are overwritten.
 */
export async function* copiedTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextBatch> {
  let rest: Buffer = Buffer.alloc(0)
  let isBegun = false
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
    const { read, ...batch } = closeUp(bytes)
    if (batch.count > 0) yield batch
    rest = bytes.subarray(read)
  }
  if (rest.length !== FIELD_COUNT_BYTES || rest.readInt16BE() !== END) throw new Error('A COPY ended before its end')
}

function headerBytes(bytes: Buffer): number {
  return bytes.length < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + bytes.readUInt32BE(HEADER_BYTES - LENGTH_BYTES)
}

/** Moves the texts of all whole rows to the front. Answers them, and how many bytes the rows were. */
function closeUp(bytes: Buffer): TextBatch & { read: number } {
  let read = 0
  let written = 0
  let count = 0
  while (read + FIELD_COUNT_BYTES + LENGTH_BYTES <= bytes.length) {
    const start = read + FIELD_COUNT_BYTES + LENGTH_BYTES
    const length = bytes.readInt32BE(read + FIELD_COUNT_BYTES)
    if (length === NULL) throw new Error('A COPY of texts has a null')
    const end = start + length
    if (end > bytes.length) break
    bytes.copyWithin(written, start, end)
    written += end - start
    read = end
    count += 1
  }
  return { texts: bytes.subarray(0, written), count, read }
}
