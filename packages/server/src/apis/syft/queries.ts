import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { sandboxFields } from '../../sandbox/queries.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { motions, organizations } from './tables.ts'

/** Who a key speaks for, and the sandbox as it is now: the one row that every request reads first. */
export async function findCaller(db: Db, key: string) {
  const [found] = await db
    .select({ sandbox: sandboxFields, organizationId: organizations.id, plan: organizations.plan })
    .from(apiKeys)
    .innerJoin(sandboxes, eq(sandboxes.id, apiKeys.sandboxId))
    .innerJoin(
      organizations,
      and(eq(organizations.sandboxId, apiKeys.sandboxId), eq(organizations.id, apiKeys.ownerId)),
    )
    .where(and(eq(apiKeys.key, key), eq(apiKeys.api, 'syft'), isNull(apiKeys.revokedAt)))
  return found
}

/** Whether a motion exists and belongs to the organization. */
export async function hasMotion(db: Db, sandboxId: string, motion: { id: string; organizationId: string }) {
  const { id, organizationId } = motion
  const [found] = await db
    .select({ id: motions.id })
    .from(motions)
    .where(and(eq(motions.sandboxId, sandboxId), eq(motions.id, id), eq(motions.organizationId, organizationId)))
  return found !== undefined
}
