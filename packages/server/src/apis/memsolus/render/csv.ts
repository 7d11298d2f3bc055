import { type ExportedMemory, type Format, memoryFields } from './format.ts'

/**
 * M-FILE-3c: RFC 4180, so that parsing it gives the JSON file's values back. Null is an empty field and an empty text `""`.
 */
export const csv: Format = {
  contentType: 'text/csv',
  extension: 'csv',
  needsCount: false,
  open: () => `${memoryFields.join(',')}\r\n`,
  rows: (batch) => batch.map(lineText).join(''),
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
