import { and, asc, eq, gte, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import type { News } from '../events/news.ts'
import type { Journal } from './journal.ts'
import { checksOf, type Wanted } from './match.ts'
import { exchanges } from './tables.ts'

/** How many exchanges there are to be. */
export type Expected = { least: number; most: number }

type NearMiss = { exchange: string; why: string }
export type Verified = { matched: boolean; count: number; nearMisses: NearMiss[] }

const MOST_NEAR_MISSES = 10

/** What is known of the exchanges that were looked at, by their numbers. */
type Looked = { isMatch: boolean; nearMiss?: NearMiss & { distance: number } }

/**
 * Whether as many exchanges of a sandbox are as wanted as are expected. With time to wait, enough of them end it at once, and
 * one too many; where none is needed it takes all of the time, as only then nothing more has come.
 */
export async function verify(
  { db, journal, news }: { db: Db; journal: Journal; news: News },
  { sandboxId, wanted, expected, withinMs, client }: Question,
): Promise<Verified> {
  const follower = await news.follow(sandboxId, client)
  const endMs = performance.now() + withinMs
  const looked = new Map<number, Looked>()
  let horizon = 0
  try {
    for (let isFirst = true; ; isFirst = false) {
      const isLast = performance.now() >= endMs || follower.gone.aborted
      // What is written in between is told of.
      if (isFirst || isLast) await journal.flush()
      horizon = await lookAtNew(db, { sandboxId, wanted, horizon, looked })
      const count = [...looked.values()].filter(({ isMatch }) => isMatch).length
      const isDecided = count > expected.most || (expected.least > 0 && count >= expected.least)
      if (isDecided || isLast) return answer(looked, count, expected)
      await follower.news(endMs - performance.now())
    }
  } finally {
    follower.stop()
  }
}

type Question = {
  sandboxId: string
  wanted: Wanted
  expected: Expected
  withinMs: number
  /** Aborted when the one who asks is gone. */
  client: AbortSignal
}

/**
 * Looks at the exchanges that may be new: a transaction may commit after others that began later, so all of those that were
 * not over when it was looked the last time are looked at again. Answers the oldest that is not over now.
 */
async function lookAtNew(db: Db, { sandboxId, wanted, horizon, looked }: Look): Promise<number> {
  const rows = await db
    .select({
      id: exchanges.id,
      exchange: exchanges.exchangeId,
      query: exchanges.query,
      headers: exchanges.requestHeaders,
      status: exchanges.status,
      motionId: exchanges.motionId,
      exportId: exchanges.exportId,
      horizon: sql<number>`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`.mapWith(Number),
    })
    .from(exchanges)
    .where(
      and(
        eq(exchanges.sandboxId, sandboxId),
        gte(exchanges.transaction, horizon),
        eq(exchanges.operation, wanted.operation),
      ),
    )
    .orderBy(asc(exchanges.closedUs), asc(exchanges.id))
  const checks = checksOf(wanted)
  for (const row of rows) {
    const wrong = checks.flatMap((check) => check(row) ?? [])
    const [only] = wrong
    const nearMiss = wrong.length === 1 && only ? { nearMiss: { exchange: row.exchange, ...only } } : {}
    looked.set(row.id, { isMatch: wrong.length === 0, ...nearMiss })
  }
  return rows[0]?.horizon ?? horizon
}
type Look = { sandboxId: string; wanted: Wanted; horizon: number; looked: Map<number, Looked> }

/** Near misses are told where too few have matched: the closest first, and of those that are as close the newest. */
function answer(looked: ReadonlyMap<number, Looked>, count: number, { least, most }: Expected): Verified {
  const near = count >= least ? [] : [...looked.values()].flatMap(({ nearMiss }) => nearMiss ?? []).toReversed()
  return {
    matched: count >= least && count <= most,
    count,
    nearMisses: near
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, MOST_NEAR_MISSES)
      .map(({ exchange, why }) => ({ exchange, why })),
  }
}
