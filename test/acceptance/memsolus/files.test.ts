import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { exportedMemories, fileText, memoryFields } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00Z', frozen: true }
const awkward = {
  id: 'm-1',
  memory: 'He said "no",\r\nthen left 🌍',
  user_id: '',
  agent_id: null,
  session_id: '=1+1',
  priority: 'HIGH',
  categories: ['a', 'b, c', 'd "e"'],
  metadata: { z: 1, a: { nested: [true, null, 'x,y'] }, 'key "k"': 'line\nline', 10: 0.1 },
  access_count: 7,
  last_accessed_at: '2026-02-02T00:00:00.5Z',
  created_at: '2026-01-31T00:00:00Z',
  updated_at: '2026-02-01T00:00:00+01:00',
}
const shown = {
  ...awkward,
  last_accessed_at: '2026-02-02T00:00:00.500Z',
  created_at: '2026-01-31T00:00:00.000Z',
  updated_at: '2026-01-31T23:00:00.000Z',
}

it('M-FILE-1c M-FILE-2c JSON: an array with an object a line, all fields in order, and a final newline', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.addMemories({ items: [awkward, { id: 'm-2' }, { id: 'm-3' }] })
  const text = await fileText(sandbox)
  const lines = text.split('\n')
  expect([lines[0], lines.at(-2), lines.at(-1), lines.length]).toEqual(['[', ']', '', 6])
  const objects = lines.slice(1, -2).map((line) => JSON.parse(line.replace(/,$/, '')))
  expect(objects.map((object) => Object.keys(object))).toEqual([memoryFields, memoryFields, memoryFields])
  expect(JSON.parse(text)).toEqual(objects)
  expect(objects[0]).toEqual({ ...shown, workspace_id: sandbox.view.memsolus.workspaceId })
  expect(lines[1]).toContain('🌍')
})

it('M-FILE-2c JSON of nothing is an empty array', async () => {
  expect(await fileText(await testSandbox())).toBe('[]\n')
})

it('M-FILE-1c M-FILE-3c CSV: a header always, CRLF after every record, no byte order mark', async () => {
  const sandbox = await testSandbox({ clock })
  expect(await fileText(sandbox, { format: 'csv' })).toBe(`${memoryFields.join(',')}\r\n`)
  await sandbox.addMemories({ ...awkward, memory: 'plain', categories: [], metadata: {}, last_accessed_at: null })
  expect(await fileText(sandbox, { format: 'csv' })).toBe(
    `${memoryFields.join(',')}\r\nm-1,plain,"",,=1+1,HIGH,[],{},${sandbox.view.memsolus.workspaceId},7,,` +
      `2026-01-31T00:00:00.000Z,2026-01-31T23:00:00.000Z\r\n`,
  )
})

it('M-FILE-3c CSV: quotes are doubled, lines kept, lists and objects JSON text', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.addMemories(awkward)
  const text = await fileText(sandbox, { format: 'csv' })
  expect(text).toContain('"He said ""no"",\r\nthen left 🌍","",,=1+1,HIGH,')
  const [record] = parse(text, { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[]
  expect(JSON.parse(record?.categories ?? '')).toEqual(awkward.categories)
  expect(JSON.parse(record?.metadata ?? '')).toEqual(awkward.metadata)
})

it('M-FILE-1c memories are in the order of their creation, of equal instants by id, in every format', async () => {
  const sandbox = await testSandbox({ clock })
  const created_at = '2026-01-02T00:00:00Z'
  await sandbox.addMemories({
    items: [
      { id: 'z', created_at: '2026-01-01T00:00:00Z' },
      { id: 'b', created_at },
      { id: 'a', created_at: '2026-01-02T00:00:00.001Z' },
      { id: 'é', created_at },
      { id: 'B', created_at },
      { id: 'a-1', created_at },
      { id: 'a1', created_at },
      { id: '_', created_at },
    ],
  })
  const expected = ['z', 'B', '_', 'a-1', 'a1', 'b', 'é', 'a']
  expect((await exportedMemories(sandbox)).map(({ id }) => id)).toEqual(expected)
  const csv = await fileText(sandbox, { format: 'csv' })
  expect((parse(csv, { columns: true }) as { id: string }[]).map(({ id }) => id)).toEqual(expected)
  const markdown = await fileText(sandbox, { format: 'markdown' })
  expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, id]) => id)).toEqual(expected)
})

