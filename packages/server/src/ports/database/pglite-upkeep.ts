import type { PGlite } from '@electric-sql/pglite'

/** So many megabytes are written before anything is tidied. What they leave takes some hundredths of a second then. */
export const MUCH_MB = 16

/** Fewer deleted rows of a table are left to lie. */
const MANY_ROWS = 1000

/** What the log is cut to: as little as Postgres takes for a directory whose log is in pieces of 16 MB, as older ones have. */
export const shortLog = ['-c', 'max_wal_size=32MB', '-c', 'min_wal_size=32MB']

/**
 * Postgres has processes that make room where rows were deleted and cut the log, and PGlite has none: without somebody who
 * does it, a server grows by all that was ever written to it. What is answered does it, where there is much to do.
 */
export function upkeepOf(pglite: PGlite): () => Promise<void> {
  let tidiedAt = 0
  const writtenBytes = async () => {
    const { rows } = await pglite.query<{ bytes: number }>(
      `select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes`,
    )
    return rows[0]?.bytes ?? 0
  }
  return async () => {
    if ((await writtenBytes()) - tidiedAt < MUCH_MB * 1024 * 1024) return
    // What was deleted in the last second may not be counted yet.
    await pglite.query('select pg_stat_force_next_flush()')
    const { rows } = await pglite.query<{ table: string }>(
      `select format('%I.%I', schemaname, relname) as table from pg_stat_user_tables where n_dead_tup >= ${MANY_ROWS}`,
    )
    // One after the other, so that requests come between them.
    for (const { table } of rows) await pglite.exec(`vacuum ${table}`)
    await pglite.exec('checkpoint')
    tidiedAt = await writtenBytes()
  }
}
