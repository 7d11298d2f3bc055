import { fieldsWriter } from './fields.ts'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { jsonWriter } from './json-text.ts'
import { constant, type Put, put, putBytes, putUntil } from './output.ts'
import { putInstant, putInteger } from './values.ts'

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
  put(out, rows, first) {
    putCells(out, rows, first)
    put(out, lineEnd)
  },
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

const [lineEnd, quote, twoQuotes, emptyList] = [constant('\r\n'), constant('"'), constant('""'), constant('[]')]
const putUnquoted = putUntil('",\r\n')
const putQuoted = putUntil('"')
const { putJsonList } = jsonWriter('""')

const putText: Put = (out, from, start, end) => {
  const { length } = out
  if (start < end && putUnquoted(out, from, start, end) === end) return
  out.length = length
  put(out, quote)
  for (let at = putQuoted(out, from, start, end); at < end; at = putQuoted(out, from, at + 1, end)) put(out, twoQuotes)
  put(out, quote)
}

/** There are quotes in the JSON of every list but the empty one. */
const putList: Put = (out, from, start, end) => {
  const { length } = out
  put(out, quote)
  putJsonList(out, from, start, end)
  if (out.length - length === quote.length + emptyList.length) {
    out.length = length
    put(out, emptyList)
  } else put(out, quote)
}

const putCells = fieldsWriter({
  fields: memoryFields,
  puts: { text: putText, word: putBytes, integer: putInteger, instant: putInstant, list: putList, object: putText },
  before: (_, index) => (index === 0 ? '' : ','),
  nothing: '',
})
