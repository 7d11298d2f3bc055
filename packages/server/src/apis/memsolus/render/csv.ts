import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { concatenated, fieldTexts } from './texts.ts'

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
  textInSql: concatenated(...memoryFields.flatMap(fieldInSql), '\r\n'),
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

function fieldInSql(field: keyof ExportedMemory, position: number): (SQL | string)[] {
  const { text, kind, isNullable } = fieldTexts[field]
  const isPlain = kind === 'word' || kind === 'number'
  const quoted = sql`case when ${text} ~ ${'[",\\r\\n]|^$'} then '"' || replace(${text}, '"', '""') || '"' else ${text} end`
  const shown = isPlain ? text : sql`(${quoted})`
  return [...(position === 0 ? [] : [',']), isNullable ? sql`coalesce(${shown}, '')` : shown]
}
