import { readList } from '../../../ports/database/binary-values.ts'
import { type Constant, constant, type Put, put, putUntil } from './output.ts'

const controls = Array.from({ length: 0x20 }, (_, byte) => String.fromCharCode(byte)).join('')
const putPlain = putUntil(`${controls}"\\`)
const [opening, comma, closing, nothing] = [constant('['), constant(','), constant(']'), constant('null')]

/** What writes texts and lists as `JSON.stringify` does, with `quote` in place of each quote. */
export function jsonWriter(quote: string) {
  const quotes = constant(quote)
  const escapes: Constant[] = Array.from({ length: 0x80 }, (_, byte) =>
    constant(JSON.stringify(String.fromCharCode(byte)).slice(1, -1).replaceAll('"', quote)),
  )

  const putJsonText: Put = (out, from, start, end) => {
    put(out, quotes)
    let at = putPlain(out, from, start, end)
    while (at < end) {
      put(out, escapes[from.bytes[at] ?? 0] ?? nothing)
      at = putPlain(out, from, at + 1, end)
    }
    put(out, quotes)
  }

  const putJsonList: Put = (out, from, start) => {
    const fields = readList(from, start)
    put(out, opening)
    for (let index = 0; index < fields.length; index += 2) {
      const [begin = 0, length = 0] = [fields[index], fields[index + 1]]
      if (index > 0) put(out, comma)
      if (length < 0) put(out, nothing)
      else putJsonText(out, from, begin, begin + length)
    }
    put(out, closing)
  }

  return { putJsonText, putJsonList }
}
