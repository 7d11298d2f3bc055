import { expectThat } from '../../expect.ts'
import type { SandboxKit } from '../../kit.ts'
import { memsolusCase } from './case.ts'
import { countDifferences, memoryFields, readCsv, readJson } from './memories.ts'
import { fileOf, frozen } from './sandbox.ts'

const TEXT = 'One ```` two "three",\r\nfour 🌍'
/** Memories with whatever a format has to keep apart. */
const awkward = [
  {
    id: 'first',
    memory: TEXT,
    user_id: '',
    agent_id: null,
    session_id: '=1+1',
    categories: ['a', 'b, c', 'd "e"'],
    metadata: { z: [true, null, 'x,y'], 'key "k"': 'line\nline', 10: 0.1 },
    created_at: '2026-01-01T00:00:00Z',
  },
  { id: 'second', user_id: 'u `1`', categories: [], metadata: {}, created_at: '2026-01-02T00:00:00Z' },
]

const add = (own: SandboxKit) => own.control('POST', '/memsolus/memories', { items: awkward })

export const fileBytesCases = [
  memsolusCase({
    name: 'file-empty',
    does: 'writes no memories as [], as a header alone and as a title with 0',
    rules: ['M-FILE-2c', 'M-FILE-3c', 'M-FILE-4c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      for (const [format, text] of [
        ['json', /^\[\]\n$/],
        ['csv', new RegExp(`^${memoryFields.join(',')}\r\n$`)],
        ['markdown', /^# .*\b0\b/],
      ] as const) {
        const exchange = await fileOf(own, { format })
        expectThat(exchange, text.test(exchange.text), { expected: `${text}`, actual: 'another text' })
      }
    },
  }),
  memsolusCase({
    name: 'file-csv-quoting',
    does: 'tells null from an empty text, and keeps quotes, commas and line breaks in CSV',
    rules: ['M-FILE-3c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await add(own)
      const memories = readJson(await fileOf(own, { format: 'json' }))
      const exchange = await fileOf(own, { format: 'csv' })
      const { compared, counts } = countDifferences(memories, readCsv(exchange, { strict: true }))
      expectThat(exchange, counts.size === 0 && compared === awkward.length, {
        expected: `the values of the JSON file for ${awkward.length} memories`,
        actual: `${compared} memories, with others for ${[...counts.keys()].join(', ') || 'no field'}`,
      })
    },
  }),
  memsolusCase({
    name: 'file-markdown',
    does: 'writes Markdown as a title with the number, the filters, and a section a memory in their order',
    rules: ['M-FILE-4c', 'M-FILE-1c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await add(own)
      const exchange = await fileOf(own, { format: 'markdown', created_after: '2025-01-01' })
      const { text } = exchange
      const [head = '', ...sections] = text.split(/^(?=## )/m)
      expectThat(exchange, /^# .*\b2\b/.test(head) && head.includes('- created_after: '), {
        expected: 'a title with the number 2, and the filter created_after',
        actual: 'another beginning',
      })
      const ids = sections.map((section) => section.split('\n', 1)[0])
      expectThat(exchange, ids.join() === '## first,## second', {
        expected: 'the sections "## first" and "## second"',
        actual: ids.join(', ') || 'no section',
      })
      const listed = memoryFields.slice(2).filter((name) => sections.every((each) => each.includes(`\n- ${name}: `)))
      expectThat(exchange, listed.length === memoryFields.length - 2, {
        expected: `a list of ${memoryFields.slice(2).join(', ')} in each section`,
        actual: `only ${listed.join(', ') || 'other things'}`,
      })
    },
  }),
  memsolusCase({
    name: 'file-markdown-fence',
    does: 'fences a text in more backticks than it has in a row',
    rules: ['M-FILE-4c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      await add(own)
      const exchange = await fileOf(own, { format: 'markdown' })
      const at = exchange.text.indexOf(`\n${TEXT}\n`)
      const before = exchange.text.slice(0, at).split('\n').at(-1) ?? ''
      const after = exchange.text.slice(at + TEXT.length + 2).split('\n', 1)[0]
      expectThat(exchange, at >= 0 && /^`{5,}$/.test(before) && after === before, {
        expected: 'the text between two lines of 5 backticks or more',
        actual: at < 0 ? 'another text' : 'other lines around it',
      })
    },
  }),
  memsolusCase({
    name: 'file-deterministic',
    does: 'writes the same bytes in two sandboxes with the same seed, calls and clock',
    rules: ['M-FILE-5c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const like = { seed: 7, clock: frozen, data: { memsolus: { memories: { count: 30 } } } }
      const [one, two] = [await sandbox(like), await sandbox(like)]
      for (const format of ['json', 'csv', 'markdown']) {
        const wanted = await fileOf(one, { format })
        const exchange = await fileOf(two, { format })
        expectThat(exchange, exchange.text === wanted.text, {
          expected: `the ${wanted.text.length} characters of the first sandbox`,
          actual: `${exchange.text.length} others`,
        })
      }
    },
  }),
]
