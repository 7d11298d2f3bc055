import { bigint, boolean, index, integer, jsonb, primaryKey } from 'drizzle-orm/pg-core'
import { instant, text } from '../../ports/database/columns.ts'
import { occurrence, sandport } from '../../sandbox/tables.ts'
import type { Facts } from './exchange.ts'

const sandboxId = () => text('sandbox_id').notNull()

/** One request and its response each, numbered as they are written. */
export const exchanges = sandport.table(
  'exchange',
  {
    sandboxId: sandboxId(),
    ...occurrence(),
    /** What the answer's `Sandport-Exchange` header says. */
    exchangeId: text('exchange_id').notNull(),
    api: text('api').notNull(),
    /** Null where the path or method is none of the API's. */
    operation: text('operation'),
    method: text('method').notNull(),
    path: text('path').notNull(),
    /** The query as it came. */
    search: text('search').notNull(),
    query: jsonb('query').$type<[name: string, value: string][]>().notNull(),
    requestHeaders: jsonb('request_headers').$type<[name: string, value: string][]>().notNull(),
    /** The beginning of it, where there was one. */
    requestBody: text('request_body'),
    /** The last characters of the key that was used. */
    keyEnd: text('key_end'),
    /** Sandbox time at which it was received. */
    at: instant('at').notNull(),
    /** Real time at which it was received, and at which it ended, in microseconds since 1970. */
    openedUs: bigint('opened_us', { mode: 'number' }).notNull(),
    closedUs: bigint('closed_us', { mode: 'number' }).notNull(),
    /** The revision of the sandbox that was read. */
    revision: bigint('revision', { mode: 'number' }).notNull(),
    /** Null where no status line was sent. */
    status: integer('status'),
    responseHeaders: jsonb('response_headers').$type<[name: string, value: string][]>().notNull(),
    /** Where it is short. */
    responseBody: text('response_body'),
    /** Of the body, sent. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** Every byte was sent, and no fault had altered any. */
    isWhole: boolean('is_whole').notNull(),
    /** Who ended it before its end. */
    cutBy: text('cut_by').$type<'client' | 'script' | 'server'>(),
    /** The motion and the export that the path names, or the export that was created. */
    motionId: text('motion_id'),
    exportId: text('export_id'),
    /** What was served, in the ledger. */
    servedKey: text('served_key'),
    /** What the API says of it for judging the client. */
    facts: jsonb('facts').$type<Facts>().notNull(),
    script: jsonb('script').$type<{ id: string; step: number }>(),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    index('exchange_by_name').on(t.sandboxId, t.exchangeId),
    index('exchange_by_end').on(t.sandboxId, t.closedUs, t.id),
    index('exchange_by_order').on(t.sandboxId, t.transaction, t.id),
  ],
)

/** What was served: once for a revision and a query, and kept for as long as the journal is, however long that grows. */
export const servedPages = sandport.table(
  'served_page',
  {
    sandboxId: sandboxId(),
    key: text('key').notNull(),
    items: jsonb('items').$type<[id: string, version: number][]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.key] })],
)

/** What in an exchange breaks a rule, or will bite in production. */
export const findings = sandport.table(
  'finding',
  {
    sandboxId: sandboxId(),
    ...occurrence(),
    exchangeId: text('exchange_id').notNull(),
    /** The vendor's call, as in the exchange, which may be gone earlier. */
    operation: text('operation'),
    at: instant('at').notNull(),
    code: text('code').notNull(),
    severity: text('severity').$type<'error' | 'warning' | 'note'>().notNull(),
    rule: text('rule'),
    message: text('message').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    index('finding_by_exchange').on(t.sandboxId, t.exchangeId),
    index('finding_by_order').on(t.sandboxId, t.transaction, t.id),
  ],
)

/** How far a client has been judged, and what of its past still matters. */
export const judgements = sandport.table('judgement', {
  sandboxId: text('sandbox_id').primaryKey(),
  /** The last exchange that was judged. */
  through: bigint('through', { mode: 'number' }).notNull(),
  state: jsonb('state').$type<Record<string, unknown>>().notNull(),
})

/** Requests whose key belongs to no sandbox. */
export const unmatchedRequests = sandport.table('unmatched_request', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** Real time at which it ended, in microseconds since 1970. */
  endedUs: bigint('ended_us', { mode: 'number' }).notNull().default(0),
  exchangeId: text('exchange_id').notNull(),
  method: text('method').notNull(),
  path: text('path').notNull(),
  status: integer('status'),
  /** Where a key was looked for and found, with its last characters. */
  keys: jsonb('keys').$type<{ where: string; key: string }[]>().notNull(),
  reason: text('reason').notNull(),
})

/** Requests counted for a rate limit, in windows of real time. */
export const rateWindows = sandport.table(
  'rate_window',
  {
    sandboxId: sandboxId(),
    api: text('api').notNull(),
    /** Real time. */
    startedAt: instant('started_at').notNull(),
    requests: integer('requests').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.api] })],
)

/** The processes that write exchanges, for as long as they say that they are alive. */
export const journalKeepers = sandport.table('journal_keeper', {
  id: text('id').primaryKey(),
  /** Real time. */
  aliveUntil: instant('alive_until').notNull(),
})
