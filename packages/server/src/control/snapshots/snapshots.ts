import { randomUUID } from 'node:crypto'
import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { lockSandbox, nextRevision, reviseSandbox } from '../../sandbox/queries.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { SnapshotExists, SnapshotNotFound, TooManySnapshots } from '../errors.ts'
import { copiedFields, copyContents, lockOriginal } from '../sandboxes/copy.ts'
import type { Makers } from '../sandboxes/create.ts'
import { deleteWhole, emptySandbox } from '../sandboxes/remove.ts'
import { timelineItems } from '../timeline/tables.ts'

/** As many snapshots a sandbox may have, where no quota says otherwise. */
const MOST_SNAPSHOTS = 100

/** Where one snapshot of a sandbox is. */
type Target = { sandboxId: string; name: string }

const shown = { name: sandboxes.name, at: sandboxes.clockAt, createdAt: sandboxes.createdAt }
export type SnapshotRow = { name: string; at: Date; createdAt: Date }

/** Remembers the state of a sandbox under a name. */
export async function createSnapshot(
  { deps, modules }: Makers,
  { sandboxId, name, most = MOST_SNAPSHOTS }: Target & { most?: number },
): Promise<SnapshotRow> {
  return deps.db.transaction(async (tx) => {
    const original = await lockOriginal(tx, sandboxId)
    if (!original) throw new SandboxNotFound(sandboxId)
    if (await findSnapshotId(tx, { sandboxId, name })) throw new SnapshotExists(name)
    const [counted] = await tx.select({ count: count() }).from(sandboxes).where(isSnapshotOf(sandboxId))
    if ((counted?.count ?? 0) >= most) throw new TooManySnapshots(most)
    const id = `snapshot_${randomUUID()}`
    const [snapshot] = await tx
      .insert(sandboxes)
      .values({
        ...original,
        id,
        kind: 'snapshot',
        snapshotOf: sandboxId,
        name,
        group: null,
        ttlMs: null,
        timelineAt: null,
        token: '',
        createdAt: realNow,
        clockReal: realNow,
        revision: nextRevision,
      })
      .returning(shown)
    if (!snapshot) throw new Error(`Failed to insert snapshot ${name}: the database answered no row`)
    await copyContents(tx, modules, { from: sandboxId, to: id, keys: 'remembered' })
    return snapshot
  })
}

export function listSnapshots(db: Db, sandboxId: string, { after, limit }: { after: string; limit: number }) {
  return db
    .select(shown)
    .from(sandboxes)
    .where(and(isSnapshotOf(sandboxId), gt(sandboxes.name, after)))
    .orderBy(asc(sandboxes.name))
    .limit(limit)
}

/**
 * Makes a sandbox what it was when the snapshot was made, its clock too, which goes on from there. It keeps its id and its
 * token. What was done to it and what happened in it is forgotten.
 */
export async function restoreSnapshot({ deps, modules }: Makers, { sandboxId, name }: Target): Promise<void> {
  await deps.db.transaction(async (tx) => {
    if (!(await reviseSandbox(tx, sandboxId))) throw new SandboxNotFound(sandboxId)
    const [snapshot] = await tx
      .select({ id: sandboxes.id, state: { ...copiedFields, clockAt: sandboxes.clockAt } })
      .from(sandboxes)
      .where(isSnapshot({ sandboxId, name }))
    if (!snapshot) throw new SnapshotNotFound(name)
    await emptySandbox(tx, modules, sandboxId)
    await tx.delete(apiKeys).where(eq(apiKeys.sandboxId, sandboxId))
    await copyContents(tx, modules, { from: snapshot.id, to: sandboxId, keys: 'valid' })
    const timelineAt = sql`(select min(${timelineItems.nextAt}) from ${timelineItems}
      where ${timelineItems.sandboxId} = ${sandboxId})`
    await tx
      .update(sandboxes)
      .set({
        ...snapshot.state,
        clockReal: realNow,
        walkTo: null,
        timelineAt,
        isScripted: false,
        journalFrom: sql`${sandboxes.revision}`,
      })
      .where(eq(sandboxes.id, sandboxId))
  })
  for (const module of modules) await module.tidy?.(deps)
  for (const module of modules) await module.wakeDue?.(deps)
}

/** Forgets a snapshot, and the files that only it referred to. */
export async function deleteSnapshot({ deps, modules }: Makers, { sandboxId, name }: Target): Promise<void> {
  await deps.db.transaction(async (tx) => {
    // Under the lock of the sandbox, as everything that reads or writes its snapshots is.
    if (!(await lockSandbox(tx, sandboxId))) throw new SandboxNotFound(sandboxId)
    const id = await findSnapshotId(tx, { sandboxId, name })
    if (id === undefined) throw new SnapshotNotFound(name)
    await deleteWhole(tx, modules, [id])
  })
  for (const module of modules) await module.tidy?.(deps)
}

async function findSnapshotId(tx: Db, target: Target): Promise<string | undefined> {
  const [found] = await tx.select({ id: sandboxes.id }).from(sandboxes).where(isSnapshot(target))
  return found?.id
}

function isSnapshotOf(sandboxId: string) {
  return and(eq(sandboxes.snapshotOf, sandboxId), eq(sandboxes.kind, 'snapshot'))
}

function isSnapshot({ sandboxId, name }: Target) {
  return and(isSnapshotOf(sandboxId), eq(sandboxes.name, name))
}
