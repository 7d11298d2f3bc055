import { and, eq, inArray, sql } from 'drizzle-orm'
import { realNowUs } from '../ports/clock.ts'
import type { Db } from '../ports/database/database.ts'
import { isLive, sandboxFields } from './queries.ts'
import { apiKeys, sandboxes } from './tables.ts'

/**
 * The small row, which every request reads first: whom a key speaks for and what it may do, and the sandbox as it is now.
 * Revoked keys are found, too; `findCallers` answers those of several keys that there are.
 */
export async function findCallers(db: Db, keys: readonly string[]) {
  return db
    .select({
      key: apiKeys.key,
      api: apiKeys.api,
      ownerId: apiKeys.ownerId,
      permissions: apiKeys.permissions,
      revokedAt: apiKeys.revokedAt,
      sandbox: sandboxFields,
      isScripted: sandboxes.isScripted,
      /** Whether its clock was never moved and goes as fast as real time. */
      isSteady: sql<boolean>`not (${sandboxes.clockMoved} or ${sandboxes.frozen}) and ${sandboxes.rate} = 1`,
      timelineAt: sandboxes.timelineAt,
      policy: sandboxes.policy,
      /** Real time, in microseconds since 1970. */
      realUs: realNowUs,
    })
    .from(apiKeys)
    .innerJoin(sandboxes, eq(sandboxes.id, apiKeys.sandboxId))
    .where(
      and(
        keys.length === 1 ? eq(apiKeys.key, keys[0] ?? '') : inArray(apiKeys.key, [...keys]),
        eq(apiKeys.isActive, true),
        isLive,
      ),
    )
}

/** Real time, in microseconds since 1970. */
export async function readRealUs(db: Db): Promise<number> {
  const [row] = await db.select({ realUs: realNowUs }).from(sql`(select) as one`)
  return row?.realUs ?? 0
}

/** Who sent a request. */
export type Caller = Awaited<ReturnType<typeof findCallers>>[number]
