import type { Db } from '../ports/database/database.ts'
import { SandboxNotFound } from './errors.ts'
import { findSandbox, recordEvent, reviseSandbox } from './queries.ts'
import type { Sandbox } from './sandbox.ts'

/** What a change is to, such as `syft.runs`, and what is done to it; or the action that it is. */
type Told = { what: string; how: 'created' | 'changed' | 'deleted' } | { action: string }

/**
 * Changes the data of a sandbox in one transaction, under its lock and its next revision. `prepare` does beforehand what
 * would keep the database waiting; `told` is told to whoever follows the sandbox. Throws where the sandbox is gone.
 */
export async function changeSandbox<T>(
  db: Db,
  sandboxId: string,
  change: (tx: Db, sandbox: Sandbox) => Promise<T>,
  { prepare, told }: { prepare?: (sandbox: Sandbox) => Promise<unknown>; told?: Told } = {},
): Promise<T> {
  if (prepare) {
    const before = await findSandbox(db, sandboxId)
    if (!before) throw new SandboxNotFound(sandboxId)
    await prepare(before)
  }
  return db.transaction(async (tx) => {
    const sandbox = await reviseSandbox(tx, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    const answer = await change(tx, sandbox)
    if (told) await recordChange(tx, sandbox, told, answer)
    return answer
  })
}

/** Records that data was changed. `about` is the answer or the body that says how much of it. */
export async function recordChange(tx: Db, { id, now }: Sandbox, told: Told, about: unknown): Promise<void> {
  await recordEvent(tx, id, { at: now, type: 'data.changed', data: { ...told, count: countOf(about) } })
}

/** How many things a body or an answer is about: its items, its count, its list of ids, or one. */
function countOf(about: unknown): number {
  if (typeof about !== 'object' || about === null) return 1
  if (Array.isArray(about)) return about.length
  const { items, count } = about as { items?: unknown; count?: unknown }
  if (Array.isArray(items)) return items.length
  if (typeof count === 'number') return count
  const ids = Object.entries(about).find(([name, value]) => name.endsWith('Ids') && Array.isArray(value))?.[1]
  return Array.isArray(ids) ? ids.length : 1
}
