import { sql } from 'drizzle-orm'
import type { Db } from '../ports/database/database.ts'

/** The channel on which every process hears that something has happened in a sandbox, as soon as it is committed. */
export const NEWS = 'sandport_news'

/** Tells of a sandbox, as part of a statement of its transaction. */
export const announced = (sandboxId: string) => sql`pg_notify(${NEWS}, ${sandboxId})`

/** Tells of sandboxes in which something has happened, or which are gone. */
export async function announce(tx: Db, sandboxIds: readonly string[]): Promise<void> {
  if (sandboxIds.length === 0) return
  await tx.execute(
    sql`select pg_notify(${NEWS}, id) from json_array_elements_text(${JSON.stringify(sandboxIds)}) as id`,
  )
}
