import { and, count, eq, gt, lt, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { events } from '../../sandbox/tables.ts'

/** As many events of a sandbox are kept. */
const MOST_EVENTS = 10_000

/** Forgets the oldest events of sandboxes that have too many. */
export async function pruneEvents(db: Db, most = MOST_EVENTS): Promise<void> {
  const full = await db
    .select({ sandboxId: events.sandboxId })
    .from(events)
    .groupBy(events.sandboxId)
    .having(gt(count(), most))
  for (const { sandboxId } of full) {
    const oldestKept = sql`(select id from ${events} where sandbox_id = ${sandboxId}
      order by id desc offset ${most - 1} limit 1)`
    await db.delete(events).where(and(eq(events.sandboxId, sandboxId), lt(events.id, oldestKept)))
  }
}
