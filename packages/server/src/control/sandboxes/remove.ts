import { and, eq, inArray } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import { type DeleteRows, deletionOf, type SandboxTable } from '../../ports/database/insert.ts'
import { announce } from '../../sandbox/news.ts'
import { isLive, lockSandbox } from '../../sandbox/queries.ts'
import { apiKeys, events, sandboxes } from '../../sandbox/tables.ts'
import { exchanges, findings, judgements, rateWindows, servedPages } from '../journal/tables.ts'
import { scripts } from '../scripts/tables.ts'
import { timelineItems } from '../timeline/tables.ts'

/** What a sandbox holds, beside its keys: a copy holds it too. */
export function tablesHeld(modules: readonly ApiModule[]): SandboxTable[] {
  return [...modules.flatMap(({ tables }) => tables), timelineItems]
}

/** What was done to a sandbox and what happened in it: never copied, and gone when the sandbox is reset or restored. */
function tablesOfPast(modules: readonly ApiModule[]): SandboxTable[] {
  const own = [events, exchanges, servedPages, findings, judgements, rateWindows, scripts]
  return [...own, ...modules.flatMap(({ pastTables }) => pastTables)]
}

/**
 * Deletes a sandbox with all that is in it and its snapshots; false where there is none. No foreign key does it: checking
 * one for each of hundreds of rows costs more than copying them, and whoever adds rows has the sandbox's lock.
 */
export async function deleteSandbox(tx: Db, modules: readonly ApiModule[], id: string): Promise<boolean> {
  if (!(await lockSandbox(tx, id))) return false
  const snapshots = await tx
    .select({ id: sandboxes.id })
    .from(sandboxes)
    .where(and(eq(sandboxes.snapshotOf, id), eq(sandboxes.kind, 'snapshot')))
  await deleteWhole(tx, modules, [id, ...snapshots.map((snapshot) => snapshot.id)])
  await announce(tx, [id])
  return true
}

/** Deletes all sandboxes of a group. Answers how many there were. */
export async function deleteGroup(db: Db, modules: readonly ApiModule[], group: string): Promise<number> {
  const found = await db
    .select({ id: sandboxes.id })
    .from(sandboxes)
    .where(and(eq(sandboxes.group, group), isLive))
  let deleted = 0
  for (const { id } of found) if (await db.transaction((tx) => deleteSandbox(tx, modules, id))) deleted += 1
  return deleted
}

/** Deletes sandboxes of any kind, under the lock of the live one that they belong to. */
export async function deleteWhole(tx: Db, modules: readonly ApiModule[], ids: [string, ...string[]]): Promise<void> {
  for (const sandboxId of ids) await deletionsOf(modules).all(tx, { sandboxId })
  await tx.delete(sandboxes).where(inArray(sandboxes.id, ids))
}

/** Deletes what a sandbox holds and what happened in it. Its keys stay. */
export async function emptySandbox(tx: Db, modules: readonly ApiModule[], id: string): Promise<void> {
  await deletionsOf(modules).allButKeys(tx, { sandboxId: id })
}

type Deletions = { all: DeleteRows; allButKeys: DeleteRows }
const deletions = new WeakMap<readonly ApiModule[], Deletions>()

function deletionsOf(modules: readonly ApiModule[]): Deletions {
  const tables = [...tablesHeld(modules), ...tablesOfPast(modules)]
  const known = deletions.get(modules) ?? { all: deletionOf([...tables, apiKeys]), allButKeys: deletionOf(tables) }
  deletions.set(modules, known)
  return known
}

/** Forgets all templates: what they hold may have been made up by an older version. */
export async function deleteTemplates(db: Db, modules: readonly ApiModule[]): Promise<void> {
  const templates = await db.select({ id: sandboxes.id }).from(sandboxes).where(eq(sandboxes.kind, 'template'))
  for (const { id } of templates) await db.transaction((tx) => deleteSandbox(tx, modules, id))
}
