import { and, count, desc, eq } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { findSandbox, isLive } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { exportJobs } from './tables.ts'

/** What time it is by now in a caller's sandbox; the end of time where the sandbox is gone. */
export async function findCallerTime(db: Db, { sandbox }: Pick<Caller, 'sandbox'>): Promise<Date> {
  return (await findSandbox(db, sandbox.id))?.now ?? new Date(8.64e15)
}

/** An export of a workspace. */
export async function findExport(db: Db, { sandbox, ownerId }: Pick<Caller, 'sandbox' | 'ownerId'>, id: string) {
  const [found] = await db
    .select()
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandbox.id), eq(exportJobs.id, id), eq(exportJobs.workspaceId, ownerId)))
  return found
}

/** M-LIST-2c: a page of a workspace's exports, the newest first, and how many there are in all. */
export async function listExports(db: Db, caller: Pick<Caller, 'sandbox' | 'ownerId'>, { page, pageSize }: Paging) {
  const own = and(eq(exportJobs.sandboxId, caller.sandbox.id), eq(exportJobs.workspaceId, caller.ownerId))
  const [counted] = await db.select({ total: count() }).from(exportJobs).where(own)
  const total = counted?.total ?? 0
  const offset = (page - 1) * pageSize
  if (offset >= total) return { total, rows: [] }
  const rows = await db
    .select()
    .from(exportJobs)
    .where(own)
    .orderBy(desc(exportJobs.createdAt), desc(exportJobs.ordinal))
    .limit(pageSize)
    .offset(offset)
  return { total, rows }
}
export type Paging = { page: number; pageSize: number }

/** How many exports there are in each status, of all sandboxes together; snapshots do not count. */
export function countExports(db: Db): Promise<{ status: string; count: number }[]> {
  return db
    .select({ status: exportJobs.status, count: count() })
    .from(exportJobs)
    .innerJoin(sandboxes, and(eq(sandboxes.id, exportJobs.sandboxId), isLive))
    .groupBy(exportJobs.status)
}
