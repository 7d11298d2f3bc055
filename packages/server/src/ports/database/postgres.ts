import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { DatabasePort } from './database.ts'
import { migrationsFolder } from './migrations.ts'

/** The advisory lock that lets one process migrate while the others wait. */
const MIGRATION_LOCK = 4646

const CHECK_SECONDS = 5

/** Rejects where Postgres does not let us in. */
export async function checkPostgres(url: string): Promise<void> {
  const single = postgres(url, { max: 1, connect_timeout: CHECK_SECONDS })
  try {
    await single`select 1`
  } finally {
    await single.end({ timeout: 0 })
  }
}

/** Opens Postgres through postgres.js. `url` is `postgres://user:password@host:port/database`. */
export async function openPostgres(url: string): Promise<DatabasePort & { migrate(): Promise<void> }> {
  // Elsewhere, old instants have offsets with seconds, which `Date` cannot read.
  const client = postgres(url, { max: 10, onnotice: () => {}, connection: { TimeZone: 'UTC' } })
  const db = drizzle(client)
  return {
    db,
    async migrate() {
      const single = postgres(url, { max: 1, onnotice: () => {} })
      try {
        await single`select pg_advisory_lock(${MIGRATION_LOCK})`
        await migrate(drizzle(single), { migrationsFolder: migrationsFolder() })
      } finally {
        // Ending the connection lets go of the lock.
        await single.end()
      }
    },
    async ping() {
      await client`select 1`
    },
    async listen(channel, hear) {
      // A connection of its own, which is made again when it is lost.
      const { unlisten } = await client.listen(channel, hear, () => hear(undefined))
      return unlisten
    },
    close: () => client.end({ timeout: 5 }),
  }
}
