import { and, eq, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import type { ExportRow } from './exports.ts'
import { finishExport } from './lifecycle.ts'
import { exportJobs } from './tables.ts'
import { isExport } from './transitions.ts'

/**
 * Counts a poll, where an export waits for polls: that many after it entered its status are answered with it, and the next
 * one with what follows, for which it waits.
 */
export async function pollExport(deps: Deps, row: ExportRow): Promise<ExportRow> {
  const waitsFor = {
    PENDING: row.pollsPending,
    PROCESSING: row.pollsProcessing,
    READY: null,
    FAILED: null,
    EXPIRED: null,
  }
  const polls = waitsFor[row.status]
  if (polls === null || row.status === row.hold) return row
  const [counted] = await deps.db
    .update(exportJobs)
    .set({ polls: sql`${exportJobs.polls} + 1` })
    .where(and(isExport(row), eq(exportJobs.ordinal, row.ordinal)))
    .returning()
  if (!counted || counted.status !== row.status || counted.polls <= polls) return counted ?? row
  const { sandboxId, id, status, ordinal } = counted
  return (await finishExport(deps, { sandboxId, exportId: id }, { from: status, ordinal })) ?? counted
}

/** Whether an export waits, or waited, for polls instead of time. */
export function isPolled({ pollsPending, pollsProcessing }: ExportRow): boolean {
  return pollsPending !== null || pollsProcessing !== null
}
