import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { insertRows, isAmong } from '../../../ports/database/insert.ts'
import { expandBulk, type Interval, inPieces, refuseTwice } from '../../../sandbox/bulk.ts'
import { takeNumbers } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { parseInstant } from '../../../wire/instant.ts'
import { invalid } from '../../../wire/validation.ts'
import { MemoryExists, MemoryNotFound } from '../errors.ts'
import { memoryColumns, toExported } from '../render/memories.ts'
import { loadMemsolusPools, type MadeMemory, makeMemory } from '../seed.ts'
import { memories } from '../tables.ts'
import type { MemoriesInput, MemoryInput, MemoryPatch } from './schemas.ts'
import { resolveWorkspaces } from './workspaces.ts'

type NewMemory = typeof memories.$inferInsert

/**
 * Creates memories and answers their ids in order. What is not given is made up from the seed. Without `created_at` a
 * memory is created now, or is somewhere in `spread`.
 */
export async function createMemories(
  tx: Db,
  sandbox: Sandbox,
  input: MemoriesInput,
  spread?: Interval,
): Promise<string[]> {
  const inputs: MemoryInput[] = expandBulk(input, {
    idField: 'id',
    ownerField: 'workspaceId',
    createdField: 'created_at',
    spread,
  })
  const workspaceIds = await resolveWorkspaces(tx, sandbox.id, inputs)
  const first = await takeNumbers(tx, sandbox.id, inputs.length)
  const pools = await loadMemsolusPools(sandbox.seed)
  const created: string[] = []
  for (const piece of inPieces(inputs)) {
    const rows = piece.map(([given, position]) => {
      const made = makeMemory(pools, { seed: sandbox.seed, index: first + position })
      const workspaceId = workspaceIds[position] ?? ''
      return completeMemory(sandbox, given, { made, workspaceId, path: input.items ? `/items/${position}` : '' })
    })
    const ids = rows.map(({ id }) => id)
    refuseTwice(ids, MemoryExists)
    const [known] = await tx
      .select({ id: memories.id })
      .from(memories)
      .where(and(eq(memories.sandboxId, sandbox.id), isAmong(memories.id, ids)))
      .limit(1)
    if (known) throw new MemoryExists(known.id)
    await insertRows(tx, memories, rows)
    created.push(...ids)
  }
  return created
}

/** Changes a memory: its `updated_at` moves to now unless it is given. Throws where there is none. */
export async function updateMemory(tx: Db, sandbox: Sandbox, id: string, patch: MemoryPatch): Promise<void> {
  const [before] = await tx.select().from(memories).where(isMemory(sandbox.id, id))
  if (!before) throw new MemoryNotFound(id)
  const after = { ...before, updatedAt: sandbox.now, ...givenColumns(patch) }
  refuseBackwards(after, '')
  await tx.update(memories).set(after).where(isMemory(sandbox.id, id))
}

/** Changes memories alike. Throws where one of them is not there. */
export async function updateMemories(tx: Db, sandbox: Sandbox, ids: readonly string[], patch: MemoryPatch) {
  for (const id of new Set(ids)) await updateMemory(tx, sandbox, id, patch)
}

/** Deletes memories. Throws where one of them is not there. */
export async function deleteMemories(tx: Db, sandbox: Sandbox, ids: readonly string[]): Promise<void> {
  const deleted = await tx
    .delete(memories)
    .where(and(eq(memories.sandboxId, sandbox.id), isAmong(memories.id, ids)))
    .returning({ id: memories.id })
  const gone = new Set(deleted.map(({ id }) => id))
  const missing = ids.find((id) => !gone.has(id))
  if (missing !== undefined) throw new MemoryNotFound(missing)
}

/** Memories by id, as they are shown, after the one with the id `after`. */
export async function listMemories(db: Db, sandboxId: string, { workspaceId, after, limit }: ListOptions) {
  const rows = await selectMemories(db)
    .where(
      and(
        eq(memories.sandboxId, sandboxId),
        workspaceId === undefined ? undefined : eq(memories.workspaceId, workspaceId),
        gt(memories.id, after),
      ),
    )
    .orderBy(asc(memories.id))
    .limit(limit)
  return rows.map(showMemory)
}
type ListOptions = { workspaceId?: string | undefined; after: string; limit: number }

/** A memory, as it is shown. Throws where there is none. */
export async function getMemory(db: Db, sandboxId: string, id: string) {
  const [found] = await selectMemories(db).where(isMemory(sandboxId, id))
  if (!found) throw new MemoryNotFound(id)
  return showMemory(found)
}

const selectMemories = (db: Db) => db.select(memoryColumns).from(memories)

function showMemory(row: Parameters<typeof toExported>[0]) {
  const { metadata, ...memory } = toExported(row)
  return { ...memory, metadata: JSON.parse(metadata) as Record<string, unknown> }
}

function completeMemory(sandbox: Sandbox, input: MemoryInput, { made, workspaceId, path }: Completion): NewMemory {
  const given = givenColumns(input)
  const createdAt = given.createdAt ?? sandbox.now
  // Made-up instants follow the creation, but are not later than now.
  const latest = Math.max(createdAt.getTime(), sandbox.now.getTime())
  const afterCreation = (ms: number) => new Date(Math.min(createdAt.getTime() + ms, latest))
  const row: NewMemory = {
    sandboxId: sandbox.id,
    id: input.id ?? made.id,
    workspaceId,
    memory: made.memory,
    userId: made.user_id,
    agentId: made.agent_id,
    sessionId: made.session_id,
    priority: made.priority,
    categories: made.categories,
    metadata: made.metadata,
    accessCount: made.access_count,
    lastAccessedAt: made.lastAccessedAfterMs === null ? null : afterCreation(made.lastAccessedAfterMs),
    revision: sandbox.revision,
    updatedAt: afterCreation(made.updatedAfterMs),
    ...given,
    createdAt,
  }
  refuseBackwards(row, path)
  return row
}
type Completion = { made: MadeMemory; workspaceId: string; path: string }

/** The columns that a checked body gives. */
function givenColumns(input: MemoryPatch): Partial<NewMemory> {
  const columns = {
    memory: input.memory,
    userId: input.user_id,
    agentId: input.agent_id,
    sessionId: input.session_id,
    priority: input.priority,
    categories: input.categories,
    metadata: input.metadata,
    accessCount: input.access_count,
    lastAccessedAt: input.last_accessed_at && instantOf(input.last_accessed_at),
    createdAt: input.created_at === undefined ? undefined : instantOf(input.created_at),
    updatedAt: input.updated_at === undefined ? undefined : instantOf(input.updated_at),
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

/** An instant that the schema has checked, cut to milliseconds. */
function instantOf(text: string): Date {
  return new Date(parseInstant(text)?.floor ?? Number.NaN)
}

function refuseBackwards({ createdAt, updatedAt }: NewMemory, path: string) {
  if (updatedAt < createdAt) {
    const instants = `${updatedAt.toISOString()} is before ${createdAt.toISOString()}`
    throw invalid(`${path}/updated_at`, `A memory cannot be updated before it is created: ${instants}`)
  }
}

function isMemory(sandboxId: string, id: string) {
  return and(eq(memories.sandboxId, sandboxId), eq(memories.id, id))
}
