import { bigint, bigserial, index, pgSchema, primaryKey } from 'drizzle-orm/pg-core'
import { instant, text, texts } from '../../ports/database/columns.ts'

export const syftSchema = pgSchema('syft')

const sandboxId = () => text('sandbox_id').notNull()

export const organizations = syftSchema.table(
  'organization',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    plan: text('plan').$type<'starter' | 'pro' | 'agency'>().notNull(),
    /** Creation order: motions go to the first one unless told otherwise. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] })],
)

export const motions = syftSchema.table(
  'motion',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    organizationId: text('organization_id').notNull(),
    name: text('name').notNull(),
    /** Creation order: runs go to the first one unless told otherwise. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] })],
)

/**
 * A webhook object as JSON text, every documented field in it, stored once however many runs refer to it. The two
 * instants that follow the sandbox's clock stand beside it and are put in when it is read.
 */
const webhookObject = () => ({
  sandboxId: sandboxId(),
  /** Made from the content. */
  id: text('id').notNull(),
  doc: text('doc').notNull(),
  from: instant('from_at'),
  to: instant('to_at'),
})

export const accounts = syftSchema.table('account', webhookObject(), (t) => [
  primaryKey({ columns: [t.sandboxId, t.id] }),
])
export const contacts = syftSchema.table('contact', webhookObject(), (t) => [
  primaryKey({ columns: [t.sandboxId, t.id] }),
])
export const sessions = syftSchema.table('session', webhookObject(), (t) => [
  primaryKey({ columns: [t.sandboxId, t.id] }),
])

export const runs = syftSchema.table(
  'run',
  {
    sandboxId: sandboxId(),
    id: text('id').notNull(),
    motionId: text('motion_id').notNull(),
    status: text('status').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    completedAt: instant('completed_at'),
    targetType: text('target_type').notNull(),
    triggerSource: text('trigger_source'),
    accountId: text('account_id'),
    contactIds: texts('contact_ids').notNull(),
    sessionId: text('session_id'),
    evaluationSummary: text('evaluation_summary'),
    triggerReason: text('trigger_reason'),
    actionPlanSummary: text('action_plan_summary'),
    error: text('error'),
    /** The revision of the sandbox that made the run what it is. */
    version: bigint('version', { mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    // A page is a range of the first; a poll for what is newest is a range of the second. Each carries what the other
    // filters by, so that rows that do not match are passed over inside the index.
    index('run_by_created').on(t.sandboxId, t.motionId, t.status, t.createdAt, t.id, t.updatedAt),
    index('run_by_updated').on(t.sandboxId, t.motionId, t.status, t.updatedAt, t.id, t.createdAt),
  ],
)

/** What runs were before they were changed or deleted: a version was there from its own revision up to that of the next. */
export const runVersions = syftSchema.table(
  'run_version',
  {
    sandboxId: sandboxId(),
    runId: text('run_id').notNull(),
    version: bigint('version', { mode: 'number' }).notNull(),
    /** The revision that ended it. */
    until: bigint('until', { mode: 'number' }).notNull(),
    motionId: text('motion_id').notNull(),
    status: text('status').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.runId, t.version] })],
)
