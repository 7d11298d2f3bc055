import { randomBytes } from 'node:crypto'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ApiModule, KeyRules } from '../api-module.ts'
import type { Db } from '../ports/database/database.ts'
import { insertRows } from '../ports/database/insert.ts'
import type { Sandbox } from './sandbox.ts'
import { apiKeys } from './tables.ts'

/**
 * Issues a key for an organization or workspace; made up unless it is given. An initial one that is there already, as after
 * a reset, stays. Answers the key.
 */
export async function issueKey(
  tx: Db,
  sandbox: Sandbox,
  { api, rules, ownerId, permissions = rules.permissions, key = madeUpKey(rules), initial = false }: NewKey,
): Promise<string> {
  if (initial) {
    const [known] = await tx
      .select({ key: apiKeys.key })
      .from(apiKeys)
      .where(and(isKeyOf(sandbox.id, { api, ownerId }), eq(apiKeys.initial, true)))
    if (known) return known.key
  }
  await tx.insert(apiKeys).values({
    sandboxId: sandbox.id,
    key,
    api,
    ownerId,
    permissions: [...permissions],
    initial,
    createdAt: sandbox.now,
  })
  return key
}
type NewKey = {
  api: string
  rules: Pick<KeyRules, 'prefix' | 'permissions'>
  ownerId: string
  permissions?: readonly string[]
  key?: string
  initial?: boolean
}

/** Looks like the vendor's, and its prefix says that it is nobody's secret (X-KEY-1c). */
function madeUpKey({ prefix }: Pick<KeyRules, 'prefix'>): string {
  return prefix + randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')
}

/** Gives a new sandbox a key for the first owner of each API, so that a client can begin. */
export async function issueFirstKeys(
  tx: Db,
  sandbox: Sandbox,
  modules: readonly Pick<ApiModule, 'name' | 'keys'>[],
  { wellKnown }: { wellKnown: boolean },
): Promise<void> {
  const rows = modules.map(({ name, keys }) => ({
    sandboxId: sandbox.id,
    key: wellKnown ? keys.wellKnown : madeUpKey(keys),
    api: name,
    ownerId: sql<string>`(select id from ${keys.firstOwner(tx, sandbox.id)} as first)`,
    permissions: [...keys.permissions],
    initial: true,
    createdAt: sandbox.now,
  }))
  await tx.insert(apiKeys).values(rows)
}

/** Gives a copy of a sandbox keys of its own, each for the same owner and with the same permissions as one of the original. */
export async function issueKeysLike(
  tx: Db,
  modules: readonly Pick<ApiModule, 'name' | 'keys'>[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (const { name, keys } of modules) {
    const ofApi = and(eq(apiKeys.sandboxId, from), eq(apiKeys.api, name))
    const originals = await tx.select().from(apiKeys).where(ofApi)
    const own = originals.map((original) => ({ ...original, sandboxId: to, key: madeUpKey(keys) }))
    await insertRows(tx, apiKeys, own)
  }
}

/** Takes the keys of an owner that is deleted. Initial ones are only revoked, as a reset brings them and their owner back. */
export async function deleteKeysOf(tx: Db, sandbox: Sandbox, { api, ownerId }: { api: string; ownerId: string }) {
  const keys = isKeyOf(sandbox.id, { api, ownerId })
  await tx.delete(apiKeys).where(and(keys, eq(apiKeys.initial, false)))
  await tx
    .update(apiKeys)
    .set({ revokedAt: sandbox.now })
    .where(and(keys, isNull(apiKeys.revokedAt)))
}

function isKeyOf(sandboxId: string, { api, ownerId }: { api: string; ownerId: string }) {
  return and(eq(apiKeys.sandboxId, sandboxId), eq(apiKeys.api, api), eq(apiKeys.ownerId, ownerId))
}
