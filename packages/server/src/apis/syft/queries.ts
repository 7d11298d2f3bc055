import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { motions, organizations } from './tables.ts'

/** What an organization may see: its plan, and whether a motion exists and is its own. Undefined where it is gone. */
export async function findAccess(
  db: Db,
  sandboxId: string,
  { organizationId, motionId }: { organizationId: string; motionId: string },
) {
  const isOwn = and(
    eq(motions.sandboxId, organizations.sandboxId),
    eq(motions.organizationId, organizations.id),
    eq(motions.id, motionId),
  )
  const [found] = await db
    .select({ plan: organizations.plan, hasMotion: sql<boolean>`${motions.id} is not null` })
    .from(organizations)
    .leftJoin(motions, isOwn)
    .where(and(eq(organizations.sandboxId, sandboxId), eq(organizations.id, organizationId)))
  return found
}
