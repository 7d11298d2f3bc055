import { isDeepStrictEqual } from 'node:util'
import { NotTold } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectThat, shapeOf } from '../../expect.ts'
import { type Field, parseCsv } from './csv.ts'

/** The fields of a memory, in their order (M-FILE-1c). */
export const memoryFields = [
  ...['id', 'memory', 'user_id', 'agent_id', 'session_id', 'priority', 'categories', 'metadata', 'workspace_id'],
  ...['access_count', 'last_accessed_at', 'created_at', 'updated_at'],
]

type Memory = Readonly<Record<string, unknown>>

/** The memories in a JSON file. */
export function readJson(exchange: Exchange): Memory[] {
  const { body } = exchange
  const isMet = Array.isArray(body) && body.every((each) => typeof each === 'object' && each !== null)
  expectThat(exchange, isMet, {
    expected: 'a list of objects as JSON',
    actual: Array.isArray(body) ? 'a list of something else' : kindOf(body),
  })
  return body
}

/** The header and the records of a CSV file; where it is not `strict`, with any line breaks. */
export function readCsv(exchange: Exchange, { strict = false } = {}): { header: string[]; records: Field[][] } {
  const [header, ...records] = parseCsv(exchange.text, { strict }) ?? []
  expectThat(exchange, header !== undefined, {
    expected: strict ? 'CSV of lines that all end in CRLF' : 'CSV',
    actual: 'something else',
  })
  const uneven = records.filter(({ length }) => length !== header.length).length
  expectThat(exchange, uneven === 0, {
    expected: `records of ${header.length} fields, as the header has`,
    actual: `${uneven} of ${records.length} with other numbers`,
  })
  return { header: header.map((name) => name ?? ''), records }
}

/** What a value is; nothing of it, and no names of what is in it. */
function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : shapeOf(value)
}

/**
 * Counts, field by field, the memories whose values in the two files are not the same. Memories that only one of the files
 * has are passed over, as well as those that were updated between the two exports.
 */
export function countDifferences(memories: readonly Memory[], { header, records }: ReturnType<typeof readCsv>) {
  const byId = new Map(memories.map((memory) => [`${memory.id}`, memory]))
  const counts = new Map<string, number>()
  let compared = 0
  for (const record of records) {
    const fieldOf = (name: string) => record[header.indexOf(name)] ?? null
    const memory = byId.get(`${fieldOf('id')}`)
    if (!memory || !isAtOnce(memory.updated_at, fieldOf('updated_at'))) continue
    compared += 1
    for (const name of Object.keys(memory)) {
      if (memoryFields.includes(name) && !isSame(memory[name], fieldOf(name)))
        counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  if (compared === 0) throw new NotTold('The two files have no memories in common.')
  return { compared, counts }
}

/** Whether two texts say the same instant, or neither one. */
function isAtOnce(one: unknown, other: unknown): boolean {
  return Object.is(Date.parse(`${one}`), Date.parse(`${other}`))
}

function isSame(value: unknown, field: Field): boolean {
  if (value === null || value === undefined || field === null) return (value ?? null) === field
  if (typeof value !== 'object') return `${value}` === field
  try {
    return isDeepStrictEqual(JSON.parse(field), value)
  } catch {
    return false
  }
}
