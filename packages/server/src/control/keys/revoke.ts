import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { apiKeys } from '../../sandbox/tables.ts'
import { KeyNotFound } from '../errors.ts'

/** Makes a key good for nothing, from its first revocation on. Throws where the sandbox has no such key. */
export async function revokeKey(tx: Db, sandbox: Sandbox, key: string): Promise<void> {
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${sql.param(sandbox.now, apiKeys.revokedAt)})` })
    .where(and(eq(apiKeys.sandboxId, sandbox.id), eq(apiKeys.key, key)))
    .returning({ key: apiKeys.key })
  if (revoked.length === 0) throw new KeyNotFound()
}
