import { sql } from 'drizzle-orm'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { concatenated, fieldTexts, type Part } from './texts.ts'

/** M-FILE-2c: one array, an object a line. */
export const json: Format = {
  contentType: 'application/json',
  extension: 'json',
  needsCount: false,
  separator: ',',
  open: () => '[',
  text: (memory) => `,\n${objectText(memory)}`,
  textInSql: concatenated(',\n{', ...memoryFields.flatMap(pairInSql), '}'),
  close: (count) => (count === 0 ? ']\n' : '\n]\n'),
}

function objectText(memory: ExportedMemory): string {
  const pairs = memoryFields.map((field) => {
    const value = field === 'metadata' ? memory.metadata : JSON.stringify(memory[field])
    return `"${field}":${value}`
  })
  return `{${pairs.join(',')}}`
}

function pairInSql(field: keyof ExportedMemory, position: number): Part[] {
  const { text, kind, isNullable } = fieldTexts[field]
  const name = `${position === 0 ? '' : ','}"${field}":`
  if (kind === 'number' || kind === 'list' || kind === 'object') return [name, text]
  if (kind === 'word' && !isNullable) return [name, '"', text, '"']
  const shown = kind === 'word' ? concatenated('"', text, '"') : sql`to_json(${text})::text`
  return [name, isNullable ? sql`coalesce(${shown}, 'null')` : shown]
}
