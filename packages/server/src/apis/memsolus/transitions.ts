import { and, eq } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { recordEvent } from '../../sandbox/queries.ts'
import { clampInstant } from '../../wire/instant.ts'
import type { ExportRow } from './exports.ts'
import type { ExportStatus } from './schemas.ts'
import { exportJobs } from './tables.ts'

/** M-LIFE-2 */
export const AVAILABLE_MS = 72 * 3_600_000

/** M-LIFE-3c: what may follow what. */
const next: Record<ExportStatus, readonly ExportStatus[]> = {
  PENDING: ['PROCESSING'],
  PROCESSING: ['READY', 'FAILED'],
  READY: ['EXPIRED'],
  FAILED: [],
  EXPIRED: [],
}

/**
 * Moves an export to its next status at an instant of sandbox time, under the sandbox's lock. `changes` are what else is
 * new with it. A transition that there is not throws.
 */
export async function transition(tx: Db, row: ExportRow, to: ExportStatus, at: Date, changes: Partial<ExportRow> = {}) {
  if (!next[row.status].includes(to))
    throw new TypeError(`Failed to move export ${row.id}: ${row.status} is never ${to} next`)
  const entered = { ...entry(row, to, at), updatedAt: at, ...changes, status: to, polls: 0 }
  const changed = { ...entered, nextAt: dueAt({ ...row, ...entered }) }
  await tx.update(exportJobs).set(changed).where(isExport(row))
  const after: ExportRow = { ...row, ...changed }
  await recordEvent(tx, row.sandboxId, {
    at,
    type: 'export.transition',
    data: { exportId: row.id, from: row.status, to, ...(to === 'FAILED' && { failure: after.failure }) },
  })
  return after
}

function entry(row: ExportRow, to: ExportStatus, at: Date): Partial<ExportRow> {
  const released = { claim: null, claimUntil: null, retryAt: null }
  switch (to) {
    case 'PROCESSING':
      return { processingAt: at }
    case 'READY':
      return { ...released, readyAt: at, expiresAt: later(at, AVAILABLE_MS) }
    case 'FAILED':
      return {
        ...released,
        readyAt: null,
        expiresAt: null,
        failedAt: at,
        failure: row.failure ?? 'The export could not be rendered',
      }
    case 'EXPIRED':
      return { expiresAt: at, fileKey: null }
    default:
      return {}
  }
}

/** When the next transition is due; null where there is none, or it waits for a poll or for its release. */
export function dueAt(row: DueColumns): Date | null {
  if (row.status === 'READY') return row.expiresAt
  if (row.status === row.hold) return null
  if (row.status === 'PENDING') {
    return row.pollsPending === null ? later(row.createdAt, row.pendingForMs) : null
  }
  if (row.status === 'PROCESSING' && row.processingAt) {
    return row.pollsProcessing === null ? later(row.processingAt, row.processingForMs) : null
  }
  return null
}

/** An instant so many milliseconds later, or earlier, as far as there are instants. */
export function later(at: Date, ms: number): Date {
  return new Date(clampInstant(at.getTime() + ms))
}

type DueColumns = Pick<
  ExportRow,
  | 'status'
  | 'hold'
  | 'createdAt'
  | 'processingAt'
  | 'expiresAt'
  | 'pendingForMs'
  | 'processingForMs'
  | 'pollsPending'
  | 'pollsProcessing'
>

export function isExport({ sandboxId, id }: Pick<ExportRow, 'sandboxId' | 'id'>) {
  return and(eq(exportJobs.sandboxId, sandboxId), eq(exportJobs.id, id))
}
