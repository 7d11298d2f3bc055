import { randomBytes } from 'node:crypto'
import { and, asc, eq, gt, isNotNull, min, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { isAmong } from '../../ports/database/insert.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { formatDuration, parseDuration } from '../../wire/duration.ts'
import { formatInstant, latestInstant } from '../../wire/instant.ts'
import { invalid, parseClockInstant } from '../../wire/validation.ts'
import { TimelineItemNotFound } from '../errors.ts'
import type { ItemInput, TimelineItem } from './schemas.ts'
import { timelineItems } from './tables.ts'

export type ItemRow = typeof timelineItems.$inferSelect

/** How often an item may have happened already when it is put on a timeline that began earlier. */
const MOST_PAST = 10_000

/** Puts items on a sandbox's timeline, under its lock. Answers their ids. */
export async function createItems(tx: Db, sandbox: Sandbox, inputs: readonly ItemInput[]): Promise<string[]> {
  const values = inputs.map((input, position) => readItem(sandbox, input, `/items/${position}`))
  await tx.insert(timelineItems).values(values)
  await noteNext(tx, sandbox.id)
  return values.map(({ id }) => id)
}

/** Some items of a timeline, in the order in which they were created. */
export function findItems(db: Db, sandboxId: string, ids: readonly string[]): Promise<ItemRow[]> {
  return db
    .select()
    .from(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), isAmong(timelineItems.id, ids)))
    .orderBy(asc(timelineItems.ordinal))
}

/** Items in the order in which they were created, after the one with this number. */
export function listItems(db: Db, sandboxId: string, { after, limit }: { after: number; limit: number }) {
  return db
    .select()
    .from(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), gt(timelineItems.ordinal, after)))
    .orderBy(asc(timelineItems.ordinal))
    .limit(limit)
}

/** Takes an item off a sandbox's timeline, under its lock. Throws where there is none. */
export async function deleteItem(tx: Db, sandboxId: string, id: string): Promise<void> {
  const deleted = await tx
    .delete(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), eq(timelineItems.id, id)))
    .returning({ id: timelineItems.id })
  if (deleted.length === 0) throw new TimelineItemNotFound(id)
  await noteNext(tx, sandboxId)
}

/** An item has happened as far as to some of its actions, or wholly: then it happens again, if ever, when it does. */
export async function rescheduleItem(tx: Db, item: ItemRow, { done, at }: { done: number; at: Date }): Promise<void> {
  const { sandboxId, id, everyMs, times } = item
  const isItem = and(eq(timelineItems.sandboxId, sandboxId), eq(timelineItems.id, id))
  if (done < item.actions.length) {
    await tx.update(timelineItems).set({ done }).where(isItem)
    return
  }
  const fired = item.fired + 1
  const next = at.getTime() + (everyMs ?? 0)
  const isOver = everyMs === null || (times !== null && fired >= times) || next > latestInstant
  await tx
    .update(timelineItems)
    .set({ fired, done: 0, nextAt: isOver ? null : new Date(next) })
    .where(isItem)
  await noteNext(tx, sandboxId)
}

/** Keeps at the sandbox when its timeline is due next, so that whoever reads the sandbox knows. */
async function noteNext(tx: Db, sandboxId: string): Promise<void> {
  const next = tx
    .select({ at: min(timelineItems.nextAt) })
    .from(timelineItems)
    .where(and(eq(timelineItems.sandboxId, sandboxId), isNotNull(timelineItems.nextAt)))
  await tx
    .update(sandboxes)
    .set({ timelineAt: sql`(${next})` })
    .where(eq(sandboxes.id, sandboxId))
}

function readItem({ id: sandboxId, now }: Sandbox, input: ItemInput, path: string): typeof timelineItems.$inferInsert {
  const item = { sandboxId, id: `ti_${randomBytes(8).toString('hex')}`, actions: input.do }
  if ('at' in input) {
    const at = instantOf(input.at, now, `${path}/at`)
    return { ...item, firstAt: at, nextAt: at }
  }
  const everyMs = parseDuration(input.every) ?? 0
  if (everyMs === 0) throw invalid(`${path}/every`, 'What happens every 0s would never let the clock go on')
  const first = instantOf(
    input.from ?? `now+${input.every}`,
    now,
    `${path}/${input.from === undefined ? 'every' : 'from'}`,
  )
  const times = input.times ?? null
  const past = Math.min(Math.floor((now.getTime() - first.getTime()) / everyMs) + 1, times ?? Number.POSITIVE_INFINITY)
  if (past > MOST_PAST) {
    const message = `It would have happened ${past} times by now, which is more than ${MOST_PAST}. Begin later.`
    throw invalid(`${path}/from`, message)
  }
  return { ...item, firstAt: first, nextAt: first, everyMs, times }
}

function instantOf(text: string, now: Date, path: string): Date {
  const at = parseClockInstant(text, now.getTime())
  if (at === undefined) throw invalid(path, `"${text}" is not an instant of the years 1000 to 9999`)
  return new Date(at)
}

/** An item as it is shown. */
export function showItem({ id, firstAt, everyMs, times, nextAt, actions, fired }: ItemRow): TimelineItem {
  const first = formatInstant(firstAt.getTime())
  return {
    id,
    ...(everyMs === null ? { at: first } : { every: formatDuration(everyMs), from: first, times }),
    do: actions,
    fired,
    nextAt: nextAt && formatInstant(nextAt.getTime()),
  }
}
