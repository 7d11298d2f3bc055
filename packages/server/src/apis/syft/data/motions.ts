import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { isAmong } from '../../../ports/database/insert.ts'
import { expandBulk } from '../../../sandbox/bulk.ts'
import { takeNumbers } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { inOrder } from '../../../wire/control-types.ts'
import { MotionExists, NoMotion, UnknownMotion } from '../errors.ts'
import { makeMotion } from '../seed.ts'
import { motions, runs } from '../tables.ts'
import { findOrganization } from './organizations.ts'
import type { MotionInput, MotionsInput } from './schemas.ts'
import { keepVersions } from './versions.ts'

const shown = { id: motions.id, name: motions.name, organizationId: motions.organizationId }

/** Creates a motion; it goes to the sandbox's first organization unless told otherwise. */
export async function createMotion(tx: Db, sandbox: Sandbox, { id, name, organizationId }: MotionInput) {
  const owner = await findOrganization(tx, sandbox.id, organizationId)
  const made = makeMotion({ seed: sandbox.seed, index: await takeNumbers(tx, sandbox.id, 1) })
  const values = { id: id ?? made.id, name: name ?? made.name, organizationId: owner.id }
  const [created] = await tx
    .insert(motions)
    .values({ sandboxId: sandbox.id, createdAt: sandbox.now, ...values })
    .onConflictDoNothing()
    .returning(shown)
  if (!created) throw new MotionExists(values.id)
  return created
}

/** Creates the motions of a bulk body. */
export async function createMotions(tx: Db, sandbox: Sandbox, body: MotionsInput) {
  const inputs: MotionInput[] = expandBulk(body, { idField: 'id', ownerField: 'organizationId' })
  return inOrder(inputs, (input) => createMotion(tx, sandbox, input))
}

export async function listMotions(db: Db, sandboxId: string, { after, limit }: { after: string; limit: number }) {
  return db
    .select(shown)
    .from(motions)
    .where(and(eq(motions.sandboxId, sandboxId), gt(motions.id, after)))
    .orderBy(asc(motions.id))
    .limit(limit)
}

export async function getMotion(db: Db, sandboxId: string, id: string) {
  const [found] = await db.select(shown).from(motions).where(isMotion(sandboxId, id))
  if (!found) throw new UnknownMotion(id)
  return found
}

/** Changes what is given of a motion: its name, and whose it is. */
export async function changeMotion(tx: Db, sandboxId: string, id: string, { name, organizationId }: MotionInput) {
  const owner = organizationId === undefined ? undefined : await findOrganization(tx, sandboxId, organizationId)
  const [changed] = await tx
    .update(motions)
    .set({ name: name ?? sql`${motions.name}`, organizationId: owner?.id ?? sql`${motions.organizationId}` })
    .where(isMotion(sandboxId, id))
    .returning(shown)
  if (!changed) throw new UnknownMotion(id)
  return changed
}

/** Deletes a motion and its runs. */
export async function deleteMotion(tx: Db, sandbox: Sandbox, id: string): Promise<void> {
  await keepVersions(tx, sandbox, eq(runs.motionId, id))
  await tx.delete(runs).where(and(eq(runs.sandboxId, sandbox.id), eq(runs.motionId, id)))
  const deleted = await tx.delete(motions).where(isMotion(sandbox.id, id)).returning(shown)
  if (deleted.length === 0) throw new UnknownMotion(id)
}

/** The motion of each run that is to be created: its own, or else the sandbox's first one. */
export async function resolveMotions(tx: Db, sandboxId: string, inputs: readonly { motionId?: string }[]) {
  const named = [...new Set(inputs.flatMap(({ motionId }) => motionId ?? []))]
  const known = await tx
    .select({ id: motions.id })
    .from(motions)
    .where(and(eq(motions.sandboxId, sandboxId), isAmong(motions.id, named)))
  const unknown = named.find((id) => !known.some((motion) => motion.id === id))
  if (unknown !== undefined) throw new UnknownMotion(unknown)
  const first = inputs.some(({ motionId }) => motionId === undefined) ? await firstMotion(tx, sandboxId) : undefined
  return inputs.map(({ motionId }) => motionId ?? first)
}

async function firstMotion(tx: Db, sandboxId: string): Promise<string> {
  const [first] = await tx
    .select({ id: motions.id })
    .from(motions)
    .where(eq(motions.sandboxId, sandboxId))
    .orderBy(asc(motions.ordinal))
    .limit(1)
  if (!first) throw new NoMotion()
  return first.id
}

function isMotion(sandboxId: string, id: string) {
  return and(eq(motions.sandboxId, sandboxId), eq(motions.id, id))
}
