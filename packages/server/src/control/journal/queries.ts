import { and, asc, between, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { reviseSandbox } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { ExchangeNotFound } from '../errors.ts'
import { exchanges, findings, judgements, servedPages, unmatchedRequests } from './tables.ts'

export type ExchangeRow = typeof exchanges.$inferSelect

export type ExchangeFilter = {
  operation?: string | undefined
  /** A status such as `404`, or a class of them such as `4xx`. */
  status?: string | undefined
  exchange?: string | undefined
}

/** Where an exchange stands among those of a sandbox: by when it ended, in microseconds of real time. */
export type Ended = { closedUs: number; id: number }

export const BEGINNING: Ended = { closedUs: 0, id: 0 }

/** Exchanges in the order in which they ended, in whichever process, after one of them. */
export function listExchanges(
  db: Db,
  sandboxId: string,
  { operation, status, exchange, after, limit }: ExchangeFilter & { after: Ended; limit: number },
): Promise<ExchangeRow[]> {
  const isWanted = [
    operation === undefined ? undefined : eq(exchanges.operation, operation),
    status === undefined ? undefined : hasStatus(status),
    exchange === undefined ? undefined : eq(exchanges.exchangeId, exchange),
  ]
  return db
    .select()
    .from(exchanges)
    .where(and(eq(exchanges.sandboxId, sandboxId), isAfter(after), ...isWanted))
    .orderBy(asc(exchanges.closedUs), asc(exchanges.id))
    .limit(limit)
}

function isAfter({ closedUs, id }: Ended): SQL {
  return sql`(${exchanges.closedUs}, ${exchanges.id}) > (${closedUs}::bigint, ${id}::bigint)`
}

function hasStatus(status: string): SQL {
  const first = Number(status[0]) * 100
  return status.endsWith('xx') ? between(exchanges.status, first, first + 99) : eq(exchanges.status, Number(status))
}

/** Where an exchange stands. Throws where there is none of the id. */
export async function placeOf(db: Db, sandboxId: string, exchangeId: string): Promise<Ended> {
  const [found] = await db
    .select({ closedUs: exchanges.closedUs, id: exchanges.id })
    .from(exchanges)
    .where(isExchange(sandboxId, exchangeId))
  if (!found) throw new ExchangeNotFound(exchangeId)
  return found
}

/** An exchange, and what was served in it. Throws where there is none of the id. */
export async function getExchange(db: Db, sandboxId: string, exchangeId: string) {
  const [found] = await db
    .select({ exchange: exchanges, served: servedPages.items })
    .from(exchanges)
    .leftJoin(
      servedPages,
      and(eq(servedPages.sandboxId, exchanges.sandboxId), eq(servedPages.key, exchanges.servedKey)),
    )
    .where(isExchange(sandboxId, exchangeId))
  if (!found) throw new ExchangeNotFound(exchangeId)
  return found
}

function isExchange(sandboxId: string, exchangeId: string) {
  return and(eq(exchanges.sandboxId, sandboxId), eq(exchanges.exchangeId, exchangeId))
}

/** Begins the journal of a sandbox anew, and all that was made of it. What is still going on does not get into it. */
export async function clearJournal(db: Db, sandboxId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await reviseSandbox(tx, sandboxId)
    await tx
      .update(sandboxes)
      .set({ journalFrom: sql`${sandboxes.revision}` })
      .where(eq(sandboxes.id, sandboxId))
    for (const table of [exchanges, servedPages, findings, judgements]) {
      await tx.delete(table).where(eq(table.sandboxId, sandboxId))
    }
  })
}

/** Requests that belong to no sandbox, the newest first; before one of them where one is given. */
export function listUnmatched(db: Db, { before, limit }: { before: Ended | undefined; limit: number }) {
  const { endedUs, id } = unmatchedRequests
  return db
    .select()
    .from(unmatchedRequests)
    .where(before && sql`(${endedUs}, ${id}) < (${before.closedUs}::bigint, ${before.id}::bigint)`)
    .orderBy(desc(endedUs), desc(id))
    .limit(limit)
}
