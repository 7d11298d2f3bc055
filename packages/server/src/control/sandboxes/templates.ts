import { createHash } from 'node:crypto'
import { eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { AfterCommit, ApiModule } from '../../api-module.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { tablesWithRows } from '../../ports/database/insert.ts'
import { nextRevision, sandboxFields } from '../../sandbox/queries.ts'
import { defaultReading, type Origin, type Sandbox } from '../../sandbox/sandbox.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { copyContents } from './copy.ts'
import { tablesHeld } from './remove.ts'

/** Making up costs more than copying, so data that is all made up is made up once for a seed, and copied from there. */

const MOST_ROWS = 5000
/** Where the data of a template ends; a copy is moved to where its sandbox starts. */
const TEMPLATE_START = new Date('2026-01-01T00:00:00.000Z')

/** Puts in what every sandbox begins with and what this one was created with, at the very instant its clock begins at. */
export async function fill(
  tx: Db,
  modules: readonly ApiModule[],
  sandbox: Sandbox & FromTemplate,
  origin: Origin,
): Promise<AfterCommit[]> {
  if (!isTemplated(origin)) return begin(tx, modules, sandbox, origin)
  const { id, seed, startedAt } = sandbox
  const holds = sandbox.made === 0 ? await makeTemplate(tx, modules, { sandboxId: id, seed }, origin) : sandbox.holds
  const shiftMs = startedAt.getTime() - TEMPLATE_START.getTime()
  await copyContents(tx, modules, { from: templateId(seed, origin), to: id, shiftMs, holds: holds ?? undefined })
  return []
}

/** What a sandbox's template has made up, which is nothing where there is none yet, and the tables that it has rows in. */
type FromTemplate = { made: number; holds: string[] | null }

/**
 * How many objects a sandbox's template has made up, for what is made up after them to differ: 0 where there is no template.
 * One that there is stays until the transaction ends.
 */
export function madeByTemplate(seed: number, origin: Origin): SQL<number> {
  if (!isTemplated(origin)) return sql<number>`0`
  return sql<number>`coalesce((select ${template.made} ${fromTemplate(seed, origin)} for key share), 0)`
}

/** What `madeByTemplate` made of a row that was written, and what `fill` needs to know beside it. */
export function templateFields(seed: number, origin: Origin) {
  const holds = isTemplated(origin) ? sql`(select ${template.holds} ${fromTemplate(seed, origin)})` : sql`null`
  return { made: sandboxes.made, holds: holds.mapWith(sandboxes.holds) as SQL<string[] | null> }
}

const template = alias(sandboxes, 'template')

function fromTemplate(seed: number, origin: Origin): SQL {
  return sql`from ${sandboxes} as template where ${template.id} = ${templateId(seed, origin)}`
}

async function begin(tx: Db, modules: readonly ApiModule[], sandbox: Sandbox, { data, wellKnown }: Origin) {
  const left: AfterCommit[] = []
  for (const module of modules)
    left.push(...(await module.begin(tx, sandbox, { data: data[module.name] ?? {}, wellKnown })))
  return left
}

/** Whether all that a sandbox is created with follows from its seed and when it starts. */
function isTemplated({ data, wellKnown }: Origin): boolean {
  const calls = Object.values(data).flatMap((part) => Object.values(part ?? {}))
  const counts = calls.map((call) => (isCountAlone(call) ? call.count : Number.POSITIVE_INFINITY))
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return !wellKnown && rows <= MOST_ROWS
}

function isCountAlone(call: unknown): call is { count: number } {
  return typeof call === 'object' && call !== null && Object.keys(call).join() === 'count'
}

function templateId(seed: number, { data }: Origin): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, data]))
    .digest('hex')
  return `template_${digest.slice(0, 24)}`
}

/**
 * Makes the template of a seed and its data, for a sandbox that is to have as much made up, unless somebody else does; then
 * it is there once they have. Answers the tables that it has rows in.
 */
async function makeTemplate(
  tx: Db,
  modules: readonly ApiModule[],
  { sandboxId, seed }: { sandboxId: string; seed: number },
  origin: Origin,
): Promise<string[] | null> {
  const id = templateId(seed, origin)
  const [created] = await tx
    .insert(sandboxes)
    .values({
      id,
      kind: 'template',
      name: id,
      seed,
      reading: defaultReading,
      origin,
      token: '',
      createdAt: realNow,
      startedAt: TEMPLATE_START,
      clockAt: TEMPLATE_START,
      clockReal: realNow,
      frozen: true,
      revision: nextRevision,
    })
    .onConflictDoNothing()
    .returning(sandboxFields)
  if (created) {
    await begin(tx, modules, created, origin)
    const holds = await tablesWithRows(tx, tablesHeld(modules), id)
    await tx.update(sandboxes).set({ holds }).where(eq(sandboxes.id, id))
  }
  const [known] = await tx
    .update(sandboxes)
    .set({ made: madeByTemplate(seed, origin) })
    .where(eq(sandboxes.id, sandboxId))
    .returning(templateFields(seed, origin))
  return known?.holds ?? null
}
