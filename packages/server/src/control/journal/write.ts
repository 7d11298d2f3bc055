import { and, eq, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { insertRows, isAmong } from '../../ports/database/insert.ts'
import { announce } from '../../sandbox/news.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import type { Entry } from './entry.ts'
import { exchanges, servedPages, unmatchedRequests } from './tables.ts'
import type { Unmatched } from './unmatched.ts'

/** As many requests that belong to no sandbox are kept. */
const MOST_UNMATCHED = 1000

/** What was served, for the ledger. */
export type Served = { sandboxId: string; key: string; items: readonly [id: string, version: number][] }

/**
 * Writes exchanges that have ended, and before them the ledger that they refer to. Those of sandboxes that are gone are
 * passed over, and those that began before a reset. Answers what was written.
 */
export async function writeExchanges(
  db: Db,
  entries: readonly Entry[],
  served: ReadonlyMap<string, Served>,
): Promise<Entry[]> {
  return db.transaction(async (tx) => {
    const begins = await lockJournals(tx, [...new Set(entries.map(({ sandboxId }) => sandboxId))])
    const kept = entries.filter(
      ({ sandboxId, beganAt }) => beganAt >= (begins.get(sandboxId) ?? Number.POSITIVE_INFINITY),
    )
    const keys = new Set(kept.map((entry) => servedName(entry.sandboxId, entry.servedKey ?? '')))
    const pages = [...served].filter(([name]) => keys.has(name))
    await insertRows(
      tx,
      servedPages,
      pages.map(([, page]) => ({ ...page, items: [...page.items] })),
      { ignoreKnown: true },
    )
    await insertRows(tx, exchanges, kept)
    await announce(tx, [...new Set(kept.map(({ sandboxId }) => sandboxId))])
    return kept
  })
}

/** The revisions that journals begin with. Until the transaction ends, none of them can be begun anew, nor its sandbox go. */
async function lockJournals(tx: Db, sandboxIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .select({ id: sandboxes.id, from: sandboxes.journalFrom })
    .from(sandboxes)
    .where(and(isAmong(sandboxes.id, sandboxIds), eq(sandboxes.kind, 'live')))
    .orderBy(sandboxes.id)
    .for('share')
  return new Map(rows.map(({ id, from }) => [id, from]))
}

export function servedName(sandboxId: string, key: string): string {
  return `${sandboxId} ${key}`
}

/** Forgets the oldest exchanges of a sandbox, save as many as there may be. What was served stays in the ledger. */
export async function pruneExchanges(db: Db, sandboxId: string, most: number): Promise<void> {
  const oldestKept = sql`(select id from ${exchanges} where sandbox_id = ${sandboxId}
    order by id desc offset ${most - 1} limit 1)`
  await db.delete(exchanges).where(and(eq(exchanges.sandboxId, sandboxId), lt(exchanges.id, oldestKept)))
}

/** Writes requests that belong to no sandbox; the newest thousand are kept. */
export async function writeUnmatched(db: Db, unmatched: readonly Unmatched[]): Promise<void> {
  const written = await db
    .insert(unmatchedRequests)
    .values(unmatched.slice(-MOST_UNMATCHED))
    .returning({ id: unmatchedRequests.id })
  const last = written.at(-1)
  if (last) await db.delete(unmatchedRequests).where(lte(unmatchedRequests.id, last.id - MOST_UNMATCHED))
}
