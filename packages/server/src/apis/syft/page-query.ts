import { and, asc, type Column, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { SelectResultFields } from 'drizzle-orm/query-builders/select.types'
import type { Db } from '../../ports/database/database.ts'
import type { Reading } from '../../sandbox/sandbox.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { earliestInstant, latestInstant } from '../../wire/instant.ts'
import type { PageRequest } from './export-query.ts'
import { accounts, contacts, runs, sessions } from './tables.ts'
import { clockFields } from './webhook-objects.ts'

/** Runs by the name that each part of a query knows them under, whichever part it is. */
export const run = alias(runs, 'run')

/** Where a page is read: a motion of a sandbox, in the order its reading says. */
export type Motion = { sandboxId: string; motionId: string; order: Reading['order'] }

/** Up to this many runs in the window are sorted; where there are more, runs are walked through in their order. */
const FEW = 1000

/**
 * The runs of a page in their order, one more than its limit where more follow, each with the JSON texts of what it
 * refers to and was asked for; and the revision of the very state they were read from.
 */
export async function readPage(db: Db, motion: Motion, page: PageRequest) {
  const few = page.from !== undefined && (await countUpdated(db, motion, page)) <= FEW
  const by = motion.order === 'updatedAt' ? run.updatedAt : run.createdAt
  const sort = page.order === 'asc' ? asc : desc
  // S-ORDER-1, S-ORDER-2c
  const order = sql`${sort(by)}, ${sort(run.id)}`
  const limit = page.limit + 1
  const found = few
    ? sql`select * from (${updatedRuns(motion, page)}) as "run" offset 0`
    : ofEachStatus(page, (isOfStatus) => {
        const matches = and(isOfStatus, inWindow(motion, page), isPast(page, by))
        return sql`select * from ${runs} as "run" where ${matches} order by ${order} limit ${limit}`
      })
  const wanted = sql`select * from (${found}) as "run" where ${isPast(page, by) ?? true} order by ${order} limit ${limit}`
  const rows = await db
    .select({ revision: sandboxes.revision, version: shown(run.version), ...runColumns(page.fields) })
    .from(sandboxes)
    .leftJoin(sql`(${wanted}) as "run"`, sql`true`)
    .where(eq(sandboxes.id, motion.sandboxId))
    .orderBy(order)
  return { revision: rows[0]?.revision ?? 0, runs: rows.filter((row) => row.runId !== null) }
}
export type PageRow = { version: number } & SelectResultFields<ReturnType<typeof runColumns>>

/** How many runs the window holds, counted to just past `FEW` of each status. */
async function countUpdated(db: Db, motion: Motion, page: PageRequest): Promise<number> {
  const [counted] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(sql`(${updatedRuns(motion, page)}) as updated`)
  return counted?.count ?? 0
}

/** The runs in the window, up to just past `FEW` of each status; in the order of an index, so that nothing else is read. */
function updatedRuns(motion: Motion, page: PageRequest): SQL {
  return ofEachStatus(page, (isOfStatus) => {
    const matches = and(isOfStatus, inWindow(motion, page))
    return sql`select * from ${runs} as "run" where ${matches} order by ${run.updatedAt} limit ${FEW + 1}`
  })
}

/** Each status is a range of the index; one range for all of them there is not. */
function ofEachStatus({ statuses }: PageRequest, query: (isOfStatus: SQL) => SQL): SQL {
  return sql.join(
    statuses.map((status) => sql`(${query(eq(run.status, status))})`),
    sql` union all `,
  )
}

/** S-TIME-1, S-TIME-2, S-TIME-4c */
function inWindow({ sandboxId, motionId }: Motion, { from, until }: PageRequest): SQL | undefined {
  return and(
    eq(run.sandboxId, sandboxId),
    eq(run.motionId, motionId),
    from === undefined ? undefined : gte(run.updatedAt, bound(from)),
    until === undefined ? undefined : lt(run.updatedAt, bound(until)),
  )
}

/** An instant to compare with. No run is past the latest one, though a bound can be. */
function bound(epochMs: number): SQL {
  if (epochMs > latestInstant) return sql`'infinity'`
  return sql`${sql.param(new Date(Math.max(epochMs, earliestInstant)), run.updatedAt)}`
}

/**
 * S-PAGE-5: strictly past where the page before ended, ties told apart by id. S-PAGE-7c: that is a place among instants, not
 * a number of rows, so what comes or goes before it moves nothing.
 */
function isPast({ after, order }: PageRequest, by: Column): SQL | undefined {
  if (!after) return undefined
  const position = sql`(${sql.param(new Date(after.at), by)}, ${sql.param(after.runId, run.id)})`
  return order === 'asc' ? sql`(${by}, ${run.id}) > ${position}` : sql`(${by}, ${run.id}) < ${position}`
}

/** What is shown of a run: its columns, and the JSON texts of what it refers to where those are asked for. */
export function runColumns(fields: PageRequest['fields']) {
  const asked = (field: 'account' | 'contacts' | 'session', text: SQL<string | null>) =>
    fields.has(field) ? text : sql<null>`null`
  return {
    runId: shown(run.id),
    status: shown(run.status),
    createdAt: shown(run.createdAt),
    updatedAt: shown(run.updatedAt),
    completedAt: shownOrNull(run.completedAt),
    targetType: shown(run.targetType),
    triggerSource: shownOrNull(run.triggerSource),
    // S-FIELDS-4: what was not asked for is not looked up.
    account: asked('account', lookUp(accounts, run.accountId)),
    contacts: asked('contacts', lookUpContacts()),
    session: asked('session', lookUp(sessions, run.sessionId)),
    evaluationSummary: shownOrNull(run.evaluationSummary),
    triggerReason: shownOrNull(run.triggerReason),
    actionPlanSummary: shownOrNull(run.actionPlanSummary),
    error: shownOrNull(run.error),
  }
}

/** A column by the name of its table; within a list of columns the query builder would leave that out. */
function named(table: string, column: Column): SQL {
  return sql`${sql.identifier(table)}.${sql.identifier(column.name)}`
}

function shown<C extends Column>(column: C): SQL<C['_']['data']> {
  return sql<C['_']['data']>`${named('run', column)}`.mapWith(column)
}

function shownOrNull<C extends Column>(column: C): SQL<C['_']['data'] | null> {
  return shown(column)
}

function lookUp(table: typeof accounts | typeof sessions, id: Column): SQL<string | null> {
  return sql<string | null>`(select ${withInstants(table)} from ${table} as "object"
    where ${named('object', table.sandboxId)} = ${shown(run.sandboxId)} and ${named('object', table.id)} = ${shown(id)})`
}

function lookUpContacts(): SQL<string | null> {
  return sql<string | null>`(select string_agg(${withInstants(contacts)}, ',' order by "listed"."position")
    from unnest(${shown(run.contactIds)}) with ordinality as "listed"("id", "position")
    join ${contacts} as "object" on ${named('object', contacts.sandboxId)} = ${shown(run.sandboxId)}
      and ${named('object', contacts.id)} = "listed"."id")`
}

/** The stored JSON text with its two instants put in, which stand aside because they follow the sandbox's clock. */
function withInstants(table: typeof accounts | typeof contacts | typeof sessions): SQL {
  const [from, to] = table === sessions ? clockFields.session : clockFields.account
  const instant = (column: Column) =>
    sql`coalesce('"' || to_char(${named('object', column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"', 'null')`
  return sql`replace(${named('object', table.doc)}, ${`"${from}":null,"${to}":null`},
    ${`"${from}":`} || ${instant(table.from)} || ${`,"${to}":`} || ${instant(table.to)})`
}
