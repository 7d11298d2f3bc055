import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '../../ports/database/database.ts'
import { events, sandboxes } from '../../sandbox/tables.ts'
import { formatInstant } from '../../wire/instant.ts'
import { exchanges, findings } from '../journal/tables.ts'
import { viewExchanges } from '../journal/view.ts'

/** Where something is in what happened: by the transaction first, as a lower number may be committed later. */
export type Position = { transaction: number; id: number }

/** Where a reader is. What was visible in the snapshot `seen` had happened before it began, wherever it is. */
export type ReaderPosition = Position & { seen?: string }

/** Something that happened, as it is told. */
export type Happening = Position & { type: string; data: Record<string, unknown> }

export type Happenings = {
  items: Happening[]
  /** Where to read on. */
  position: ReaderPosition
  /** Whether more is there already. */
  hasMore: boolean
  /** Whether something is there that may only be told once what began before it is over. */
  isHeldBack: boolean
}

/** The kinds of what happens: what a type begins with, before the dot if it has one. */
export const kinds = ['exchange', 'finding', 'export', 'clock', 'data', 'script', 'timeline', 'action'] as const
export type Kind = (typeof kinds)[number]

const READ_AT_ONCE = 50

/**
 * Where a reader begins who wants only what happens from now on. What began before now and is not over is still to come, so
 * it is from there on that is read; what is over by now although it began later, the snapshot tells.
 */
export async function currentPosition(db: Db): Promise<ReaderPosition> {
  const [row] = await db.select({ horizon, seen: sql<string>`pg_current_snapshot()::text` }).from(sql`(select) as one`)
  return { transaction: row?.horizon ?? 0, id: 0, ...(row && { seen: row.seen }) }
}

/** Who holds the number of a transaction for as long as it goes on, where that is in another database of the same Postgres. */
const heldElsewhere = sql`select from pg_locks as lock join pg_stat_activity as session on session.pid = lock.pid
  where lock.locktype = 'transactionid' and lock.transactionid = running::xid and lock.mode = 'ExclusiveLock' and lock.granted
    and session.datname <> current_database()`

/** What was begun before this transaction is over, as far as it can have to do with a sandbox. */
const horizon =
  sql<number>`(select coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  from pg_snapshot_xip(pg_current_snapshot()) as running where not exists (${heldElsewhere}))`.mapWith(Number)

/** What happened in a sandbox after a position, in order; undefined where the sandbox is gone. */
export async function readHappenings(
  db: Db,
  sandboxId: string,
  { after, wanted }: { after: ReaderPosition; wanted: ReadonlySet<Kind> },
): Promise<Happenings | undefined> {
  // Read first: all that is over by now is found by what is read next.
  const [sandbox] = await db
    .select({ horizon })
    .from(sandboxes)
    .where(and(eq(sandboxes.id, sandboxId), eq(sandboxes.kind, 'live')))
  if (!sandbox) return undefined
  const all = [
    ...(wanted.has('exchange') ? await readExchanges(db, sandboxId, after) : []),
    ...(wanted.has('finding') ? await readFindings(db, sandboxId, after) : []),
    ...(await readEvents(db, sandboxId, after)),
  ].toSorted((a, b) => a.transaction - b.transaction || a.id - b.id)
  const over = all.filter(({ transaction }) => transaction < sandbox.horizon)
  const items = over.slice(0, READ_AT_ONCE)
  return {
    items: items.filter(({ type }) => wanted.has(type.split('.', 1)[0] as Kind)),
    position: { ...after, ...positionOf(items.at(-1) ?? after) },
    hasMore: items.length === READ_AT_ONCE,
    isHeldBack: over.length < all.length,
  }
}

async function readExchanges(db: Db, sandboxId: string, after: ReaderPosition): Promise<Happening[]> {
  const rows = await db
    .select()
    .from(exchanges)
    .where(isAfter(exchanges, sandboxId, after))
    .orderBy(asc(exchanges.transaction), asc(exchanges.id))
    .limit(READ_AT_ONCE)
  const views = await viewExchanges(db, sandboxId, rows)
  return rows.map(({ transaction, id }, index) => ({ transaction, id, type: 'exchange', data: { ...views[index] } }))
}

async function readFindings(db: Db, sandboxId: string, after: ReaderPosition): Promise<Happening[]> {
  const rows = await db
    .select()
    .from(findings)
    .where(isAfter(findings, sandboxId, after))
    .orderBy(asc(findings.transaction), asc(findings.id))
    .limit(READ_AT_ONCE)
  return rows.map(({ transaction, id, at, exchangeId, code, severity, rule, message }) => {
    const data = { at: formatInstant(at.getTime()), exchange: exchangeId, code, severity, rule, message }
    return { transaction, id, type: 'finding', data }
  })
}

async function readEvents(db: Db, sandboxId: string, after: ReaderPosition): Promise<Happening[]> {
  const rows = await db
    .select()
    .from(events)
    .where(isAfter(events, sandboxId, after))
    .orderBy(asc(events.transaction), asc(events.id))
    .limit(READ_AT_ONCE)
  return rows.map(({ transaction, id, at, type, data }) => {
    return { transaction, id, type, data: { at: formatInstant(at.getTime()), ...data } }
  })
}

type Numbered = { sandboxId: PgColumn; transaction: PgColumn; id: PgColumn }

function isAfter(table: Numbered, sandboxId: string, { transaction, id, seen }: ReaderPosition): SQL | undefined {
  const isLater = sql`(${table.transaction}, ${table.id}) > (${transaction}::bigint, ${id}::bigint)`
  const isNew = seen && sql`not pg_visible_in_snapshot(${table.transaction}::text::xid8, ${seen}::pg_snapshot)`
  return and(eq(table.sandboxId, sandboxId), isLater, isNew || undefined)
}

function positionOf({ transaction, id }: Position): Position {
  return { transaction, id }
}
