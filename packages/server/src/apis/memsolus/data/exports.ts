import { randomUUID } from 'node:crypto'
import { and, asc, eq, gt } from 'drizzle-orm'
import type { Deps } from '../../../deps.ts'
import type { Db } from '../../../ports/database/database.ts'
import { insertRows, isAmong } from '../../../ports/database/insert.ts'
import { expandBulk, refuseTwice } from '../../../sandbox/bulk.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { formatDuration } from '../../../wire/duration.ts'
import { formatInstant, parseInstant } from '../../../wire/instant.ts'
import { invalid } from '../../../wire/validation.ts'
import { behaviorColumns } from '../behavior.ts'
import { newExport } from '../create.ts'
import { ExportExists, ExportNotFound } from '../errors.ts'
import { type ExportRow, statusAt, toExport } from '../exports.ts'
import { finishExport } from '../lifecycle.ts'
import type { ExportStatus } from '../schemas.ts'
import { exportJobs } from '../tables.ts'
import { AVAILABLE_MS, dueAt, isExport, later } from '../transitions.ts'
import { wakeExport } from '../wake.ts'
import type { ExportInput, ExportsInput, ExportView } from './schemas.ts'
import { resolveWorkspaces } from './workspaces.ts'

/** An export that is in the table; `finish` does what cannot be done in its transaction. */
export type NewExport = { id: string; finish: (deps: Deps) => Promise<void> }

/** Creates exports at any status and age. `at` is where the items are in what was sent. */
export async function createExportsAsData(
  tx: Db,
  sandbox: Sandbox,
  input: ExportsInput,
  { at = '/items' } = {},
): Promise<NewExport[]> {
  const inputs: ExportInput[] = expandBulk(input, {
    idField: 'id',
    ownerField: 'workspaceId',
    createdField: 'created_at',
  })
  const workspaceIds = await resolveWorkspaces(tx, sandbox.id, inputs)
  const rows = inputs.map((given, position) =>
    completeExport(sandbox, given, {
      workspaceId: workspaceIds[position] ?? '',
      path: input.items ? `${at}/${position}` : '',
    }),
  )
  await refuseKnown(
    tx,
    sandbox.id,
    rows.map(({ id }) => id),
  )
  // A file takes time to write: until there is one, a READY export is due to be rendered, by whoever comes by first.
  const inserted = rows.map((row) =>
    row.status === 'READY' ? { ...row, status: 'PROCESSING' as const, nextAt: row.readyAt } : row,
  )
  await insertRows(tx, exportJobs, inserted)
  return rows.map((row) => ({ id: row.id, finish: (deps) => finishAsData(deps, row, sandbox.now) }))
}

/** What is left to do for an export that is in the table: it is woken, and its file is written where it has to be there. */
async function finishAsData(deps: Deps, row: AsData, now: Date): Promise<void> {
  if (row.status !== 'READY') return wakeExport(deps, row, now)
  const id = { sandboxId: row.sandboxId, exportId: row.id }
  await finishExport(deps, id, { from: 'PROCESSING', whenDue: true })
}

type AsData = ReturnType<typeof completeExport>

function completeExport(sandbox: Sandbox, input: ExportInput, { workspaceId, path }: Completion) {
  const { id = randomUUID(), status = 'PENDING' } = input
  const { createdAt, updatedAt } = readAge(input, { now: sandbox.now, path })
  const filters = {
    format: input.format ?? 'json',
    userId: input.user_id ?? null,
    agentId: input.agent_id ?? null,
    sessionId: input.session_id ?? null,
    priority: input.priority ?? null,
    categories: input.categories ?? null,
    createdAfter: readInstant(input.created_after),
    createdBefore: readInstant(input.created_before),
  }
  const row = {
    ...newExport(sandbox, { id, workspaceId, filters }),
    ...(input.behavior && behaviorColumns(input.behavior)),
    ...stateOf(status, { createdAt, updatedAt }),
  }
  return { ...row, nextAt: dueAt(row) }
}
type Completion = { workspaceId: string; path: string }

/** Exports by id, as a test sees them, after the one with the id `after`. */
export async function listExportViews(db: Db, sandbox: Sandbox, { after, limit }: { after: string; limit: number }) {
  const rows = await db
    .select()
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandbox.id), gt(exportJobs.id, after)))
    .orderBy(asc(exportJobs.id))
    .limit(limit)
  return rows.map((row) => toExportView(row, sandbox))
}

