import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { expandBulk } from '../../../sandbox/bulk.ts'
import { deleteKeysOf, issueKey } from '../../../sandbox/keys.ts'
import { takeNumbers } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { inOrder } from '../../../wire/control-types.ts'
import { NoOrganization, OrganizationExists, UnknownOrganization } from '../errors.ts'
import { keyRules } from '../keys.ts'
import { makeOrganization } from '../seed.ts'
import { motions, organizations, runs } from '../tables.ts'
import type { OrganizationInput, OrganizationsInput } from './schemas.ts'
import { keepVersions } from './versions.ts'

const shown = { id: organizations.id, name: organizations.name, plan: organizations.plan }

/** Creates an organization with a key of its own. */
export async function createOrganization(tx: Db, sandbox: Sandbox, input: OrganizationInput, { initial = false } = {}) {
  const created = await insertOrganization(tx, sandbox, input)
  const secretKey = await issueKey(tx, sandbox, { api: 'syft', rules: keyRules, ownerId: created.id, initial })
  return { ...created, secretKey }
}

/** Creates the organizations of a bulk body. */
export async function createOrganizations(tx: Db, sandbox: Sandbox, body: OrganizationsInput) {
  const inputs: OrganizationInput[] = expandBulk(body, { idField: 'id' })
  return inOrder(inputs, (input) => createOrganization(tx, sandbox, input))
}

export async function insertOrganization(tx: Db, sandbox: Sandbox, { id, name, plan = 'pro' }: OrganizationInput) {
  const made = makeOrganization({ seed: sandbox.seed, index: await takeNumbers(tx, sandbox.id, 1) })
  const values = { id: id ?? made.id, name: name ?? made.name, plan }
  const [created] = await tx
    .insert(organizations)
    .values({ sandboxId: sandbox.id, createdAt: sandbox.now, ...values })
    .onConflictDoNothing()
    .returning(shown)
  if (!created) throw new OrganizationExists(values.id)
  return created
}

export async function listOrganizations(db: Db, sandboxId: string, { after, limit }: { after: string; limit: number }) {
  return db
    .select(shown)
    .from(organizations)
    .where(and(eq(organizations.sandboxId, sandboxId), gt(organizations.id, after)))
    .orderBy(asc(organizations.id))
    .limit(limit)
}

/** The organization with this id, or the sandbox's first one. */
export async function findOrganization(db: Db, sandboxId: string, id: string | undefined) {
  if (id === undefined) {
    const [first] = await firstOrganization(db, sandboxId)
    if (!first) throw new NoOrganization()
    return first
  }
  const [found] = await db.select(shown).from(organizations).where(isOrganization(sandboxId, id))
  if (!found) throw new UnknownOrganization(id)
  return found
}

/** The organization that was created before all others, where there is one. */
export function firstOrganization(db: Db, sandboxId: string) {
  return db
    .select(shown)
    .from(organizations)
    .where(eq(organizations.sandboxId, sandboxId))
    .orderBy(asc(organizations.ordinal))
    .limit(1)
}

export async function changeOrganization(tx: Db, sandboxId: string, id: string, { name, plan }: OrganizationInput) {
  const [changed] = await tx
    .update(organizations)
    .set({ name: name ?? sql`${organizations.name}`, plan: plan ?? sql`${organizations.plan}` })
    .where(isOrganization(sandboxId, id))
    .returning(shown)
  if (!changed) throw new UnknownOrganization(id)
  return changed
}

/** Deletes an organization with its motions, their runs and its keys. */
export async function deleteOrganization(tx: Db, sandbox: Sandbox, id: string): Promise<void> {
  const sandboxId = sandbox.id
  const owned = tx
    .select({ id: motions.id })
    .from(motions)
    .where(and(eq(motions.sandboxId, sandboxId), eq(motions.organizationId, id)))
  await keepVersions(tx, sandbox, inArray(runs.motionId, owned))
  await tx.delete(runs).where(and(eq(runs.sandboxId, sandboxId), inArray(runs.motionId, owned)))
  await tx.delete(motions).where(and(eq(motions.sandboxId, sandboxId), eq(motions.organizationId, id)))
  await deleteKeysOf(tx, sandbox, { api: 'syft', ownerId: id })
  const deleted = await tx.delete(organizations).where(isOrganization(sandboxId, id)).returning(shown)
  if (deleted.length === 0) throw new UnknownOrganization(id)
}

function isOrganization(sandboxId: string, id: string) {
  return and(eq(organizations.sandboxId, sandboxId), eq(organizations.id, id))
}
