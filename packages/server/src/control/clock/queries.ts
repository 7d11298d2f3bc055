import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { isLive, recordEvent } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { formatInstant } from '../../wire/instant.ts'

/** How a sandbox's clock stands, beside what time it is. */
export async function readClock(db: Db, sandboxId: string) {
  const [clock] = await db
    .select({ frozen: sandboxes.frozen, rate: sandboxes.rate, walkTo: sandboxes.walkTo })
    .from(sandboxes)
    .where(eq(sandboxes.id, sandboxId))
  return clock ?? { frozen: false, rate: 1, walkTo: null }
}

/** Sets a clock to an instant, from which it goes on as its other settings say. */
export async function setClock(tx: Db, sandboxId: string, at: Date, settings: ClockSettings): Promise<void> {
  await tx
    .update(sandboxes)
    .set({ clockAt: at, clockReal: realNow, clockMoved: true, ...settings })
    .where(eq(sandboxes.id, sandboxId))
}
/** Records how a clock stands that was changed. */
export async function recordClock(tx: Db, sandboxId: string, at: Date): Promise<void> {
  const { frozen, rate } = await readClock(tx, sandboxId)
  await recordEvent(tx, sandboxId, {
    at,
    type: 'clock.changed',
    data: { now: formatInstant(at.getTime()), frozen, rate },
  })
}

export type ClockSettings = { frozen?: boolean; rate?: number; walkTo?: Date | null }

/** Real time, in epoch milliseconds. */
export const realTime = sql<number>`floor(extract(epoch from ${realNow}) * 1000)::float8`

/** The sandboxes whose clock a walk moves. */
export async function listWalking(db: Db): Promise<string[]> {
  const rows = await db
    .select({ id: sandboxes.id })
    .from(sandboxes)
    .where(and(isNotNull(sandboxes.walkTo), isLive))
  return rows.map(({ id }) => id)
}
