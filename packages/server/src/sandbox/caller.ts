import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { realNowUs } from '../ports/clock.ts'
import type { Db } from '../ports/database/database.ts'
import { isLive, sandboxFields } from './queries.ts'
import { apiKeys, sandboxes } from './tables.ts'

/**
 * The small row, which every request reads first: whom a key speaks for and what it may do, and the sandbox as it is now.
 */
function selectCallers(db: Db, isTheirs: SQL | undefined) {
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
    .where(and(isTheirs, eq(apiKeys.isActive, true), isLive))
}

/** Who sent a request. */
export type Caller = Awaited<ReturnType<typeof selectCallers>>[number]

/** Finds whom keys speak for, of those that there are. Revoked keys are found, too. */
export type FindCallers = (keys: readonly string[]) => Promise<Caller[]>

/** The query for one key is made once: for each request, making it would take as long as Postgres takes to answer it. */
export function prepareFindCallers(db: Db): FindCallers {
  const ofOne = selectCallers(db, eq(apiKeys.key, sql.placeholder('key'))).prepare('callers_of_one_key')
  return async (keys) =>
    keys.length === 1 ? ofOne.execute({ key: keys[0] }) : selectCallers(db, inArray(apiKeys.key, [...keys]))
}

/** Real time, in microseconds since 1970. */
export async function readRealUs(db: Db): Promise<number> {
  const [row] = await db.select({ realUs: realNowUs }).from(sql`(select) as one`)
  return row?.realUs ?? 0
}
