import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** What every query function takes first: the database, or the transaction it runs in. */
export type Db = PgDatabase<PgQueryResultHKT>

/** The database behind a server, whichever adapter it is. */
export interface DatabasePort {
  /** For queries and transactions. Inside `db.transaction(async (tx) => …)` only `tx` may be used. */
  readonly db: Db
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
  /**
   * Hears what any process says by `pg_notify` in this database; `undefined` where something may have been missed. Answers
   * how to stop.
   */
  listen(channel: string, hear: (message: string | undefined) => void): Promise<() => Promise<void>>
  /** Waits for what is under way, then lets go of every connection. */
  close(): Promise<void>
}
