import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { SharedDatabase } from '../../../ports/database/postgres.ts'
import { describeOnPostgres, testPostgres } from '../../../testing.ts'
import type { ExportSelection } from '../exports.ts'
import { memories } from '../tables.ts'
import { renderFile } from './render.ts'

type NewMemory = typeof memories.$inferInsert

const pieces = [
  ...[
    '"',
    '""',
    ',',
    '\n',
    '\r',
    '\r\n',
    ' \n\t',
    '|',
    '`',
    '```',
    '`````',
    '\\',
    '\\n',
    "'",
    '$1',
    '%',
    '=',
    '+',
    '-',
    '@',
  ],
  ...['\t', '\b', '\f', '\v', '\u0001', '\u001f', '\u007f', '\u0085', '\u00a0', '\u1680', '\u2003', '\u2028', '\u2029'],
  ...[
    '\ufeff',
    '\u3000',
    '\u180e',
    '\u200b',
    ' ',
    '  ',
    '.',
    '\\.',
    '{',
    '}',
    'NULL',
    'null',
    'a',
    'é',
    'e\u0301',
    'ß',
  ],
  ...['👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'אוהבת', 'ولا', '\u202e', '\ud7ff', '\ufffd', '\uffff', '\u{10ffff}'],
]
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('plain', 'user_ada', 'plain text') },
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
  // PostgreSQL has no U+0000.
  fc.string({ unit: 'binary', maxLength: 12 }).map((any) => any.replaceAll('\0', '')),
)
const instant = fc.oneof(
  fc.date({
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }),
  fc
    .constantFrom('0001-01-01T00:00:00.000Z', '1969-12-31T23:59:59.990Z', '9999-12-31T23:59:59.999Z')
    .map((at) => new Date(at)),
)
const nullableText = fc.option(text)
const memory = fc.record({
  memory: text,
  userId: nullableText,
  agentId: nullableText,
  sessionId: nullableText,
  priority: fc.constantFrom('HIGH' as const, 'MEDIUM' as const, 'LOW' as const),
  categories: fc.oneof(fc.array(text, { maxLength: 3 }), fc.array(text, { minLength: 20, maxLength: 40 })),
  metadata: fc.dictionary(text, fc.oneof(text, fc.double({ noNaN: true }), fc.constant(null), fc.array(text)), {
    noNullPrototype: true,
  }),
  accessCount: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  lastAccessedAt: fc.option(instant),
  createdAt: instant,
  updatedAt: instant,
})

const everything = {
  workspaceId: 'w"`\n',
  revision: 10,
  userId: null,
  agentId: null,
  sessionId: null,
  priority: null,
  categories: null,
  createdAfter: null,
  createdBefore: null,
} satisfies Partial<ExportSelection>

describeOnPostgres('a file that is copied out of Postgres', () => {
  let database: SharedDatabase
  let sandboxes = 0

  beforeAll(async () => {
    const own = await testPostgres()
    database = own.database
    return own.drop
  })

  async function addMemories(
    rows: Omit<NewMemory, 'sandboxId' | 'workspaceId' | 'revision' | 'id'>[],
    workspaceId = everything.workspaceId,
  ): Promise<string> {
    const sandboxId = `sb_${sandboxes++}`
    const values = rows.map((row, index) => ({
      ...row,
      sandboxId,
      workspaceId,
      revision: 1,
      id: `${row.memory}${index}`,
    }))
    if (values.length > 0) await database.db.insert(memories).values(values)
    return sandboxId
  }

  async function render(row: ExportSelection, { byCopy }: { byCopy: boolean }) {
    let file = Buffer.alloc(0)
    const told: number[] = []
    const files = {
      async write(_key: string, content: AsyncIterable<string | Uint8Array>) {
        const parts: Buffer[] = []
        for await (const part of content) parts.push(Buffer.from(part))
        file = Buffer.concat(parts)
        return file.length
      },
      read: async () => undefined,
      remove: async () => {},
      list: async () => [],
      ping: async () => {},
    }
    const { db, readSnapshot } = database
    await renderFile(
      { db, ...(byCopy && readSnapshot && { readSnapshot }), files, stopping: new AbortController().signal },
      { row, key: 'key', renew: async (rowsDone) => void told.push(rowsDone) },
    )
    return { file: file.toString(), told }
  }

  /** The files of both ways in each format, which are to be the same. */
  async function expectSame(selection: Omit<ExportSelection, 'format'>): Promise<number | undefined> {
    let rows: number | undefined
    for (const format of ['json', 'csv', 'markdown'] as const) {
      const copied = await render({ ...selection, format }, { byCopy: true })
      expect(copied).toEqual(await render({ ...selection, format }, { byCopy: false }))
      rows = copied.told.at(-1)
    }
    return rows
  }

  it('M-FILE-1c M-FILE-2c M-FILE-3c M-FILE-4c is to the byte what it would be of rows that are read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(memory, { maxLength: 12 }), text, async (rows, workspaceId) => {
        const sandboxId = await addMemories(rows, workspaceId)
        expect(await expectSame({ ...everything, sandboxId, workspaceId })).toBe(rows.length)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('M-FILE-1c holds texts, too, that are longer than a batch and grow the most', async () => {
    const long = ['\u0001', '"', '`', '\n', '\\', 'é', 'x', '` '].map((piece) => piece.repeat(100_000))
    const at = new Date(0)
    const other = { priority: 'LOW' as const, accessCount: 100, createdAt: at, updatedAt: at }
    const rows = long.flatMap((any) => [
      { ...other, memory: any, userId: any, categories: [any, ''], metadata: { key: any } },
      { ...other, memory: '', categories: [], metadata: {} },
    ])
    const sandboxId = await addMemories(rows)
    expect(await expectSame({ ...everything, sandboxId })).toBe(rows.length)
  }, 60_000)

  it('M-CREATE-2 to M-CREATE-5c holds what the filters let through, whatever is in them', async () => {
    const plain = {
      memory: 'plain',
      priority: 'LOW' as const,
      categories: [],
      metadata: {},
      accessCount: 0,
      createdAt: new Date(0),
      updatedAt: new Date(0),
    }
    const hostile = [
      "' or true --",
      "\\' or true --",
      "'';drop table memsolus.memory;",
      '$$',
      '$1',
      '"\\"',
      '{a,b}',
      'NULL',
      '\\',
      '\n',
    ]
    const rows = hostile.map((userId) => ({ ...plain, userId, agentId: userId, categories: [userId, 'other'] }))
    const sandboxId = await addMemories([plain, ...rows])
    for (const value of hostile) {
      expect(await expectSame({ ...everything, sandboxId, userId: value })).toBe(1)
      expect(await expectSame({ ...everything, sandboxId, agentId: value, categories: [value] })).toBe(1)
      expect(await expectSame({ ...everything, sandboxId, workspaceId: value })).toBe(0)
    }
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { minLength: 1, maxLength: 3 }), async (value, categories) => {
        const found = await expectSame({ ...everything, sandboxId, sessionId: `${value}?`, categories })
        expect(found).toBe(0)
      }),
      { numRuns: 20 },
    )
    expect(await expectSame({ ...everything, sandboxId, createdAfter: new Date(-1), createdBefore: new Date(1) })).toBe(
      11,
    )
    expect(await expectSame({ ...everything, sandboxId, createdAfter: new Date(0) })).toBe(0)
    expect(await expectSame({ ...everything, sandboxId, priority: 'HIGH' })).toBe(0)
    expect(await expectSame({ ...everything, sandboxId, revision: 1 })).toBe(0)
  }, 60_000)
})
