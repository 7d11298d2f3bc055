import {
  type Column,
  eq,
  exists,
  fillPlaceholders,
  getTableColumns,
  type InferInsertModel,
  Param,
  SQL,
  StringChunk,
  sql,
} from 'drizzle-orm'
import { getTableConfig, PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

const ROWS_A_STATEMENT = 2000

/** So many new rows make old statistics wrong enough for bad plans, until the database would look again by itself. */
const MANY_ROWS = 10_000

/**
 * Inserts any number of rows, each with the same columns. They travel as one JSON text a statement, since Postgres takes
 * no more than 65,535 parameters. With `ignoreKnown`, rows whose primary key exists are passed over.
 */
export async function insertRows<T extends PgTable>(
  db: Db,
  table: T,
  rows: readonly InferInsertModel<T>[],
  { ignoreKnown = false } = {},
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = getTableColumns(table)
  const given = Object.entries(columns).filter(([name]) => name in first)
  const names = sql.join(
    given.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  )
  // As the rows name them, so that they can travel as they are.
  const values = sql.join(
    given.map(([name]) => sql.identifier(name)),
    sql`, `,
  )
  const types = sql.join(
    given.map(([name, column]) => sql`${sql.identifier(name)} ${sql.raw(column.getSQLType())}`),
    sql`, `,
  )
  const conflict = ignoreKnown ? sql`on conflict do nothing` : sql``
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const json = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT))
    await db.execute(sql`insert into ${table} (${names})
      select ${values} from json_to_recordset(${json}::json) as given(${types}) ${conflict}`)
  }
  if (rows.length >= MANY_ROWS) await db.execute(sql`analyze ${table}`)
}

/** A table whose rows belong to a sandbox. */
export type SandboxTable = PgTable & { readonly sandboxId: Column }

/** How a table is called, with its schema. */
export function nameOf(table: SandboxTable): string {
  const { schema, name } = getTableConfig(table)
  return `${schema}.${name}`
}

/** The names of those tables that have rows of a sandbox. */
export async function tablesWithRows(db: Db, tables: readonly SandboxTable[], sandboxId: string): Promise<string[]> {
  const held = tables.map((table) =>
    exists(db.select({ one: sql`1` }).from(table).where(eq(table.sandboxId, sandboxId))),
  )
  const [row] = await db.select({ held: sql<boolean[]>`array[${sql.join(held, sql`, `)}]` }).from(sql`(select) as one`)
  return tables.filter((_table, index) => row?.held[index]).map(nameOf)
}

/** What some columns are in a copy, by their names, where they are not what they are in the original. */
export type CopiedAs = Record<string, SQL>

/** Copies the rows of a sandbox into another, every instant moved by `shiftMs`. */
export type CopyRows = (db: Db, copy: { from: string; to: string; shiftMs: number }) => Promise<void>

/**
 * How the rows of tables are copied; `isMoved` says whether instants are moved at all. What a table numbers by itself is
 * numbered anew, in the same order.
 */
export function copyOf(
  tables: readonly SandboxTable[],
  { isMoved, copiedAs }: { isMoved: boolean; copiedAs: ReadonlyMap<SandboxTable, CopiedAs> },
): CopyRows {
  const [from, to, shiftMs] = ['from', 'to', 'shiftMs'].map((name) => sql.placeholder(name))
  const copies = tables.map((table) => {
    const given = copiedAs.get(table) ?? {}
    const all = Object.entries(getTableColumns(table))
    const columns = all.filter(([, column]) => !isSerial(column))
    const serials = all.filter(([, column]) => isSerial(column)).map(([, column]) => column)
    const order = serials.length === 0 ? sql`` : sql`order by ${sql.join(serials, sql`, `)}`
    const names = columns.map(([, column]) => sql.identifier(column.name))
    const values = columns.map(([name, column]) => {
      if (column === table.sandboxId) return sql`${to}`
      const value = sql.identifier(column.name)
      const isInstant = column.getSQLType().startsWith('timestamp')
      return given[name] ?? (isMoved && isInstant ? sql`${value} + shift` : value)
    })
    const moved = isMoved ? sql`, (select ${shiftMs} * interval '1 millisecond' as shift) as moved` : sql``
    return sql`insert into ${table} (${sql.join(names, sql`, `)})
      select ${sql.join(values, sql`, `)} from ${table}${moved} where ${table.sandboxId} = ${from} ${order}`
  })
  return allAtOnce(copies)
}

/** Deletes all rows of a sandbox. */
export type DeleteRows = (db: Db, of: { sandboxId: string }) => Promise<void>

/** How the rows of tables are deleted. */
export function deletionOf(tables: readonly SandboxTable[]): DeleteRows {
  return allAtOnce(
    tables.map((table) => sql`delete from ${table} where ${table.sandboxId} = ${sql.placeholder('sandboxId')}`),
  )
}

/**
 * Changes that do not need each other as one statement: a statement costs more than most of what these do. It is long, and
 * put together once, as that takes longer than to change a few rows. Placeholders are given their values each time.
 */
function allAtOnce(changes: readonly SQL[]): (db: Db, values: Record<string, unknown>) => Promise<void> {
  const parts = changes.map((change, position) => sql`${sql.identifier(`change_${position}`)} as (${change})`)
  const statement = new PgDialect().sqlToQuery(sql`with ${sql.join(parts, sql`, `)} select 1`)
  const texts = statement.sql.split(/\$\d+/).map((text) => new StringChunk(text))
  return async (db, values) => {
    const params = fillPlaceholders(statement.params, values)
    const chunks = texts.flatMap((text, index) => (index === 0 ? [text] : [new Param(params[index - 1]), text]))
    await db.execute(new SQL(chunks))
  }
}

function isSerial(column: Column): boolean {
  return column.getSQLType().includes('serial')
}

/** Whether a text is among any number of them, which travel as one parameter. */
export function isAmong(column: Column, values: readonly string[]): SQL {
  return sql`${column} in (select json_array_elements_text(${JSON.stringify(values)}::json))`
}
