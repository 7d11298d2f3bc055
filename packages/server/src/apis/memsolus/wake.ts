import { and, eq, isNotNull, lte, or, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow, sandboxNow } from '../../ports/clock.ts'
import { isLive } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import type { ExportRow } from './exports.ts'
import { exportJobs } from './tables.ts'

/** What is due within this much real time is put in the queue; the rest is left to the reconciler. */
const SOON_MS = 60_000
/** How long the queue is left alone with what it was told. */
const PATIENCE = sql`interval '30 seconds'`
const AT_ONCE = 1000

/** Puts an export in the queue for when it is due, where that is soon. Never rejects: the reconciler finds what is missed. */
export async function wakeExport(
  deps: Deps,
  row: Pick<ExportRow, 'sandboxId' | 'id' | 'nextAt'>,
  now: Date,
): Promise<void> {
  await enqueue(deps, row, now)
}

/** Answers whether an export is in the queue now. */
async function enqueue(deps: Deps, row: Pick<ExportRow, 'sandboxId' | 'id' | 'nextAt'>, now: Date): Promise<boolean> {
  if (!row.nextAt) return false
  const delayMs = Math.max(0, row.nextAt.getTime() - now.getTime())
  if (delayMs > SOON_MS) return false
  const id = { sandboxId: row.sandboxId, exportId: row.id }
  const { cause, tracing } = deps
  const span = cause && tracing?.begin('exports publish', { kind: 'producer', parent: cause.traceparent })
  const job = { ...id, ...(cause && { cause: { ...cause, ...(span && { traceparent: span.traceparent }) } }) }
  try {
    await deps.queue.add(job, { delayMs })
    span?.end()
    return true
  } catch (error) {
    deps.log.warn({ err: error, ...id, reqId: cause?.requestId }, 'export not queued')
    span?.end({}, error)
    return false
  }
}

/**
 * The reconciler: puts in the queue what is due and that nobody is at, save what it has put there a moment ago. Whoever
 * runs it, and however often, no export is done twice.
 */
export async function wakeDueExports(deps: Deps): Promise<void> {
  const due = await deps.db
    .select({
      sandboxId: exportJobs.sandboxId,
      id: exportJobs.id,
      nextAt: exportJobs.nextAt,
      now: sandboxNow(sandboxes),
    })
    .from(exportJobs)
    .innerJoin(sandboxes, eq(sandboxes.id, exportJobs.sandboxId))
    .where(
      and(
        isLive,
        isNotNull(exportJobs.nextAt),
        lte(exportJobs.nextAt, sandboxNow(sandboxes)),
        sql`coalesce(${exportJobs.claimUntil} < ${realNow}, true)`,
        sql`coalesce(${exportJobs.retryAt} <= ${realNow}, true)`,
        or(sql`${exportJobs.wokenAt} is null`, sql`${exportJobs.wokenAt} < ${realNow} - ${PATIENCE}`),
      ),
    )
    .limit(AT_ONCE)
  for (const row of due) {
    // What the queue did not take is tried again with the next turn, and does not wait out a patience with the queue.
    if (!(await enqueue(deps, row, row.now))) continue
    await deps.db
      .update(exportJobs)
      .set({ wokenAt: realNow })
      .where(and(eq(exportJobs.sandboxId, row.sandboxId), eq(exportJobs.id, row.id)))
  }
}
