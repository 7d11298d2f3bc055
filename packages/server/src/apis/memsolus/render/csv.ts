import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { concatenated, fieldInSql, hasAny, orNull } from './texts.ts'

/**
 * M-FILE-3c: RFC 4180, so that parsing it gives the JSON file's values back. Null is an empty field and an empty text `""`.
 */
export const csv: Format = {
  contentType: 'text/csv',
  extension: 'csv',
  needsCount: false,
  separator: '',
  open: () => `${memoryFields.join(',')}\r\n`,
  text: lineText,
  textInSql: concatenated(...memoryFields.flatMap(cellInSql), '\r\n'),
  close: () => '',
}

function lineText(memory: ExportedMemory): string {
  const { categories, ...values } = memory
  const shown = { ...values, categories: JSON.stringify(categories) }
  return `${memoryFields.map((field) => fieldText(shown[field])).join(',')}\r\n`
}

function fieldText(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function cellInSql(field: keyof ExportedMemory, position: number): (SQL | string)[] {
  return [position === 0 ? '' : ',', orNull(field, valueInSql(field), '')]
}

function valueInSql(field: keyof ExportedMemory): SQL {
  const { text, kind } = fieldInSql(field)
  if (kind === 'word' || kind === 'number') return text
  const isQuoted = sql`${text} = '' or ${hasAny(text, ['"', ',', '\r', '\n'])}`
  return sql`(case when ${isQuoted} then '"' || replace(${text}, '"', '""') || '"' else ${text} end)`
}
