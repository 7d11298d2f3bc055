import { and, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { runs, runVersions } from '../tables.ts'

/**
 * Keeps what runs are before they are changed or deleted under the sandbox's new revision, so that it is known later what
 * was there for whoever read it. What came into being under the very same revision was never seen, and is not kept.
 */
export async function keepVersions(tx: Db, { id, revision }: Sandbox, which: SQL | undefined): Promise<void> {
  await tx.insert(runVersions).select(
    tx
      .select({
        sandboxId: runs.sandboxId,
        runId: runs.id,
        version: runs.version,
        until: sql<number>`${revision}::bigint`.as('until'),
        motionId: runs.motionId,
        status: runs.status,
        createdAt: runs.createdAt,
        updatedAt: runs.updatedAt,
      })
      .from(runs)
      .where(and(eq(runs.sandboxId, id), lt(runs.version, revision), which)),
  )
}
