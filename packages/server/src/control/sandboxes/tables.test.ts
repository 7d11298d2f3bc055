import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { modules } from '../../app.ts'
import { type EmbeddedDatabase, openPglite } from '../../ports/database/pglite.ts'
import { copyContents } from './copy.ts'
import { deleteWhole, emptySandbox } from './remove.ts'

/** What of a sandbox happened to it, or was done to it: no copy has it. */
const past = [
  'sandport.event',
  'sandport.exchange',
  'sandport.finding',
  'sandport.judgement',
  'sandport.rate_window',
  'sandport.script',
  'sandport.served_page',
  'syft.run_version',
]
const keys = 'sandport.api_key'

let database: EmbeddedDatabase
/** Every table that has rows of sandboxes, by what the database says. */
let tables: string[]

beforeAll(async () => {
  database = await openPglite({})
  await database.migrate()
  tables = await listTables(`select table_schema || '.' || table_name as name from information_schema.columns
    where column_name = 'sandbox_id' order by name`)
}, 60_000)

afterAll(() => database.close())

beforeEach(async () => {
  for (const table of tables) {
    await database.pglite.exec(`delete from ${table}`)
    await insertAny(table, 'mine')
    await insertAny(table, 'other')
  }
})

it('every table with rows of sandboxes is known', () => {
  expect(tables).toEqual(expect.arrayContaining([...past, keys, 'syft.run', 'memsolus.memory']))
})

it('a deleted sandbox leaves no row in any table', async () => {
  await deleteWhole(database.db, modules, ['mine'])
  expect(await tablesWith('mine')).toEqual([])
  expect(await tablesWith('other')).toEqual(tables)
})

it('a sandbox that is reset or restored keeps nothing but its keys', async () => {
  await emptySandbox(database.db, modules, 'mine')
  expect(await tablesWith('mine')).toEqual([keys])
  expect(await tablesWith('other')).toEqual(tables)
})

it('a copy has all but what happened', async () => {
  await copyContents(database.db, modules, { from: 'mine', to: 'copy', keys: 'remembered' })
  expect(await tablesWith('copy')).toEqual(tables.filter((table) => !past.includes(table)))
  await copyContents(database.db, modules, { from: 'mine', to: 'without keys' })
  expect(await tablesWith('without keys')).toEqual(tables.filter((table) => !past.includes(table) && table !== keys))
})

it('nobody is at work on what a copy holds, and what was begun is not counted as tried', async () => {
  await database.pglite.exec(`update memsolus.export_job set claim = 'x', claim_until = '2026-01-01', attempts = 2,
    retry_at = '2026-01-01', woken_at = '2026-01-01', rows_done = 5 where sandbox_id = 'mine'`)
  await copyContents(database.db, modules, { from: 'mine', to: 'copy' })
  const { rows } = await database.pglite.query(`select claim, claim_until, retry_at, woken_at, attempts
    from memsolus.export_job where sandbox_id = 'copy'`)
  expect(rows).toEqual([{ claim: null, claim_until: null, retry_at: null, woken_at: null, attempts: 1 }])
})

/** A row with something in every column that must have something. */
async function insertAny(table: string, sandboxId: string): Promise<void> {
  const [schema, name] = table.split('.')
  const columns = await database.pglite.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = $1 and table_name = $2 and is_nullable = 'NO' and column_default is null`,
    [schema, name],
  )
  const values: Record<string, string> = { text: "'x'", jsonb: "'{}'", json: "'{}'", ARRAY: "'{}'", boolean: 'true' }
  const textOf = (column: { name: string; type: string }) => {
    if (column.name === 'sandbox_id') return `'${sandboxId}'`
    // The same key is valid in one sandbox alone.
    if (table === keys && column.name === 'key') return `'key of ${sandboxId}'`
    if (column.type.startsWith('timestamp')) return "'2026-01-01'"
    return values[column.type] ?? '1'
  }
  const names = columns.rows.map((column) => column.name)
  await database.pglite.exec(
    `insert into ${table} (${names.join(', ')}) values (${columns.rows.map(textOf).join(', ')})`,
  )
}

async function tablesWith(sandboxId: string): Promise<string[]> {
  const found = []
  for (const table of tables) {
    const { rows } = await database.pglite.query(`select 1 from ${table} where sandbox_id = $1`, [sandboxId])
    if (rows.length > 0) found.push(table)
  }
  return found
}

async function listTables(query: string): Promise<string[]> {
  const { rows } = await database.pglite.query<{ name: string }>(query)
  return rows.map(({ name }) => name)
}
