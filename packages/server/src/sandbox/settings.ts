import { eq } from 'drizzle-orm'
import type { Db } from '../ports/database/database.ts'
import type { Sandbox } from './sandbox.ts'
import { sandboxes } from './tables.ts'

/** Sets the settings of the named APIs and leaves those of others. */
export async function changeSettings(tx: Db, sandbox: Sandbox, changes: Record<string, unknown>): Promise<void> {
  const settings = { ...sandbox.settings, ...changes }
  await tx.update(sandboxes).set({ settings }).where(eq(sandboxes.id, sandbox.id))
}
