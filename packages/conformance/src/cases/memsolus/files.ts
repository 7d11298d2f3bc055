import { NotTold } from '../../case.ts'
import { expectThat } from '../../expect.ts'
import { memsolusCase } from './case.ts'
import { countDifferences, memoryFields, readCsv, readJson } from './memories.ts'

const FIELDS = memoryFields.join(', ')

/** Of field names, which may be anybody's, only those are said that Sandport knows. */
function sayFields(names: readonly string[]): string {
  const known = names.filter((name) => memoryFields.includes(name))
  const others = names.length - known.length
  return `${known.join(', ')}${others === 0 ? '' : ` and ${others} others`}`
}

export const fileCases = [
  memsolusCase({
    name: 'file-fields',
    does: 'has the same fields for each memory, in the same order, in JSON and in CSV',
    rules: ['M-FILE-1c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const csv = await memsolus.file('csv')
      const { header } = readCsv(csv)
      expectThat(csv, header.join(', ') === FIELDS, { expected: FIELDS, actual: sayFields(header) })
      const json = await memsolus.file('json')
      for (const memory of readJson(json)) {
        const names = Object.keys(memory)
        expectThat(json, names.join(', ') === FIELDS, { expected: FIELDS, actual: sayFields(names) })
      }
    },
  }),
  memsolusCase({
    name: 'file-order',
    does: 'has memories by created_at, then by id',
    rules: ['M-FILE-1c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const exchange = await memsolus.file('json')
      const keys = readJson(exchange).map(({ created_at, id }) => `${created_at} ${id}`)
      if (keys.length < 2) throw new NotTold('The workspace has fewer than two memories.')
      const late = keys.filter((key, index) => index > 0 && key < `${keys[index - 1]}`).length
      expectThat(exchange, late === 0, {
        expected: `${keys.length} memories by created_at, then by id`,
        actual: `${late} of them behind a later one`,
      })
    },
  }),
  memsolusCase({
    name: 'file-json',
    does: 'writes JSON as one array with a memory a line, and a line break at its end',
    rules: ['M-FILE-2c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const exchange = await memsolus.file('json')
      const { length } = readJson(exchange)
      const lines = exchange.text.split('\n')
      const wanted = length === 0 ? 2 : length + 3
      expectThat(exchange, lines.length === wanted && lines.at(-1) === '' && exchange.text.startsWith('['), {
        expected: `${wanted - 1} lines for ${length} memories, each with its line break`,
        actual: `${lines.length - 1} line breaks, and ${lines.at(-1) === '' ? 'one' : 'none'} at the end`,
      })
    },
  }),
  memsolusCase({
    name: 'file-csv',
    does: 'writes CSV as RFC 4180 has it, in lines that end in CRLF, with a header',
    rules: ['M-FILE-3c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const exchange = await memsolus.file('csv')
      const { header } = readCsv(exchange, { strict: true })
      expectThat(exchange, header.includes('id'), { expected: 'a header with id in it', actual: sayFields(header) })
    },
  }),
  memsolusCase({
    name: 'file-csv-same',
    does: 'has the same values in CSV as in JSON',
    rules: ['M-FILE-3c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const memories = readJson(await memsolus.file('json'))
      const exchange = await memsolus.file('csv')
      const { compared, counts } = countDifferences(memories, readCsv(exchange))
      expectThat(exchange, counts.size === 0, {
        expected: `the values of the JSON file for ${compared} memories`,
        actual: `others for ${[...counts].map(([name, count]) => `${name} of ${count}`).join(', ')}`,
      })
    },
  }),
]
