import { type SQL, sql } from 'drizzle-orm'
import { memories } from '../tables.ts'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { concatenated, fieldTexts, hasAny, type Part } from './texts.ts'

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

function cellInSql(field: keyof ExportedMemory, position: number): Part[] {
  const shown = valueInSql(field)
  return [position === 0 ? '' : ',', fieldTexts[field].isNullable ? sql`coalesce(${shown}, '')` : shown]
}

function valueInSql(field: keyof ExportedMemory): SQL {
  const { text, kind } = fieldTexts[field]
  if (kind === 'word' || kind === 'number') return text
  const quoted = sql`'"' || replace(${text}, '"', '""') || '"'`
  // There are quotes in the JSON of every list but one, which is not to be made more often than needed.
  if (kind === 'list') return sql`case when cardinality(${memories.categories}) = 0 then '[]' else ${quoted} end`
  const needsQuotes = sql`${text} = '' or ${hasAny(text, ['"', ',', '\r', '\n'])}`
  return sql`case when ${needsQuotes} then ${quoted} else ${text} end`
}
