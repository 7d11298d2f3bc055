import { InvalidResponse } from './errors.ts'
import type { Memory } from './memsolus-wire.ts'

/** A field: null where it is empty, while an empty text is quoted (M-FILE-3c). */
type Field = string | null

/**
 * Reads CSV as RFC 4180 has it, record by record, from its text in pieces of any size. Fields may hold commas, quotes and
 * line breaks where they are quoted.
 */
export function createCsvReader() {
  let fields: Field[] = []
  let field = ''
  let state: 'start' | 'bare' | 'quoted' | 'quote' | 'return' = 'start'
  let wasQuoted = false

  const endField = () => {
    fields.push(field === '' && !wasQuoted ? null : field)
    field = ''
    wasQuoted = false
    state = 'start'
  }

  /** The records that are whole now. */
  function* read(text: string): Generator<Field[], void, undefined> {
    for (const char of text) {
      if (state === 'return') {
        state = 'start'
        if (char === '\n') continue
      }
      if (state === 'quoted') {
        if (char === '"') state = 'quote'
        else field += char
      } else if (char === '"' && state === 'quote') {
        field += char
        state = 'quoted'
      } else if (char === '"' && state === 'start') {
        wasQuoted = true
        state = 'quoted'
      } else if (char === ',') {
        endField()
      } else if (char === '\n' || char === '\r') {
        endField()
        yield fields
        fields = []
        if (char === '\r') state = 'return'
      } else if (char === '"' || state === 'quote') {
        throw new InvalidResponse(
          `The CSV has a quote inside of a field that is not quoted, or text behind one: ${field}`,
        )
      } else {
        field += char
        state = 'bare'
      }
    }
  }

  /** The last record, where no line break follows it. */
  function* end(): Generator<Field[], void, undefined> {
    if (state === 'quoted') throw new InvalidResponse('The CSV ends within a quoted field')
    if (fields.length === 0 && field === '' && !wasQuoted) return
    endField()
    yield fields
  }

  return { read, end }
}

const numbers = new Set(['access_count'])
const objects = new Set(['categories', 'metadata'])

/** Makes memories of the records of a CSV file; the first one says what the others hold. */
export function createMemoryReader() {
  let header: string[] | undefined
  return (record: readonly Field[]): Memory | undefined => {
    if (!header) {
      header = record.map((name) => name ?? '')
      return undefined
    }
    if (record.length !== header.length) {
      throw new InvalidResponse(`A record of the CSV has ${record.length} fields, and the header ${header.length}`)
    }
    return Object.fromEntries(header.map((name, index) => [name, readField(name, record[index] ?? null)])) as Memory
  }
}

function readField(name: string, field: Field): unknown {
  if (field === null) return null
  if (numbers.has(name)) return Number(field)
  if (!objects.has(name)) return field
  try {
    return JSON.parse(field)
  } catch (cause) {
    throw new InvalidResponse(`"${name}" of a memory is no JSON: ${field.slice(0, 100)}`, { cause })
  }
}