/** An export of any workspace. Throws where there is none. */
export async function getExportRow(db: Db, sandboxId: string, id: string): Promise<ExportRow> {
  const [found] = await db.select().from(exportJobs).where(isExport({ sandboxId, id }))
  if (!found) throw new ExportNotFound(id)
  return found
}

export function toExportView(row: ExportRow, sandbox: Sandbox): ExportView {
  const status = statusAt(row, sandbox.now)
  return {
    ...toExport(row, sandbox),
    workspaceId: row.workspaceId,
    behavior: {
      pendingFor: formatDuration(row.pendingForMs),
      processingFor: formatDuration(row.processingForMs),
      polls: {
        ...(row.pollsPending !== null && { pending: row.pollsPending }),
        ...(row.pollsProcessing !== null && { processing: row.pollsProcessing }),
      },
      hold: row.hold,
      outcome: row.outcome,
      failure: row.failure,
    },
    nextAt: status === 'EXPIRED' ? null : text(row.nextAt),
    expiresAt: text(row.expiresAt),
    progress: { rows: row.rowsDone, total: row.rowsTotal },
    file: status === 'READY' && row.fileKey !== null ? { key: row.fileKey, bytes: row.fileBytes ?? 0 } : null,
    attempts: row.attempts,
    timeline: timelineOf(row, status),
  }
}

function timelineOf(row: ExportRow, status: ExportStatus) {
  const steps = [
    { status: 'PENDING', at: row.createdAt },
    { status: 'PROCESSING', at: row.processingAt },
    { status: 'READY', at: status === 'PROCESSING' ? null : row.readyAt },
    { status: 'FAILED', at: row.failedAt },
    { status: 'EXPIRED', at: status === 'EXPIRED' ? row.expiresAt : null },
  ]
  return steps.flatMap(({ status, at }) => (at ? [{ at: formatInstant(at.getTime()), status }] : []))
}

/** When it was created and when it entered its status: now, where nothing is said. */
function readAge(input: ExportInput, { now, path }: { now: Date; path: string }): { createdAt: Date; updatedAt: Date } {
  const { status = 'PENDING' } = input
  if (status === 'PENDING' && input.updated_at !== undefined) {
    throw invalid(`${path}/updated_at`, 'A PENDING export was updated when it was created; leave "updated_at" out')
  }
  const updatedAt = readInstant(input.updated_at) ?? readInstant(input.created_at) ?? now
  const createdAt = readInstant(input.created_at) ?? updatedAt
  if (updatedAt < createdAt) throw invalid(`${path}/updated_at`, 'An export cannot be updated before it is created')
  if (updatedAt > now) {
    const field = input.updated_at === undefined ? 'created_at' : 'updated_at'
    throw invalid(
      `${path}/${field}`,
      `"${field}" is later than the sandbox's clock, which says ${formatInstant(now.getTime())}`,
    )
  }
  return { createdAt, updatedAt }
}

function stateOf(status: ExportRow['status'], { createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) {
  const common = { status, createdAt, updatedAt, processingAt: null, readyAt: null, failedAt: null, expiresAt: null }
  switch (status) {
    case 'PENDING':
      return common
    case 'PROCESSING':
      return { ...common, processingAt: updatedAt }
    case 'READY':
      return {
        ...common,
        processingAt: updatedAt,
        readyAt: updatedAt,
        expiresAt: later(updatedAt, AVAILABLE_MS),
      }
    case 'FAILED':
      return { ...common, processingAt: updatedAt, failedAt: updatedAt }
    case 'EXPIRED': {
      // It expired when it was last updated, so it was ready 72 hours before, and existed then.
      const readyAt = later(updatedAt, -AVAILABLE_MS)
      const bornAt = createdAt < readyAt ? createdAt : readyAt
      return { ...common, createdAt: bornAt, processingAt: readyAt, readyAt, expiresAt: updatedAt }
    }
  }
}

async function refuseKnown(tx: Db, sandboxId: string, ids: readonly string[]) {
  refuseTwice(ids, ExportExists)
  const [known] = await tx
    .select({ id: exportJobs.id })
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandboxId), isAmong(exportJobs.id, ids)))
    .limit(1)
  if (known) throw new ExportExists(known.id)
}

function readInstant(given: string | null | undefined): Date | null {
  return given == null ? null : new Date(parseInstant(given)?.floor ?? Number.NaN)
}

function text(at: Date | null): string | null {
  return at && formatInstant(at.getTime())
}
