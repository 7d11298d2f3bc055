/** A field: null where it is empty, while an empty text is quoted (M-FILE-3c). */
export type Field = string | null

/**
 * The records of a CSV text as RFC 4180 has it, where lines end in CRLF; unless it is `strict`, LF will do, and the last
 * line may have no end. Undefined where it is no such text; nothing is said of where it is wrong, as that would be
 * somebody's data.
 */
export function parseCsv(text: string, { strict }: { strict: boolean }): Field[][] | undefined {
  const whole = strict || text === '' || text.endsWith('\n') ? text : `${text}\n`
  const records: Field[][] = []
  let fields: Field[] = []
  let at = 0
  while (at < whole.length) {
    const { field, end } = whole[at] === '"' ? quotedAt(whole, at) : bareAt(whole, at)
    if (end === undefined) return undefined
    fields.push(field)
    const delimiter = delimiterAt(whole, end)
    if (delimiter === undefined || (strict && delimiter === '\n')) return undefined
    at = end + delimiter.length
    if (delimiter === ',') continue
    records.push(fields)
    fields = []
  }
  return fields.length === 0 ? records : undefined
}

function delimiterAt(text: string, at: number): string | undefined {
  return [',', '\n', '\r\n'].find((each) => text.startsWith(each, at))
}

type Read = { field: Field; end: number | undefined }

function bareAt(text: string, at: number): Read {
  const delimiter = /[",\r\n]/g
  delimiter.lastIndex = at
  const end = delimiter.exec(text)?.index
  return { field: end === at ? null : text.slice(at, end), end }
}

function quotedAt(text: string, at: number): Read {
  let end = at
  do {
    end = text.indexOf('"', end + 1)
    if (end === -1) return { field: null, end: undefined }
    if (text[end + 1] !== '"') return { field: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 }
    end += 1
  } while (end < text.length)
  return { field: null, end: undefined }
}
