import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { isAmong } from '../../../ports/database/insert.ts'
import { expandBulk } from '../../../sandbox/bulk.ts'
import { deleteKeysOf, issueKey } from '../../../sandbox/keys.ts'
import { takeNumbers } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { inOrder } from '../../../wire/control-types.ts'
import { NoWorkspace, WorkspaceExists, WorkspaceNotFound } from '../errors.ts'
import { keyRules } from '../keys.ts'
import { makeWorkspace } from '../seed.ts'
import { exportJobs, memories, workspaces } from '../tables.ts'
import type { WorkspaceInput, WorkspacesInput } from './schemas.ts'

const shown = { id: workspaces.id, name: workspaces.name }

/** Creates a workspace with a key of its own. */
export async function createWorkspace(tx: Db, sandbox: Sandbox, input: WorkspaceInput, { initial = false } = {}) {
  const created = await insertWorkspace(tx, sandbox, input)
  const apiKey = await issueKey(tx, sandbox, { api: 'memsolus', rules: keyRules, ownerId: created.id, initial })
  return { ...created, apiKey }
}

/** Creates the workspaces of a bulk body. */
export async function createWorkspaces(tx: Db, sandbox: Sandbox, body: WorkspacesInput) {
  const inputs: WorkspaceInput[] = expandBulk(body, { idField: 'id' })
  return inOrder(inputs, (input) => createWorkspace(tx, sandbox, input))
}

export async function insertWorkspace(tx: Db, sandbox: Sandbox, { id, name }: WorkspaceInput) {
  const made = makeWorkspace({ seed: sandbox.seed, index: await takeNumbers(tx, sandbox.id, 1) })
  const values = { id: id ?? made.id, name: name ?? made.name }
  const [created] = await tx
    .insert(workspaces)
    .values({ sandboxId: sandbox.id, createdAt: sandbox.now, ...values })
    .onConflictDoNothing()
    .returning(shown)
  if (!created) throw new WorkspaceExists(values.id)
  return created
}

export function listWorkspaces(db: Db, sandboxId: string, { after, limit }: { after: string; limit: number }) {
  return db
    .select(shown)
    .from(workspaces)
    .where(and(eq(workspaces.sandboxId, sandboxId), gt(workspaces.id, after)))
    .orderBy(asc(workspaces.id))
    .limit(limit)
}

/** The workspace with this id, or the sandbox's first one. Throws where there is none. */
export async function findWorkspace(db: Db, sandboxId: string, id: string | undefined) {
  if (id === undefined) {
    const [first] = await firstWorkspace(db, sandboxId)
    if (!first) throw new NoWorkspace()
    return first
  }
  const [found] = await db.select(shown).from(workspaces).where(isWorkspace(sandboxId, id))
  if (!found) throw new WorkspaceNotFound(id)
  return found
}

/** The workspace that was created before all others, where there is one. */
export function firstWorkspace(db: Db, sandboxId: string) {
  return db
    .select(shown)
    .from(workspaces)
    .where(eq(workspaces.sandboxId, sandboxId))
    .orderBy(asc(workspaces.ordinal))
    .limit(1)
}

/** The workspace of each object that is to be created: its own, or else the sandbox's first one. */
export async function resolveWorkspaces(tx: Db, sandboxId: string, inputs: readonly { workspaceId?: string }[]) {
  const named = [...new Set(inputs.flatMap(({ workspaceId }) => workspaceId ?? []))]
  const known = await tx
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.sandboxId, sandboxId), isAmong(workspaces.id, named)))
  const unknown = named.find((id) => !known.some((workspace) => workspace.id === id))
  if (unknown !== undefined) throw new WorkspaceNotFound(unknown)
  const needsFirst = inputs.some(({ workspaceId }) => workspaceId === undefined)
  const first = needsFirst ? await findWorkspace(tx, sandboxId, undefined) : undefined
  return inputs.map(({ workspaceId }) => workspaceId ?? first?.id)
}

export async function renameWorkspace(tx: Db, sandboxId: string, id: string, { name }: { name?: string }) {
  const [changed] = await tx
    .update(workspaces)
    .set({ name: name ?? sql`${workspaces.name}` })
    .where(isWorkspace(sandboxId, id))
    .returning(shown)
  if (!changed) throw new WorkspaceNotFound(id)
  return changed
}

/** Deletes a workspace with its memories, its exports and its keys. */
export async function deleteWorkspace(tx: Db, sandbox: Sandbox, id: string): Promise<void> {
  const sandboxId = sandbox.id
  await tx.delete(exportJobs).where(and(eq(exportJobs.sandboxId, sandboxId), eq(exportJobs.workspaceId, id)))
  await tx.delete(memories).where(and(eq(memories.sandboxId, sandboxId), eq(memories.workspaceId, id)))
  await deleteKeysOf(tx, sandbox, { api: 'memsolus', ownerId: id })
  const deleted = await tx.delete(workspaces).where(isWorkspace(sandboxId, id)).returning(shown)
  if (deleted.length === 0) throw new WorkspaceNotFound(id)
}

function isWorkspace(sandboxId: string, id: string) {
  return and(eq(workspaces.sandboxId, sandboxId), eq(workspaces.id, id))
}
