import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fileText, type Memory, memoryFields } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

/** Few runs of many memories each, and no shrinking: every run is a sandbox and an export. */
const RUNS = { numRuns: 6, endOnFailure: true }

/** Text as people and attackers write it. PostgreSQL cannot hold U+0000, and PGlite drops a U+FEFF that a text begins with. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((value) => value.replaceAll(/\0|^\uFEFF/g, '0')),
  fc
    .array(
      fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', '=1+1', '\t', ' ', '🧑‍🚀', 'שלום', '\u2028', '\\', "'"),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join('')),
)
const nullableText = fc.option(text)
const metadata = fc
  .dictionary(text, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  .map((value) => JSON.stringify(value))
  .filter((json) => !/__proto__|constructor|\\u0000|\\ud[89a-f]/i.test(json))
  .map((json) => JSON.parse(json) as Record<string, unknown>)
const instant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2020-01-02'), noInvalidDate: true })
  .map((date) => date.toISOString())

const memory = fc.record({
  memory: text,
  user_id: nullableText,
  agent_id: nullableText,
  session_id: nullableText,
  priority: fc.constantFrom('LOW', 'MEDIUM', 'HIGH'),
  categories: fc.array(
    text.filter((value) => value !== ''),
    { maxLength: 3 },
  ),
  metadata,
  access_count: fc.nat(2_147_483_647),
  last_accessed_at: fc.option(instant),
  created_at: fc.constantFrom('2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.001Z'),
  updated_at: fc.constant('2020-01-03T00:00:00.000Z'),
})
const memories = fc
  .array(memory, { minLength: 1, maxLength: 60, size: 'large' })
  .map((items) => items.map((item, index) => ({ id: `m-${String(index).padStart(2, '0')}`, ...item })))

async function sandboxWith(items: object[]) {
  const sandbox = await testSandbox()
  const { status, text: answer } = await sandbox.addMemories({ items })
  expect(status, answer).toBe(201)
  return sandbox
}

it('M-FILE-1c M-FILE-2c JSON gives every memory back as it was written, an object a line', async () => {
  await fc.assert(
    fc.asyncProperty(memories, async (items) => {
      const sandbox = await sandboxWith(items)
      const file = await fileText(sandbox)
      const expected = items
        .toSorted((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1))
        .map((item) => ({ ...item, workspace_id: sandbox.view.memsolus.workspaceId }))
      expect(JSON.parse(file)).toEqual(expected)
      const lines = file.split('\n')
      expect(lines.length).toBe(items.length + 3)
      expect(lines.slice(1, -2).map((line) => JSON.parse(line.replace(/,$/, '')))).toEqual(expected)
    }),
    RUNS,
  )
})

it('M-FILE-3c parsing the CSV file gives the values of the JSON file back, and only quoted fields hold line breaks', async () => {
  await fc.assert(
    fc.asyncProperty(memories, async (items) => {
      const sandbox = await sandboxWith(items)
      const file = await fileText(sandbox, { format: 'csv' })
      const [header, ...records] = parse(file, {
        record_delimiter: '\r\n',
        cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
      }) as (string | null)[][]
      expect(header).toEqual(memoryFields)
      const parsed = records.map((values) => {
        const record = Object.fromEntries(memoryFields.map((field, index) => [field, values[index]]))
        return {
          ...record,
          categories: JSON.parse(record.categories ?? ''),
          metadata: JSON.parse(record.metadata ?? ''),
          access_count: Number(record.access_count),
        }
      })
      expect(parsed).toEqual(JSON.parse(await fileText(sandbox)) as Memory[])

      const unquoted = file.replaceAll(/(?<=^|,|\n)"(?:[^"]|"")*"(?=,|\r\n)/g, 'quoted')
      expect(unquoted.endsWith('\r\n')).toBe(true)
      for (const record of unquoted.split('\r\n').slice(0, -1)) {
        expect(record).not.toMatch(/["\r\n]/)
        expect(record.split(',')).toHaveLength(memoryFields.length)
      }
    }),
    RUNS,
  )
})

/** The blocks of code in a Markdown text, by CommonMark's rule for fences of backticks. */
function fencedBlocks(markdown: string): string[][] {
  const blocks: string[][] = []
  let fence = 0
  for (const line of markdown.split(/\r\n|\n|\r/)) {
    const ticks = /^ {0,3}(`{3,})[ \t]*$/.exec(line)?.[1]?.length ?? 0
    if (fence === 0 && ticks > 0) {
      blocks.push([])
      fence = ticks
    } else if (fence > 0 && ticks >= fence) fence = 0
    else if (fence > 0) blocks.at(-1)?.push(line)
  }
  return blocks
}

it('M-FILE-4c in Markdown no text can end the fence that it is in', async () => {
  const piece = fc.constantFrom(
    '`',
    '``',
    '```',
    '````',
    '~~~',
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    '    ',
    '## m-00',
    '- a',
    'text',
  )
  const texts = fc.array(fc.array(piece, { maxLength: 12 }), { minLength: 1, maxLength: 60, size: 'large' })
  await fc.assert(
    fc.asyncProperty(texts, async (written) => {
      const items = written.map((pieces, index) => ({
        id: `m-${String(index).padStart(2, '0')}`,
        memory: pieces.join(''),
        created_at: '2020-01-01T00:00:00Z',
      }))
      const file = await fileText(await sandboxWith(items), { format: 'markdown' })
      expect(fencedBlocks(file)).toEqual(items.map((item) => item.memory.split(/\r\n|\n|\r/)))
    }),
    RUNS,
  )
})
