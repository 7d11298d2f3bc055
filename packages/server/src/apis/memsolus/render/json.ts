import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { concatenated, fieldInSql, orNull } from './texts.ts'

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

function pairInSql(field: keyof ExportedMemory, position: number): (SQL | string)[] {
  return [`${position === 0 ? '' : ','}"${field}":`, orNull(field, valueInSql(field), 'null')]
}

function valueInSql(field: keyof ExportedMemory): SQL {
  const { text, kind } = fieldInSql(field)
  if (kind === 'text') return sql`to_json(${text})::text`
  return kind === 'word' ? sql`('"' || ${text} || '"')` : text
}
