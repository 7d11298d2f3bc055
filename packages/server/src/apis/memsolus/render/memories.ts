import { and, arrayOverlaps, asc, count, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { formatInstant } from '../../../wire/instant.ts'
import type { ExportSelection } from '../exports.ts'
import { memories } from '../tables.ts'
import { copiedColumns } from './fields.ts'
import type { ExportedMemory } from './format.ts'

/** So many that reading them is quick, so few that other requests are served in between. */
const BATCH = 1000

/** M-FILE-1c */
const inOrder = [asc(memories.createdAt), asc(memories.id)]

/** The memories of an export in their order, in batches. */
export async function* readMemories(db: Db, row: ExportSelection): AsyncGenerator<ExportedMemory[]> {
  let after: { createdAt: Date; id: string } | undefined
  for (;;) {
    const batch = await db
      .select(memoryColumns)
      .from(memories)
      .where(and(isExported(row), isPast(after)))
      .orderBy(...inOrder)
      .limit(BATCH)
    if (batch.length > 0) yield batch.map(toExported)
    after = batch.at(-1)
    if (!after || batch.length < BATCH) return
  }
}

/** The memories of an export in their order, as they are copied. */
export function selectCopied(row: ExportSelection): SQL {
  const columns = sql.join(
    copiedColumns.map((column) => sql`${column}`),
    sql`, `,
  )
  return sql`select ${columns} from ${memories} where ${isExported(row)} order by ${sql.join(inOrder, sql`, `)}`
}

export async function countMemories(db: Db, row: ExportSelection): Promise<number> {
  const [counted] = await db.select({ count: count() }).from(memories).where(isExported(row))
  return counted?.count ?? 0
}

/** What is shown of a memory; `metadata` is its JSON text. */
export const memoryColumns = {
  id: memories.id,
  memory: memories.memory,
  userId: memories.userId,
  agentId: memories.agentId,
  sessionId: memories.sessionId,
  priority: memories.priority,
  categories: memories.categories,
  workspaceId: memories.workspaceId,
  accessCount: memories.accessCount,
  lastAccessedAt: memories.lastAccessedAt,
  createdAt: memories.createdAt,
  updatedAt: memories.updatedAt,
  metadata: sql<string>`${memories.metadata}::text`,
}

/** M-CREATE-2, M-CREATE-3c, M-CREATE-4, M-CREATE-5c, and M-CREATE-8c: what was added after the export was created is not in it. */
function isExported(row: ExportSelection): SQL | undefined {
  return and(
    eq(memories.sandboxId, row.sandboxId),
    eq(memories.workspaceId, row.workspaceId),
    lt(memories.revision, row.revision),
    row.userId === null ? undefined : eq(memories.userId, row.userId),
    row.agentId === null ? undefined : eq(memories.agentId, row.agentId),
    row.sessionId === null ? undefined : eq(memories.sessionId, row.sessionId),
    row.priority === null ? undefined : eq(memories.priority, row.priority),
    row.categories === null ? undefined : arrayOverlaps(memories.categories, row.categories),
    row.createdAfter === null ? undefined : gt(memories.createdAt, row.createdAfter),
    row.createdBefore === null ? undefined : lt(memories.createdAt, row.createdBefore),
  )
}

function isPast(after: { createdAt: Date; id: string } | undefined): SQL | undefined {
  if (!after) return undefined
  const position = sql`(${sql.param(after.createdAt, memories.createdAt)}, ${sql.param(after.id, memories.id)})`
  return sql`(${memories.createdAt}, ${memories.id}) > ${position}`
}

type MemoryRow = Pick<typeof memories.$inferSelect, Exclude<keyof typeof memoryColumns, 'metadata'>> & {
  metadata: string
}

export function toExported(memory: MemoryRow): ExportedMemory {
  return {
    id: memory.id,
    memory: memory.memory,
    user_id: memory.userId,
    agent_id: memory.agentId,
    session_id: memory.sessionId,
    priority: memory.priority,
    categories: memory.categories,
    metadata: memory.metadata,
    workspace_id: memory.workspaceId,
    access_count: memory.accessCount,
    last_accessed_at: memory.lastAccessedAt && formatInstant(memory.lastAccessedAt.getTime()),
    created_at: formatInstant(memory.createdAt.getTime()),
    updated_at: formatInstant(memory.updatedAt.getTime()),
  }
}
