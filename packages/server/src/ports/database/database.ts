import type { SQL } from 'drizzle-orm'
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
  /**
   * Reads many rows in little time, where the adapter can do so without holding up others: on a connection of its own, in
   * one snapshot, which end when `read` does. Rejects when the connection is lost, or `signal` is aborted.
   */
  readSnapshot?<T>(read: (snapshot: Snapshot) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Waits for what is under way, then lets go of every connection. */
  close(): Promise<void>
}

/** The database at one instant. */
export interface Snapshot {
  readonly db: Db
  /** The rows that a query gives, as many at once as have come. Reading may stop at any of them. */
  copyRows(query: SQL): AsyncIterable<CopiedRows>
}

/**
 * Whole rows in Postgres's binary format, of which `binary-values.ts` reads what is not text. For each field of each row
 * `fields` has two numbers: where it begins in `bytes`, and its length, which is -1 where it is null.
 */
export type CopiedRows = Bytes & { fields: readonly number[]; count: number }

/** Bytes, and the same for numbers of several. */
export type Bytes = { readonly bytes: Buffer; readonly view: DataView }
