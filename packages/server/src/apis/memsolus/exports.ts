import type { Reading } from '../../sandbox/sandbox.ts'
import { formatInstant } from '../../wire/instant.ts'
import type { Export, ExportStatus } from './schemas.ts'
import type { exportJobs } from './tables.ts'

export type ExportRow = typeof exportJobs.$inferSelect

/** The filters of an export, whose memories are those that match all of them. */
export type ExportFilters = Pick<
  ExportRow,
  'format' | 'userId' | 'agentId' | 'sessionId' | 'priority' | 'categories' | 'createdAfter' | 'createdBefore'
>

/** What says which memories are in an export, and how they are written. */
export type ExportSelection = ExportFilters & Pick<ExportRow, 'sandboxId' | 'workspaceId' | 'revision'>

/** M-LIFE-3c: READY until an instant is EXPIRED from that instant on, whether or not anybody has written so. */
export function statusAt(row: Pick<ExportRow, 'status' | 'expiresAt'>, now: Date): ExportStatus {
  return row.status === 'READY' && row.expiresAt && row.expiresAt <= now ? 'EXPIRED' : row.status
}

/** M-OBJECT-1, M-OBJECT-2c: an export as the API shows it at an instant of sandbox time. */
export function toExport(row: ExportRow, { now, reading }: { now: Date; reading: Reading }): Export {
  const status = statusAt(row, now)
  const shown: Export = {
    id: row.id,
    format: row.format,
    status,
    user_id: row.userId,
    agent_id: row.agentId,
    session_id: row.sessionId,
    priority: row.priority,
    categories: row.categories,
    created_after: row.createdAfter && formatInstant(row.createdAfter.getTime()),
    created_before: row.createdBefore && formatInstant(row.createdBefore.getTime()),
    created_at: formatInstant(row.createdAt.getTime()),
    // M-LIFE-4c: only a transition moves it.
    updated_at: formatInstant((status === 'EXPIRED' ? (row.expiresAt ?? row.updatedAt) : row.updatedAt).getTime()),
  }
  if (reading.nulls === 'present') return shown
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null)) as Export
}
