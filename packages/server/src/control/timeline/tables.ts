import { sql } from 'drizzle-orm'
import { bigint, bigserial, index, integer, jsonb, primaryKey } from 'drizzle-orm/pg-core'
import { instant, text } from '../../ports/database/columns.ts'
import { sandport } from '../../sandbox/tables.ts'

/** What happens by itself in a sandbox: once, or again and again. */
export const timelineItems = sandport.table(
  'timeline_item',
  {
    sandboxId: text('sandbox_id').notNull(),
    id: text('id').notNull(),
    /** Creation order, where instants tie. */
    ordinal: bigserial('ordinal', { mode: 'number' }).notNull(),
    firstAt: instant('first_at').notNull(),
    /** Null for what happens once. */
    everyMs: bigint('every_ms', { mode: 'number' }),
    /** How often it happens; null for any number. */
    times: integer('times'),
    /** Sandbox time at which it is due next; null once nothing follows. */
    nextAt: instant('next_at'),
    /** Each an object with one member: the name of an action and its body. */
    actions: jsonb('actions').$type<Record<string, unknown>[]>().notNull(),
    fired: integer('fired').notNull().default(0),
    /** How many of its actions are done while it happens; 0 unless one of them takes time. */
    done: integer('done').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.sandboxId, t.id] }),
    index('timeline_item_due').on(t.sandboxId, t.nextAt).where(sql`${t.nextAt} is not null`),
  ],
)
