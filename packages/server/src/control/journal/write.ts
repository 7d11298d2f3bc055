import { lte } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import { insertRows } from '../../ports/database/insert.ts'
import type { Batch } from './journal.ts'
import { exchanges, servedPages, unmatchedRequests } from './tables.ts'

/** As many requests that belong to no sandbox are kept. */
const MOST_UNMATCHED = 1000

/** Writes what has ended: the ledger before the exchanges that refer to it. */
export async function writeBatch({ db }: Deps, { entries, served, unmatched }: Batch): Promise<void> {
  const pages = [...served.values()].map((page) => ({ ...page, items: [...page.items] }))
  await db.transaction(async (tx) => {
    await insertRows(tx, servedPages, pages, { ignoreKnown: true })
    await insertRows(tx, exchanges, entries)
  })
  if (unmatched.length === 0) return
  const written = await db
    .insert(unmatchedRequests)
    .values(unmatched.slice(-MOST_UNMATCHED).map((request) => ({ ...request, at: realNow })))
    .returning({ id: unmatchedRequests.id })
  const last = written.at(-1)
  if (last) await db.delete(unmatchedRequests).where(lte(unmatchedRequests.id, last.id - MOST_UNMATCHED))
}
