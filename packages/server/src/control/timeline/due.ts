import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { AfterCommit, ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { sandboxNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { lockSandbox, recordEvent } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { allActions, runActionsWithin } from '../actions/actions.ts'
import { keyActions } from '../actions/keys.ts'
import { readClock } from '../clock/queries.ts'
import { type ItemRow, rescheduleItem } from './items.ts'
import { timelineItems } from './tables.ts'

type Context = { deps: Deps; modules: readonly ApiModule[] }

/** How much of what is overdue is done at once, lest a clock that is too fast for its timeline keeps a request for good. */
const AT_ONCE = 1000
const AT_ONCE_UNASKED = 200

/** The earliest item due by an instant; of equal ones the one that was created first. */
export async function nextDueItem(
  db: Db,
  { sandboxId, until }: { sandboxId: string; until: Date },
): Promise<DueItem | undefined> {
  const [item] = await db
    .select()
    .from(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), lte(timelineItems.nextAt, until)))
    .orderBy(asc(timelineItems.nextAt), asc(timelineItems.ordinal))
    .limit(1)
  return item?.nextAt ? { ...item, nextAt: item.nextAt } : undefined
}
export type DueItem = ItemRow & { nextAt: Date }

/**
 * Makes a due item happen, under the lock of its sandbox that it was read under, and says when it happens next: so it
 * happens once, whoever is at it. One of its actions may leave something to do after the transaction, which is answered;
 * then the item stays due until those that follow are done, too.
 */
export async function fireItem(tx: Db, { deps, modules }: Context, item: DueItem): Promise<AfterCommit[]> {
  const { sandboxId, nextAt: at } = item
  const actions = allActions(keyActions, modules)
  const origin = { itemId: item.id }
  if (item.done === 0) {
    const names = item.actions.flatMap((action) => Object.keys(action))
    await recordEvent(tx, sandboxId, { at, type: 'timeline.fired', data: { ...origin, actions: names } })
  }
  const bodies = item.actions.slice(item.done)
  const { done, left } = await runActionsWithin(tx, { deps, actions }, { sandboxId, at, origin }, bodies)
  await rescheduleItem(tx, item, { done: item.done + done, at })
  return left ? [left] : []
}

/** How often items are due by an instant. */
export async function countDueItems(db: Db, sandboxId: string, until: Date): Promise<number> {
  const end = sql.param(until, timelineItems.nextAt)
  const repeats = sql`floor(extract(epoch from ${end}::timestamptz - ${timelineItems.nextAt}) * 1000 / ${timelineItems.everyMs})`
  const left = sql`${timelineItems.times} - ${timelineItems.fired}`
  const [counted] = await db
    .select({
      count: sql<number>`coalesce(sum(case when ${timelineItems.everyMs} is null then 1
        else least(${repeats} + 1, ${left}) end), 0)::float8`,
    })
    .from(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), lte(timelineItems.nextAt, until)))
  return counted?.count ?? 0
}

/** Whether something on the timeline of a sandbox is due by what its clock says. */
export function isOverdue({ timelineAt, now }: { timelineAt: Date | null; now: Date }): boolean {
  return timelineAt !== null && timelineAt <= now
}

/**
 * Lets happen what is due on the timeline of a sandbox whose clock runs, each thing dated as of its instant. For whoever
 * reads a sandbox that is overdue, before it is read. What a walk is at is left to it.
 */
export async function settleTimeline(context: Context, sandboxId: string, { atOnce = AT_ONCE } = {}): Promise<void> {
  for (let count = 0; count < atOnce; count++) {
    const left = await context.deps.db.transaction(async (tx) => {
      const sandbox = await lockSandbox(tx, sandboxId)
      const { walkTo } = await readClock(tx, sandboxId)
      if (!sandbox || walkTo) return undefined
      const item = await nextDueItem(tx, { sandboxId, until: sandbox.now })
      return item && fireItem(tx, context, item)
    })
    if (!left) return
    for (const done of left) await done(context.deps)
  }
}

/** Lets happen what is due in sandboxes that nobody asks. */
export async function wakeTimelines(context: Context): Promise<void> {
  const { deps } = context
  const isDue = lte(sandboxes.timelineAt, sandboxNow(sandboxes))
  const due = await deps.db
    .select({ id: sandboxes.id })
    .from(sandboxes)
    .where(and(isDue, isNull(sandboxes.walkTo), eq(sandboxes.kind, 'live')))
  for (const { id } of due) {
    await settleTimeline(context, id, { atOnce: AT_ONCE_UNASKED }).catch((error) =>
      deps.log.error({ err: error, sandboxId: id }, 'timeline failed'),
    )
  }
}
