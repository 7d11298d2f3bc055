import { fieldsWriter } from './fields.ts'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { jsonWriter } from './json-text.ts'
import { constant, type Put, put, putBytes } from './output.ts'
import { putInstant, putInteger } from './values.ts'

/** M-FILE-2c: one array, an object a line. */
export const json: Format = {
  contentType: 'application/json',
  extension: 'json',
  needsCount: false,
  separator: ',',
  open: () => '[',
  text: (memory) => `,\n${objectText(memory)}`,
  put(out, rows, first) {
    putPairs(out, rows, first)
    put(out, brace)
  },
  close: (count) => (count === 0 ? ']\n' : '\n]\n'),
}

function objectText(memory: ExportedMemory): string {
  const pairs = memoryFields.map((field) => {
    const value = field === 'metadata' ? memory.metadata : JSON.stringify(memory[field])
    return `"${field}":${value}`
  })
  return `{${pairs.join(',')}}`
}

const [brace, quote] = [constant('}'), constant('"')]
const { putJsonText, putJsonList } = jsonWriter('"')

const putPairs = fieldsWriter({
  fields: memoryFields,
  puts: {
    text: putJsonText,
    word: quoted(putBytes),
    integer: putInteger,
    instant: quoted(putInstant),
    list: putJsonList,
    object: putBytes,
  },
  before: (field, index) => `${index === 0 ? ',\n{' : ','}"${field}":`,
  nothing: 'null',
})

function quoted(putValue: Put): Put {
  return (out, from, start, end) => {
    put(out, quote)
    putValue(out, from, start, end)
    put(out, quote)
  }
}
