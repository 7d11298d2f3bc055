import { and, count, desc, eq, isNull } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { findSandbox, sandboxFields } from '../../sandbox/queries.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { exportJobs } from './tables.ts'

/** Who a key speaks for and what it may do, and the sandbox as it is now: the one row that every request reads first. */
export async function findCaller(db: Db, key: string) {
  const [found] = await db
    .select({ sandbox: sandboxFields, workspaceId: apiKeys.ownerId, permissions: apiKeys.permissions })
    .from(apiKeys)
    .innerJoin(sandboxes, eq(sandboxes.id, apiKeys.sandboxId))
    .where(and(eq(apiKeys.key, key), eq(apiKeys.api, 'memsolus'), isNull(apiKeys.revokedAt)))
  return found
}
export type Caller = NonNullable<Awaited<ReturnType<typeof findCaller>>>

/** What time it is by now in a caller's sandbox; the end of time where the sandbox is gone. */
export async function findCallerTime(db: Db, { sandbox }: Pick<Caller, 'sandbox'>): Promise<Date> {
  return (await findSandbox(db, sandbox.id))?.now ?? new Date(8.64e15)
}

/** An export of a workspace. */
export async function findExport(
  db: Db,
  { sandbox, workspaceId }: Pick<Caller, 'sandbox' | 'workspaceId'>,
  id: string,
) {
  const [found] = await db
    .select()
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandbox.id), eq(exportJobs.id, id), eq(exportJobs.workspaceId, workspaceId)))
  return found
}

/** M-LIST-2c: a page of a workspace's exports, the newest first, and how many there are in all. */
export async function listExports(db: Db, caller: Pick<Caller, 'sandbox' | 'workspaceId'>, { page, pageSize }: Paging) {
  const own = and(eq(exportJobs.sandboxId, caller.sandbox.id), eq(exportJobs.workspaceId, caller.workspaceId))
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
