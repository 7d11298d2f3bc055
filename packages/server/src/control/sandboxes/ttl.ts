import { and, eq, gt, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { parseDuration } from '../../wire/duration.ts'
import { invalid } from '../../wire/validation.ts'
import { deleteSandbox } from './remove.ts'

/** Uses are noted late, and not each of them; of less than this, that would be a good part. */
const SHORTEST_MS = 1000

/** A `ttl` of a body, in milliseconds. */
export function readTtl(text: string | undefined): number | undefined {
  const ttlMs = text === undefined ? undefined : parseDuration(text)
  if (ttlMs !== undefined && ttlMs < SHORTEST_MS) throw invalid('/ttl', `"ttl" must be 1s or more, not "${text}"`)
  return ttlMs
}

/** When a sandbox is deleted that is used now, and then no more. */
export function expiryOf(ttlMs: number | null): SQL<Date> | null {
  return ttlMs === null ? null : sql<Date>`${realNow} + ${ttlMs} * interval '1 millisecond'`
}

/** Whether a use of a sandbox is to be noted: a tenth of its time has passed since one was. */
export const isTouchDue = sql<boolean>`coalesce(${sandboxes.expiresAt}
  < ${realNow} + 0.9 * ${sandboxes.ttlMs} * interval '1 millisecond', false)`

/**
 * Notes that sandboxes are being used, so that each is there for its time from now on. Costs one query unless it is due. To
 * be called out of the request's way; what has expired stays so.
 */
export async function touchSandboxes(db: Db, sandboxIds: readonly string[]): Promise<void> {
  if (sandboxIds.length === 0) return
  const mayBeTouched = and(isTouchDue, gt(sandboxes.expiresAt, realNow))
  const due = await db
    .select({ id: sandboxes.id })
    .from(sandboxes)
    .where(and(inArray(sandboxes.id, [...sandboxIds]), mayBeTouched))
  // One by one: two that touch the same ones never wait for each other.
  for (const { id } of due) {
    await db
      .update(sandboxes)
      .set({ expiresAt: sql`${realNow} + ${sandboxes.ttlMs} * interval '1 millisecond'` })
      .where(and(eq(sandboxes.id, id), mayBeTouched))
  }
}

/** Deletes the sandboxes that nobody has used for their time, with their files. */
export async function sweepExpired(deps: Deps, modules: readonly ApiModule[]): Promise<void> {
  const expired = and(isNotNull(sandboxes.expiresAt), lte(sandboxes.expiresAt, realNow))
  const found = await deps.db.select({ id: sandboxes.id }).from(sandboxes).where(expired)
  for (const { id } of found) await deps.db.transaction((tx) => deleteSandbox(tx, modules, id))
  if (found.length === 0) return
  for (const module of modules) await module.tidy?.(deps)
  deps.log.info({ sandboxes: found.length }, 'expired sandboxes deleted')
}
