import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, json, pgSchema, primaryKey } from 'drizzle-orm/pg-core'
import { instant, text, texts } from '../../ports/database/columns.ts'
import { storedFiles } from '../../sandbox/tables.ts'
import type { ExportFormat, ExportStatus, Outcome, Priority } from './schemas.ts'

export const memsolusSchema = pgSchema('memsolus')

const sandboxId = () => text('sandbox_id').notNull()

export const workspaces = memsolusSchema.table(
  'workspace',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** Creation order: memories go to the first one unless told otherwise. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] })],
)

export const memories = memsolusSchema.table(
  'memory',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    workspaceId: text('workspace_id').notNull(),
    memory: text('memory').notNull(),
    userId: text('user_id'),
    agentId: text('agent_id'),
    sessionId: text('session_id'),
    priority: text('priority').$type<Priority>().notNull(),
    categories: texts('categories').notNull(),
    metadata: json('metadata').$type<Record<string, unknown>>().notNull(),
    accessCount: integer('access_count').notNull(),
    lastAccessedAt: instant('last_accessed_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** The sandbox's revision when it was inserted: an export holds those below its own. */
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    index('memory_by_created').on(t.sandboxId, t.workspaceId, t.createdAt, t.id),
  ],
)

export const exportJobs = memsolusSchema.table(
  'export_job',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    /** Creation order, where instants tie. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    workspaceId: text('workspace_id').notNull(),
    format: text('format').$type<ExportFormat>().notNull(),
    userId: text('user_id'),
    agentId: text('agent_id'),
    sessionId: text('session_id'),
    priority: text('priority').$type<Priority>(),
    categories: texts('categories'),
    createdAfter: instant('created_after'),
    createdBefore: instant('created_before'),
    /** The sandbox's revision at creation: memories inserted from then on are not in it. */
    revision: bigint('revision', { mode: 'number' }).notNull(),

    status: text('status').$type<ExportStatus>().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    processingAt: instant('processing_at'),
    /** Of one that is PROCESSING: since when it is READY once its file is written, as it was created READY as data. */
    readyAt: instant('ready_at'),
    failedAt: instant('failed_at'),
    expiresAt: instant('expires_at'),
    /** Sandbox time at which the next transition is due; null where none is, or it waits for a poll or a release. */
    nextAt: instant('next_at'),

    pendingForMs: bigint('pending_for_ms', { mode: 'number' }).notNull(),
    processingForMs: bigint('processing_for_ms', { mode: 'number' }).notNull(),
    pollsPending: integer('polls_pending'),
    pollsProcessing: integer('polls_processing'),
    /** Polls answered since the status was entered. */
    polls: integer('polls').notNull().default(0),
    hold: text('hold').$type<'PENDING' | 'PROCESSING'>(),
    outcome: text('outcome').$type<Outcome>().notNull(),
    failure: text('failure'),

    attempts: integer('attempts').notNull().default(0),
    /** Real time before which a failed render is not tried again. */
    retryAt: instant('retry_at'),
    /** Who renders it: only the holder of this random id may make it READY. */
    claim: text('claim'),
    /** Real time until which the claim stands. */
    claimUntil: instant('claim_until'),
    /** Real time at which it was last put in the queue by the reconciler. */
    wokenAt: instant('woken_at'),
    rowsDone: integer('rows_done').notNull().default(0),
    rowsTotal: integer('rows_total'),
    fileKey: text('file_key').references(() => storedFiles.key),
    fileBytes: bigint('file_bytes', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    index('export_job_newest').on(t.sandboxId, t.workspaceId, t.createdAt, t.ordinal),
    index('export_job_due').on(t.sandboxId, t.nextAt).where(sql`${t.nextAt} is not null`),
    index('export_job_file').on(t.fileKey).where(sql`${t.fileKey} is not null`),
  ],
)

/** An export that nobody renders: what was begun and is not finished does not count as a try. */
export const unclaimed = {
  claim: sql`null`,
  claimUntil: sql`null`,
  retryAt: sql`null`,
  wokenAt: sql`null`,
  attempts: sql`${exportJobs.attempts} - (${exportJobs.claim} is not null)::int`,
}
