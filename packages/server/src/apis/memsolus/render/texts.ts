import { type Column, type SQL, sql } from 'drizzle-orm'
import { memories } from '../tables.ts'
import type { ExportedMemory } from './format.ts'

/** A field of a memory in SQL, as a text. */
export type FieldText = {
  text: SQL
  /** A `word` needs no escaping, in whichever format. A `list` and an `object` are as their JSON text. */
  kind: 'text' | 'word' | 'number' | 'list' | 'object'
  isNullable?: true
}

/** What `ExportedMemory` holds. */
export const fieldTexts: Record<keyof ExportedMemory, FieldText> = {
  id: { text: sql`${memories.id}`, kind: 'text' },
  memory: { text: sql`${memories.memory}`, kind: 'text' },
  user_id: { text: sql`${memories.userId}`, kind: 'text', isNullable: true },
  agent_id: { text: sql`${memories.agentId}`, kind: 'text', isNullable: true },
  session_id: { text: sql`${memories.sessionId}`, kind: 'text', isNullable: true },
  priority: { text: sql`${memories.priority}`, kind: 'word' },
  categories: { text: sql`array_to_json(${memories.categories})::text`, kind: 'list' },
  metadata: { text: sql`${memories.metadata}::text`, kind: 'object' },
  workspace_id: { text: sql`${memories.workspaceId}`, kind: 'text' },
  access_count: { text: sql`${memories.accessCount}::text`, kind: 'number' },
  last_accessed_at: { text: instantText(memories.lastAccessedAt), kind: 'word', isNullable: true },
  created_at: { text: instantText(memories.createdAt), kind: 'word' },
  updated_at: { text: instantText(memories.updatedAt), kind: 'word' },
}

/**
 * X-TIME-2c, where the session's time zone is UTC. With a microsecond more, an instant has all digits of its fraction
 * written out; `to_char` would take thrice as long.
 */
function instantText(column: Column): SQL {
  return sql`(substr(to_json(${column} + interval '1 microsecond')::text, 2, 23) || 'Z')`
}

export type Part = SQL | string

/** Texts in SQL, none of them null, and literal ones, one after another. */
export function concatenated(...parts: readonly Part[]): SQL {
  return halved(parts.reduce(joinLiterals, []))
}

function joinLiterals(parts: readonly Part[], part: Part): readonly Part[] {
  const last = parts.at(-1)
  return typeof last === 'string' && typeof part === 'string' ? [...parts.slice(0, -1), last + part] : [...parts, part]
}

/** From left to right, all that came before would be copied for each part. */
function halved(parts: readonly Part[]): SQL {
  const middle = Math.ceil(parts.length / 2)
  if (parts.length <= 1) return sql`${parts[0] ?? ''}`
  return sql`(${halved(parts.slice(0, middle))} || ${halved(parts.slice(middle))})`
}

/** Whether any of these is in a text: much faster than a regular expression. */
export function hasAny(text: SQL, characters: readonly string[]): SQL {
  return sql.join(
    characters.map((character) => sql`strpos(${text}, ${character}) > 0`),
    sql` or `,
  )
}
