import type { Bytes } from '../../../ports/database/database.ts'

/** Numbers of four bytes are quicker to read and write than the bytes. */
const WORD = 4

/** What is written to. Whoever writes has seen to it that there is room for all of it, and for three bytes more. */
export type Output = Bytes & { length: number }

/** Writes what is in `from` between two places. Positional, as it is called for every field of every row. */
export type Put = (out: Output, from: Bytes, start: number, end: number) => void

export function outputFor(room: number): Output {
  const bytes = Buffer.allocUnsafe(room)
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, room), length: 0 }
}

/** A text that is written often. */
export type Constant = { readonly words: readonly number[]; readonly length: number }

export function constant(text: string): Constant {
  const { length } = Buffer.from(text)
  const count = Math.ceil(length / WORD)
  const bytes = Buffer.alloc(count * WORD, 0)
  bytes.write(text)
  return { words: Array.from({ length: count }, (_, index) => bytes.readInt32LE(index * WORD)), length }
}

/** Whole words are written, and what comes next overwrites what they have too much. */
export function put(out: Output, { words, length }: Constant): void {
  const { view } = out
  let at = out.length
  for (let index = 0; index < words.length; index++, at += WORD) view.setInt32(at, words[index] ?? 0, true)
  out.length += length
}

export function putByte(out: Output, byte: number): void {
  out.bytes[out.length++] = byte
}

export function putText(out: Output, text: string): void {
  out.length += out.bytes.write(text, out.length)
}

/** Fewer bytes are quicker written in words. */
const MANY_BYTES = 128

export const putBytes: Put = (out, from, start, end) => {
  let [at, to] = [start, out.length]
  out.length += end - start
  if (end - start < MANY_BYTES) {
    for (; at + WORD <= end; at += WORD, to += WORD) out.view.setInt32(to, from.view.getInt32(at, true), true)
    for (; at < end; at++) out.bytes[to++] = from.bytes[at] ?? 0
  } else from.bytes.copy(out.bytes, to, start, end)
}

/**
 * Makes what writes bytes up to the first that is one of these, and answers where that is. They may be control
 * characters, and up to two others of ASCII, so that a word without any of them is seen at once.
 */
export function putUntil(characters: string): (...params: Parameters<Put>) => number {
  const isStop = Uint8Array.from({ length: 256 }, (_, byte) => +characters.includes(String.fromCharCode(byte)))
  const visible = [...characters].filter((character) => character >= ' ').map((character) => character.charCodeAt(0))
  const [one = 0, other = one] = visible.map((byte) => byte * 0x01010101)
  return (out, from, start, end) => {
    const { bytes, view } = out
    let [at, to] = [start, out.length]
    while (at < end) {
      for (; at + WORD <= end; at += WORD, to += WORD) {
        const word = from.view.getInt32(at, true)
        if (hasLess(word, 0x20202020) || hasLess(word ^ one, 0x01010101) || hasLess(word ^ other, 0x01010101)) break
        view.setInt32(to, word, true)
      }
      for (const next = Math.min(at + WORD, end); at < next; at++) {
        const byte = from.bytes[at] ?? 0
        if (isStop[byte] === 1) {
          out.length = to
          return at
        }
        bytes[to++] = byte
      }
    }
    out.length = to
    return at
  }
}

/** Whether a byte of `word` is less than that of `bound`, all of whose bytes are the same and at most 128. */
function hasLess(word: number, bound: number): boolean {
  return ((word - bound) & ~word & 0x80808080) !== 0
}
