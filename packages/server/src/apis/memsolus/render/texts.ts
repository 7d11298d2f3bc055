import { type Column, type SQL, sql } from 'drizzle-orm'
import { memories } from '../tables.ts'
import type { ExportedMemory } from './format.ts'

/** A field of a memory in SQL, as the text of its value. */
export type FieldText = {
  text: SQL
  /** A `word` is a text in which nothing has to be escaped, in whichever format; what is `json` shows as its JSON text. */
  kind: 'text' | 'word' | 'number' | 'json'
  isNullable: boolean
}

/** What `ExportedMemory` holds, in SQL. */
export const fieldTexts: Record<keyof ExportedMemory, FieldText> = {
  id: { text: sql`${memories.id}`, kind: 'text', isNullable: false },
  memory: { text: sql`${memories.memory}`, kind: 'text', isNullable: false },
  user_id: { text: sql`${memories.userId}`, kind: 'text', isNullable: true },
  agent_id: { text: sql`${memories.agentId}`, kind: 'text', isNullable: true },
  session_id: { text: sql`${memories.sessionId}`, kind: 'text', isNullable: true },
  priority: { text: sql`${memories.priority}`, kind: 'word', isNullable: false },
  categories: { text: sql`array_to_json(${memories.categories})::text`, kind: 'json', isNullable: false },
  metadata: { text: sql`${memories.metadata}::text`, kind: 'json', isNullable: false },
  workspace_id: { text: sql`${memories.workspaceId}`, kind: 'text', isNullable: false },
  access_count: { text: sql`${memories.accessCount}::text`, kind: 'number', isNullable: false },
  last_accessed_at: { text: instantText(memories.lastAccessedAt), kind: 'word', isNullable: true },
  created_at: { text: instantText(memories.createdAt), kind: 'word', isNullable: false },
  updated_at: { text: instantText(memories.updatedAt), kind: 'word', isNullable: false },
}

/**
 * X-TIME-2c, where the session's time zone is UTC. With a microsecond more, an instant has all digits of its fraction
 * written out; `to_char` would take thrice as long.
 */
function instantText(column: Column): SQL {
  return sql`(substr(to_json(${column} + interval '1 microsecond')::text, 2, 23) || 'Z')`
}

/** Texts in SQL, and literal ones, one after another. */
export function concatenated(...parts: readonly (SQL | string)[]): SQL {
  return sql.join(
    parts.map((part) => sql`${part}`),
    sql` || `,
  )
}
