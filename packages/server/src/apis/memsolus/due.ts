import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { DueThing } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import { finishExport } from './lifecycle.ts'
import { exportJobs } from './tables.ts'
import { AVAILABLE_MS } from './transitions.ts'

/** The earliest transition due by an instant; of equal ones that of the export created first. */
export async function nextDueExport(db: Db, sandboxId: string, until: Date): Promise<DueThing | undefined> {
  const [row] = await db
    .select({ id: exportJobs.id, status: exportJobs.status, nextAt: exportJobs.nextAt })
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandboxId), lte(exportJobs.nextAt, until)))
    .orderBy(asc(exportJobs.nextAt), asc(exportJobs.ordinal))
    .limit(1)
  if (!row?.nextAt) return undefined
  return {
    at: row.nextAt,
    fire: async (deps) => {
      await finishExport(deps, { sandboxId, exportId: row.id }, { from: row.status, whenDue: true })
    },
  }
}

/** How many transitions are due by an instant, those included that follow from others. */
export async function countDueExports(db: Db, sandboxId: string, until: Date): Promise<number> {
  const end = sql.param(until, exportJobs.nextAt)
  const after = (ms: typeof exportJobs.processingForMs | number) => sql`${ms} * interval '1 millisecond'`
  const processing = sql`case when ${exportJobs.status} = 'PENDING' and ${exportJobs.hold} is null
    and ${exportJobs.pollsProcessing} is null then ${exportJobs.nextAt} + ${after(exportJobs.processingForMs)} end`
  const ready = sql`case when ${exportJobs.status} = 'PROCESSING' then ${exportJobs.nextAt} else ${processing} end`
  const succeeds = sql`(${exportJobs.outcome} <> 'fail')::int`
  const [counted] = await db
    .select({
      count: sql<number>`coalesce(sum(1 + coalesce((${processing} <= ${end})::int, 0)
        + coalesce((${ready} + ${after(AVAILABLE_MS)} <= ${end})::int, 0) * ${succeeds}), 0)::int`,
    })
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandboxId), lte(exportJobs.nextAt, until)))
  return counted?.count ?? 0
}
