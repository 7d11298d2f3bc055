import { sql } from 'drizzle-orm'
import {
  bigint,
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
import type { Origin, Policy, Reading } from './sandbox.ts'

export const sandport = pgSchema('sandport')

/** One sequence for all sandboxes, so that no two states of any of them ever share a revision. */
export const revisions = sandport.sequence('revision')

export const sandboxes = sandport.table(
  'sandbox',
  {
    id: text('id').primaryKey(),
    /** `live`; `template`: made-up data that new sandboxes are copied from; `snapshot`: a copy of a live one. */
    kind: text('kind').$type<'live' | 'template' | 'snapshot'>().notNull(),
    name: text('name').notNull(),
    /** What sandboxes are listed and deleted by together. */
    group: text('group'),
    /** The sandbox that this is a snapshot of, under its name. */
    snapshotOf: text('snapshot_of'),
    /** Real time after its last use until it is deleted. */
    ttlMs: bigint('ttl_ms', { mode: 'number' }),
    /** Real time. */
    expiresAt: instant('expires_at'),
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
    /** Of a template: the tables that it has rows in. Without them, any may be one. */
    holds: texts('holds'),
    clockAt: instant('clock_at').notNull(),
    /** Real time. */
    clockReal: instant('clock_real').notNull(),
    rate: doublePrecision('rate').notNull().default(1),
    frozen: boolean('frozen').notNull().default(false),
    walkTo: instant('walk_to'),
    /** Whether it was ever set or advanced. */
    clockMoved: boolean('clock_moved').notNull().default(false),
    /** Sandbox time at which something of its timeline is due next. */
    timelineAt: instant('timeline_at'),
    /** Whether some script has steps left, so that requests need not look. */
    isScripted: boolean('is_scripted').notNull().default(false),
    /** What is allowed a client without a finding. */
    allowedFindings: texts('allowed_findings').notNull().default([]),
    /** Rate limits, by the name of the API. */
    policy: jsonb('policy').$type<Record<string, Policy>>().notNull().default({}),
    revision: bigint('revision', { mode: 'number' }).notNull(),
    /** The revision that its journal begins with: what was read before belongs to what it was before. */
    journalFrom: bigint('journal_from', { mode: 'number' }).notNull().default(0),
    /** Settings of the APIs that hold for the whole sandbox, by the name of the API. */
    settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    uniqueIndex('sandbox_snapshot').on(t.snapshotOf, t.name).where(sql`${t.kind} = 'snapshot'`),
    index('sandbox_group').on(t.group).where(sql`${t.group} is not null`),
    index('sandbox_expiry').on(t.expiresAt).where(sql`${t.expiresAt} is not null`),
    index('sandbox_timeline').on(t.timelineAt).where(sql`${t.timelineAt} is not null`),
  ],
)

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
    /** False in a snapshot, where a key is only remembered. */
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.key] }),
    uniqueIndex('api_key_key').on(t.key).where(sql`${t.isActive}`),
  ],
)

/** One sequence for all that happens, so that exchanges, findings and other events have an order among them. */
export const occurrences = sandport.sequence('occurrence')

/**
 * Where something stands in what happened. Numbers are taken before they are seen: a transaction may commit a lower one
 * after another's higher one. So a reader that follows goes by the transaction first, and only up to the oldest that
 * still runs.
 */
export const occurrence = () => ({
  id: bigint('id', { mode: 'number' }).notNull().default(sql`nextval('sandport.occurrence')`),
  transaction: bigint('transaction', { mode: 'number' }).notNull().default(sql`pg_current_xact_id()::text::bigint`),
})

/** What happened in a sandbox, in order: the history that `advance` answers with. */
export const events = sandport.table(
  'event',
  {
    sandboxId: sandboxId(),
    ...occurrence(),
    at: instant('at').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] }), index('event_by_order').on(t.sandboxId, t.transaction, t.id)],
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
