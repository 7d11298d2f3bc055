import { randomBytes } from 'node:crypto'
import { and, asc, count, eq, gt } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { ScriptNotFound } from '../errors.ts'
import type { ScriptInput } from './grammar.ts'
import { scripts } from './tables.ts'
import { disarm, isScript, lengthOf } from './take.ts'

export type ScriptRow = typeof scripts.$inferSelect

/** As many scripts a sandbox may have. */
export const MOST_SCRIPTS = 1000

export async function createScript(tx: Db, sandbox: Sandbox, input: ScriptInput): Promise<ScriptRow> {
  const { operation, match = {}, steps, repeat = 1 } = input
  const [created] = await tx
    .insert(scripts)
    .values({
      sandboxId: sandbox.id,
      id: `sc_${randomBytes(6).toString('hex')}`,
      operation,
      match,
      steps,
      length: lengthOf(steps),
      rounds: roundsOf(repeat),
      createdAt: sandbox.now,
    })
    .returning()
  if (!created) throw new Error('Failed to insert a script: the database answered no row')
  await disarm(tx, sandbox.id)
  return created
}

/** `true` is without end; a number is how often all steps are gone through. */
function roundsOf(repeat: number | boolean): number | null {
  if (repeat === true) return null
  return repeat === false ? 1 : repeat
}

export async function countScripts(db: Db, sandboxId: string): Promise<number> {
  const [counted] = await db.select({ scripts: count() }).from(scripts).where(eq(scripts.sandboxId, sandboxId))
  return counted?.scripts ?? 0
}

/** Scripts in the order in which they were created. */
export function listScripts(db: Db, sandboxId: string, { after, limit }: { after: number; limit: number }) {
  return db
    .select()
    .from(scripts)
    .where(and(eq(scripts.sandboxId, sandboxId), gt(scripts.ordinal, after)))
    .orderBy(asc(scripts.ordinal))
    .limit(limit)
}

export async function getScript(db: Db, sandboxId: string, id: string): Promise<ScriptRow> {
  const [found] = await db.select().from(scripts).where(isScript({ sandboxId, id }))
  if (!found) throw new ScriptNotFound(id)
  return found
}

export async function deleteScript(tx: Db, sandboxId: string, id: string): Promise<void> {
  const deleted = await tx.delete(scripts).where(isScript({ sandboxId, id })).returning({ id: scripts.id })
  if (deleted.length === 0) throw new ScriptNotFound(id)
  await disarm(tx, sandboxId)
}

/** Lets go of every request that the script holds now. */
export async function releaseScript(tx: Db, sandboxId: string, id: string): Promise<ScriptRow> {
  const [released] = await tx
    .update(scripts)
    .set({ released: scripts.taken })
    .where(isScript({ sandboxId, id }))
    .returning()
  if (!released) throw new ScriptNotFound(id)
  return released
}
