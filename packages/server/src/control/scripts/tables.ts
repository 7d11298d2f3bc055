import { bigserial, index, integer, jsonb, primaryKey } from 'drizzle-orm/pg-core'
import { instant, text } from '../../ports/database/columns.ts'
import { sandport } from '../../sandbox/tables.ts'
import type { Match, Step } from './grammar.ts'

/** Fault scripts. How far one is follows from the number of steps taken. */
export const scripts = sandport.table(
  'script',
  {
    sandboxId: text('sandbox_id').notNull(),
    id: text('id').notNull(),
    /** Creation order: of several that match, the oldest gives its step. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    operation: text('operation').notNull(),
    match: jsonb('match').$type<Match>().notNull(),
    steps: jsonb('steps').$type<Step[]>().notNull(),
    /** How many requests one round of the steps is for. */
    length: integer('length').notNull(),
    /** How many rounds there are; null for any number. */
    rounds: integer('rounds'),
    taken: integer('taken').notNull().default(0),
    /** Requests that were held as the `taken`-th or before go on. */
    released: integer('released').notNull().default(0),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sandboxId, t.id] }), index('script_oldest').on(t.sandboxId, t.operation, t.ordinal)],
)
