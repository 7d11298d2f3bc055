import type { Db } from '../ports/database/database.ts'
import { SandboxNotFound } from './errors.ts'
import { findSandbox, reviseSandbox } from './queries.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * Changes the data of a sandbox in one transaction, under its lock and its next revision. `prepare` does beforehand what
 * would keep the database waiting. Throws where the sandbox is gone.
 */
export async function changeSandbox<T>(
  db: Db,
  sandboxId: string,
  change: (tx: Db, sandbox: Sandbox) => Promise<T>,
  { prepare }: { prepare?: (sandbox: Sandbox) => Promise<unknown> } = {},
): Promise<T> {
  if (prepare) {
    const before = await findSandbox(db, sandboxId)
    if (!before) throw new SandboxNotFound(sandboxId)
    await prepare(before)
  }
  return db.transaction(async (tx) => {
    const sandbox = await reviseSandbox(tx, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    return change(tx, sandbox)
  })
}