it('M-FILE-1c more memories than fit one batch are all there, once, in order', async () => {
  const sandbox = await testSandbox({ clock })
  const day = '2026-01-01T00:00:00Z'
  await sandbox.addMemories({
    count: 2500,
    memory: 'x',
    metadata: {},
    created_at: { from: day, to: '2026-01-01T00:00:00.010Z' },
  })
  const memories = await exportedMemories(sandbox)
  const order = memories.map(({ created_at, id }) => `${created_at} ${id}`)
  expect(new Set(order).size).toBe(2500)
  expect(order).toEqual(order.toSorted())
  expect(await fileText(sandbox, { format: 'markdown' })).toMatch(/^# .*\b2500\b/)
})

it('M-FILE-4c Markdown: a title with the count and the filters, then a section a memory', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.addMemories({
    items: [
      { ...awkward, user_id: 'u `1`' },
      { id: 'm-2', user_id: 'other' },
    ],
  })
  const query = { user_id: 'u `1`', priority: 'HIGH', categories: 'a,z', created_after: '2026-01-30' }
  const text = await fileText(sandbox, { ...query, format: 'markdown' })
  const [head = '', ...sections] = text.split(/^(?=## )/m)
  expect(head).toMatch(/^# .*\b1\b.*\n/)
  expect(head.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- user_id: `` u `1` ``',
    '- priority: `HIGH`',
    '- categories: `a, z`',
    '- created_after: `2026-01-30T00:00:00.000Z`',
  ])
  expect(sections).toEqual([
    [
      '## m-1',
      '',
      '- user_id: `` u `1` ``',
      '- agent_id: `null`',
      '- session_id: `=1+1`',
      '- priority: `HIGH`',
      '- categories: `["a","b, c","d \\"e\\""]`',
      `- metadata: \`${JSON.stringify(awkward.metadata)}\``,
      `- workspace_id: \`${sandbox.view.memsolus.workspaceId}\``,
      '- access_count: `7`',
      '- last_accessed_at: `2026-02-02T00:00:00.500Z`',
      '- created_at: `2026-01-31T00:00:00.000Z`',
      '- updated_at: `2026-01-31T23:00:00.000Z`',
      '',
      '```',
      'He said "no",\r\nthen left 🌍',
      '```',
      '',
    ].join('\n'),
  ])
})

it('M-FILE-4c Markdown of nothing is a title that says so', async () => {
  const text = await fileText(await testSandbox(), { format: 'markdown' })
  expect(text).toMatch(/^# .*\b0\b/)
  expect(text).not.toMatch(/^(##|- )/m)
})

it('M-FILE-4c a text with very many backticks is exported like any other', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.addMemories({ id: 'ticks', memory: '` '.repeat(300_000) })
  expect(await fileText(sandbox, { format: 'markdown' })).toContain('` ` ` ` `')
})

it.each(['json', 'csv', 'markdown'])(
  'M-FILE-5c the same seed and clock give byte-identical %s files',
  async (format) => {
    const input = { seed: 7, clock, data: { memsolus: { memories: { count: 150 } } } }
    const first = await testSandbox(input)
    const second = await testSandbox(input)
    const other = await testSandbox({ ...input, seed: 8 })
    const text = await fileText(first, { format })
    expect(await fileText(second, { format })).toBe(text)
    expect(await fileText(first, { format })).toBe(text)
    expect(await fileText(other, { format })).not.toBe(text)
    await first.addMemories({ count: 20 })
    await second.addMemories({ count: 20 })
    const more = await fileText(first, { format })
    expect(more.length).toBeGreaterThan(text.length)
    expect(await fileText(second, { format })).toBe(more)
  },
)
