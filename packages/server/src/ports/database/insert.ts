import { type Column, getTableColumns, type InferInsertModel, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

const ROWS_A_STATEMENT = 2000

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
  const types = sql.join(
    given.map(([, column]) => sql`${sql.identifier(column.name)} ${sql.raw(column.getSQLType())}`),
    sql`, `,
  )
  const conflict = ignoreKnown ? sql`on conflict do nothing` : sql``
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const batch = rows.slice(start, start + ROWS_A_STATEMENT) as readonly Record<string, unknown>[]
    const json = JSON.stringify(
      batch.map((row) => Object.fromEntries(given.map(([name, column]) => [column.name, row[name]]))),
    )
    await db.execute(sql`insert into ${table} (${names})
      select ${names} from json_to_recordset(${json}::json) as given(${types}) ${conflict}`)
  }
}

/**
 * Copies the rows of a sandbox into another, one statement a table, every instant moved by `shiftMs`. What a table
 * numbers by itself is numbered anew.
 */
export async function copyRows(
  db: Db,
  table: PgTable,
  { from, to, shiftMs }: { from: string; to: string; shiftMs: number },
) {
  const all = Object.values(getTableColumns(table))
  const columns = all.filter((column) => !isSerial(column))
  const serials = all.filter(isSerial)
  const order = serials.length === 0 ? sql`` : sql`order by ${sql.join(serials, sql`, `)}`
  const names = sql.join(
    columns.map((column) => sql.identifier(column.name)),
    sql`, `,
  )
  const values = sql.join(
    columns.map((column) => {
      if (column.name === 'sandbox_id') return sql`${to}`
      const name = sql.identifier(column.name)
      return column.getSQLType().startsWith('timestamp') ? sql`${name} + ${shiftMs} * interval '1 millisecond'` : name
    }),
    sql`, `,
  )
  await db.execute(
    sql`insert into ${table} (${names}) select ${values} from ${table} where sandbox_id = ${from} ${order}`,
  )
}

function isSerial(column: Column): boolean {
  return column.getSQLType().includes('serial')
}

/** Whether a text is among any number of them, which travel as one parameter. */
export function isAmong(column: Column, values: readonly string[]): SQL {
  return sql`${column} in (select json_array_elements_text(${JSON.stringify(values)}::json))`
}
