import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, text, texts } from '../ports/database/columns.ts'
import type { Origin, Reading } from './sandbox.ts'

export const sandport = pgSchema('sandport')

/** One sequence for all sandboxes, so that no two states of any of them ever share a revision. */
export const revisions = sandport.sequence('revision')

export const sandboxes = sandport.table('sandbox', {
  id: text('id').primaryKey(),
  /** `live`, or `template`: made-up data that new sandboxes are copied from. */
  kind: text('kind').$type<'live' | 'template'>().notNull(),
  name: text('name').notNull(),
  seed: integer('seed').notNull(),
  reading: jsonb('reading').$type<Reading>().notNull(),
  /** What it was created from, and returns to on reset. */
  origin: jsonb('origin').$type<Origin>().notNull(),
  token: text('token').notNull(),
  /** Real time. */
  createdAt: instant('created_at').notNull(),
  /** Sandbox time at creation: made-up data lies before it. */
  startedAt: instant('started_at').notNull(),
  /** How many objects have been made up, so that the next differ from them. */
  made: integer('made').notNull().default(0),
  clockAt: instant('clock_at').notNull(),
  /** Real time. */
  clockReal: instant('clock_real').notNull(),
  rate: doublePrecision('rate').notNull().default(1),
  frozen: boolean('frozen').notNull().default(false),
  walkTo: instant('walk_to'),
  revision: bigint('revision', { mode: 'number' }).notNull(),
  /** Settings of the APIs that hold for the whole sandbox, by the name of the API. */
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
})

const sandboxId = () => text('sandbox_id').notNull()

export const apiKeys = sandport.table(
  'api_key',
  {
    sandboxId: sandboxId(),
    key: text('key').notNull(),
    api: text('api').notNull(),
    /** The organization or workspace it speaks for. */
    ownerId: text('owner_id').notNull(),
    permissions: texts('permissions').notNull(),
    /** Made with the sandbox, so that a reset brings it back even where it was revoked. */
    initial: boolean('initial').notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.key] }), uniqueIndex('api_key_key').on(t.key)],
)

/** What happened in a sandbox, in order: the history that `advance` answers with. */
export const events = sandport.table(
  'event',
  {
    sandboxId: sandboxId(),
    id: bigserial('id', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] })],
)

/**
 * Every file of export data on disk has a row here, from before it is written until after nothing refers to it, so
 * that a sweep knows what may be removed.
 */
export const storedFiles = sandport.table(
  'stored_file',
  {
    key: text('key').primaryKey(),
    /** Real time until which somebody is writing it; null once it is whole. */
    writingUntil: instant('writing_until'),
  },
  (t) => [index('stored_file_writing').on(t.writingUntil).where(sql`${t.writingUntil} is not null`)],
)
