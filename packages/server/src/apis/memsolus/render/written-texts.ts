import type { CopiedRows } from '../../../ports/database/database.ts'
import { MEMORY_NUMBERS, type PutMemory } from './fields.ts'
import { type Output, outputFor } from './output.ts'

/** UTF-8 of texts, one right after another. */
export type TextBatch = { texts: Uint8Array; count: number }

/** So much that handing it on and writing it to a file costs little beside what is in it. */
const BATCH_BYTES = 256 * 1024

/** No format makes more of a memory: a byte becomes six at most, as `\u0001` in JSON, and what is around comes to less. */
const MOST_PER_BYTE = 6
const MOST_AROUND = 1024

/** The texts of memories that are copied, in batches. */
export async function* writtenTexts(copied: AsyncIterable<CopiedRows>, put: PutMemory): AsyncGenerator<TextBatch> {
  let out = outputFor(BATCH_BYTES)
  let count = 0
  for await (const rows of copied) {
    for (let row = 0; row < rows.count; row++) {
      const first = row * MEMORY_NUMBERS
      const room = roomFor(rows, first)
      if (out.length + room > out.bytes.length) {
        if (count > 0) yield filled(out, count)
        out = outputFor(Math.max(BATCH_BYTES, room))
        count = 0
      }
      put(out, rows, first)
      count += 1
    }
  }
  if (count > 0) yield filled(out, count)
}

function roomFor({ fields }: CopiedRows, first: number): number {
  const last = first + MEMORY_NUMBERS - 2
  const bytes = (fields[last] ?? 0) + Math.max(fields[last + 1] ?? 0, 0) - (fields[first] ?? 0)
  return MOST_AROUND + MOST_PER_BYTE * bytes
}

function filled({ bytes, length }: Output, count: number): TextBatch {
  return { texts: bytes.subarray(0, length), count }
}
