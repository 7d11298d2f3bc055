import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { DatabasePort } from './database.ts'
import { migrationsFolder } from './migrations.ts'
import { readPostgresSnapshot } from './postgres-snapshot.ts'

/** The advisory lock that lets one process prepare the database while the others wait. */
const PREPARATION_LOCK = 4646

const CHECK_SECONDS = 5

/**
 * How long Postgres waits for a process in the middle of a transaction: one that is stopped keeps its locks no longer. The
 * longest that one of ours was seen to wait is 1.2 s, for runs that were made up on two busy cores; and while a process
 * reads a large body, all of its transactions wait.
 */
const PATIENCE_MS = 15_000

const connection = {
  TimeZone: 'UTC',
  /** For what is asked next. */
  idle_in_transaction_session_timeout: PATIENCE_MS,
  /** For an answer to be taken. Postgres knows it where the system does, which is Linux. */
  tcp_user_timeout: PATIENCE_MS,
}

/** Rejects where Postgres does not let us in. */
export async function checkPostgres(url: string): Promise<void> {
  const single = postgres(url, { max: 1, connect_timeout: CHECK_SECONDS })
  try {
    await single`select 1`
  } finally {
    await single.end({ timeout: 0 })
  }
}

export type SharedDatabase = DatabasePort & {
  /** Brings the tables up to date. Of several processes one does it, and the others wait. */
  migrate(): Promise<void>
  /** Does something that no other process of this database does at the same time. */
  exclusively<T>(act: () => Promise<T>): Promise<T>
  /** A name that no other database has, on whichever machine: the same for every process, however it gets here. */
  identify(): Promise<string>
}

/** Opens Postgres through postgres.js. `url` is `postgres://user:password@host:port/database`. */
export async function openPostgres(url: string): Promise<SharedDatabase> {
  // Elsewhere, old instants have offsets with seconds, which `Date` cannot read.
  const client = postgres(url, { max: 10, onnotice: () => {}, connection })
  const db = drizzle(client)
  return {
    db,
    migrate: () => locked((single) => migrate(drizzle(single), { migrationsFolder: migrationsFolder() })),
    exclusively: (act) => locked(() => act()),
    async identify() {
      const [row] = await client<{ name: string }[]>`select system_identifier || '-' || oid as name
        from pg_control_system(), pg_database where datname = current_database()`
      if (!row) throw new Error('Failed to identify the database: it is not among those of its server')
      return row.name
    },
    async ping() {
      await client`select 1`
    },
    async listen(channel, hear) {
      // A connection of its own, which is made again when it is lost.
      const { unlisten } = await client.listen(channel, hear, () => hear(undefined))
      return unlisten
    },
    readSnapshot: (read, signal) => readPostgresSnapshot(url, read, signal),
    close: () => client.end({ timeout: 5 }),
  }

  /** Ending the connection lets go of the lock, as does the end of the process. */
  async function locked<T>(act: (single: postgres.Sql) => Promise<T>): Promise<T> {
    const single = postgres(url, { max: 1, onnotice: () => {} })
    try {
      await single`select pg_advisory_lock(${PREPARATION_LOCK})`
      return await act(single)
    } finally {
      await single.end()
    }
  }
}
