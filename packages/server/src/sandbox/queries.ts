import { and, asc, eq, gt, isNull, notInArray, or, sql } from 'drizzle-orm'
import { realNow, sandboxNow } from '../ports/clock.ts'
import type { Db } from '../ports/database/database.ts'
import { announced } from './news.ts'
import type { Sandbox } from './sandbox.ts'
import { events, sandboxes } from './tables.ts'

/** The columns of a `Sandbox`, for queries that join one. */
export const sandboxFields = {
  id: sandboxes.id,
  seed: sandboxes.seed,
  reading: sandboxes.reading,
  startedAt: sandboxes.startedAt,
  now: sandboxNow(sandboxes),
  revision: sandboxes.revision,
  settings: sandboxes.settings,
}

/** The next revision of any sandbox. */
export const nextRevision = sql<number>`nextval('sandport.revision')`

/** Whether a sandbox is there for whoever asks. One whose time is up is as good as deleted, before it is swept. */
export const isLive = and(eq(sandboxes.kind, 'live'), or(isNull(sandboxes.expiresAt), gt(sandboxes.expiresAt, realNow)))

export async function findSandbox(db: Db, sandboxId: string): Promise<Sandbox | undefined> {
  const [found] = await db
    .select(sandboxFields)
    .from(sandboxes)
    .where(and(eq(sandboxes.id, sandboxId), isLive))
  return found
}

/**
 * Locks a sandbox until the transaction ends, so that what is done under it is in the order of its clock. Undefined where
 * it is gone. It is an update because only what an update returns is read after the lock was had.
 */
export async function lockSandbox(tx: Db, sandboxId: string): Promise<Sandbox | undefined> {
  const [locked] = await tx
    .update(sandboxes)
    .set({ id: sql`${sandboxes.id}` })
    .where(eq(sandboxes.id, sandboxId))
    .returning(sandboxFields)
  return locked
}

/**
 * Locks a sandbox and gives it its next revision: the first statement of every change to its data, so that nothing read
 * before the change can be taken for what is there after it. Undefined where it is gone.
 */
export async function reviseSandbox(tx: Db, sandboxId: string): Promise<Sandbox | undefined> {
  const [revised] = await tx
    .update(sandboxes)
    .set({ revision: nextRevision })
    .where(eq(sandboxes.id, sandboxId))
    .returning(sandboxFields)
  return revised
}

/** Takes the next `count` numbers for made-up objects and answers the first of them. */
export async function takeNumbers(tx: Db, sandboxId: string, count: number): Promise<number> {
  const [taken] = await tx
    .update(sandboxes)
    .set({ made: sql`${sandboxes.made} + ${count}` })
    .where(eq(sandboxes.id, sandboxId))
    .returning({ made: sandboxes.made })
  return (taken?.made ?? count) - count
}

/** Something that happened in a sandbox, at an instant of its time. */
export type SandboxEvent = { at: Date; type: string; data: Record<string, unknown> }

export async function recordEvent(tx: Db, sandboxId: string, event: SandboxEvent): Promise<void> {
  await tx
    .insert(events)
    .values({ sandboxId, ...event })
    .returning({ told: announced(sandboxId) })
}

/** The id of the newest event of a sandbox; 0 where there is none. */
export async function lastEventId(db: Db, sandboxId: string): Promise<number> {
  const [last] = await db
    .select({ id: sql<number>`coalesce(max(${events.id}), 0)`.mapWith(Number) })
    .from(events)
    .where(eq(events.sandboxId, sandboxId))
  return last?.id ?? 0
}

/** What is commanded is no news to whoever commands it. */
const commanded = ['clock.changed', 'data.changed', 'script.step']

/** What happened by itself after an event, in the order of sandbox time. */
export function listEventsAfter(db: Db, sandboxId: string, eventId: number): Promise<SandboxEvent[]> {
  return db
    .select({ at: events.at, type: events.type, data: events.data })
    .from(events)
    .where(and(eq(events.sandboxId, sandboxId), gt(events.id, eventId), notInArray(events.type, commanded)))
    .orderBy(asc(events.at), asc(events.id))
}
