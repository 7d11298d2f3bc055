import type { Deps } from '../../deps.ts'
import type { Db } from '../../ports/database/database.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { changeSandbox } from '../../sandbox/change.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { behaviorColumns, behaviorOf } from './behavior.ts'
import type { ExportFilters, ExportRow } from './exports.ts'
import { exportJobs } from './tables.ts'
import { dueAt } from './transitions.ts'
import { wakeExport } from './wake.ts'

/** M-CREATE-1: creates an export and puts it in the queue. */
export async function createExport(
  deps: Deps,
  { sandbox, ownerId }: Caller,
  { id, filters }: { id: string; filters: ExportFilters },
): Promise<ExportRow> {
  const created = await changeSandbox(deps.db, sandbox.id, async (tx, revised) => {
    const row = await insertExport(tx, revised, { id, workspaceId: ownerId, filters })
    return { row, now: revised.now }
  })
  // Only what is committed is queued, and the answer does not wait for the queue: what it loses, the reconciler finds.
  void wakeExport(deps, created.row, created.now)
  return created.row
}

/** Adds a new export, which behaves as the sandbox's exports are told to. */
async function insertExport(
  tx: Db,
  sandbox: Sandbox,
  { id, workspaceId, filters }: { id: string; workspaceId: string; filters: ExportFilters },
): Promise<ExportRow> {
  const values = newExport(sandbox, { id, workspaceId, filters })
  const nextAt = dueAt({ ...values, processingAt: null, expiresAt: null })
  const [row] = await tx
    .insert(exportJobs)
    .values({ ...values, nextAt })
    .returning()
  if (!row) throw new Error(`Failed to insert export ${id}: the database answered no row`)
  return row
}

/** What an export begins with. */
export function newExport(
  sandbox: Sandbox,
  { id, workspaceId, filters }: { id: string; workspaceId: string; filters: ExportFilters },
) {
  return {
    ...filters,
    ...behaviorColumns(behaviorOf(sandbox)),
    sandboxId: sandbox.id,
    id,
    workspaceId,
    revision: sandbox.revision,
    status: 'PENDING' as const,
    createdAt: sandbox.now,
    updatedAt: sandbox.now,
  }
}
