/** A field: null where it is empty, while an empty text is quoted (M-FILE-3c). */
export type Field = string | null

/**
 * The records of a CSV text as RFC 4180 has it, each ended by CRLF. Undefined where it is no such text; nothing is said of
 * where it is wrong, as that would be somebody's data.
 */
export function parseCsv(text: string): Field[][] | undefined {
  const records: Field[][] = []
  let fields: Field[] = []
  let at = 0
  while (at < text.length) {
    const { field, end } = text[at] === '"' ? quotedAt(text, at) : bareAt(text, at)
    if (end === undefined) return undefined
    fields.push(field)
    if (text[end] === ',') {
      at = end + 1
    } else if (text.startsWith('\r\n', end)) {
      records.push(fields)
      fields = []
      at = end + 2
    } else {
      return undefined
    }
  }
  return fields.length === 0 ? records : undefined
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
