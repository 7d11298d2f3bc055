import { eq } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import { lockSandbox } from '../../sandbox/queries.ts'
import { apiKeys, events, sandboxes } from '../../sandbox/tables.ts'
import { clearTimeline } from '../timeline/items.ts'

/**
 * Deletes a sandbox with all that is in it; false where there is none. No foreign key does it: checking one for each of
 * hundreds of rows costs more than copying them, and whoever adds rows has the sandbox's lock.
 */
export async function deleteSandbox(tx: Db, modules: readonly ApiModule[], id: string): Promise<boolean> {
  if (!(await lockSandbox(tx, id))) return false
  await emptySandbox(tx, modules, id)
  await tx.delete(apiKeys).where(eq(apiKeys.sandboxId, id))
  await tx.delete(sandboxes).where(eq(sandboxes.id, id))
  return true
}

/** Deletes what a sandbox holds and what happened in it. Its keys stay. */
export async function emptySandbox(tx: Db, modules: readonly ApiModule[], id: string): Promise<void> {
  for (const table of modules.flatMap(({ tables, history = [] }) => [...tables, ...history])) {
    await tx.delete(table).where(eq(table.sandboxId, id))
  }
  await tx.delete(events).where(eq(events.sandboxId, id))
  await clearTimeline(tx, id)
}

/** Forgets all templates: what they hold may have been made up by an older version. */
export async function deleteTemplates(db: Db, modules: readonly ApiModule[]): Promise<void> {
  const templates = await db.select({ id: sandboxes.id }).from(sandboxes).where(eq(sandboxes.kind, 'template'))
  for (const { id } of templates) await db.transaction((tx) => deleteSandbox(tx, modules, id))
}
