import { and, asc, eq, getTableColumns, gt, type SQL, sql } from 'drizzle-orm'
import { sandboxNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { isLive } from '../../sandbox/queries.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { isTouchDue } from './ttl.ts'

/** What is shown of a sandbox, and asked about it first. */
export const sandboxColumns = {
  id: sandboxes.id,
  name: sandboxes.name,
  token: sandboxes.token,
  seed: sandboxes.seed,
  scenario: sql<string | null>`${sandboxes.origin}->>'scenario'`,
  reading: sandboxes.reading,
  now: sandboxNow(sandboxes),
  frozen: sandboxes.frozen,
  rate: sandboxes.rate,
  timelineAt: sandboxes.timelineAt,
  group: sandboxes.group,
  ttlMs: sandboxes.ttlMs,
  expiresAt: sandboxes.expiresAt,
  isTouchDue,
}

export async function getSandboxRow(db: Db, id: string) {
  const [found] = await db
    .select(sandboxColumns)
    .from(sandboxes)
    .where(and(eq(sandboxes.id, id), isLive))
  return found
}
export type SandboxRow = NonNullable<Awaited<ReturnType<typeof getSandboxRow>>>

export function listSandboxRows(db: Db, { group, after, limit }: ListOptions) {
  const isListed = group === undefined ? undefined : eq(sandboxes.group, group)
  return db
    .select(sandboxColumns)
    .from(sandboxes)
    .where(and(isLive, isListed, gt(sandboxes.id, after)))
    .orderBy(asc(sandboxes.id))
    .limit(limit)
}

type ListOptions = { group?: string | undefined; after: string; limit: number }

export function listKeyRows(db: Db, sandboxId: string) {
  return db
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.sandboxId, sandboxId))
    .orderBy(asc(apiKeys.createdAt), asc(apiKeys.key))
}

/** The same as one value of a query that asks for more. */
export function keyRowsWithin(db: Db, sandboxId: string): SQL<KeyRow[]> {
  const columns = Object.entries(getTableColumns(apiKeys))
  const read = (row: Record<string, unknown>) =>
    Object.fromEntries(
      columns.map(([name, column]) => {
        const value = row[column.name]
        return [name, value === null ? null : column.mapFromDriverValue(value)]
      }),
    ) as KeyRow
  const rows = sql`(select coalesce(json_agg(to_json("listed")), '[]') from ${listKeyRows(db, sandboxId)} as "listed")`
  return rows.mapWith((listed: Record<string, unknown>[]) => listed.map(read))
}
export type KeyRow = Awaited<ReturnType<typeof listKeyRows>>[number]
