import type { Column } from 'drizzle-orm'
import type { CopiedRows } from '../../../ports/database/database.ts'
import { memories } from '../tables.ts'
import { type ExportedMemory, memoryFields } from './format.ts'
import { constant, type Output, type Put, put } from './output.ts'

/** A `word` needs no escaping, in whichever format. An `object` is its JSON text. */
type Kind = 'text' | 'word' | 'integer' | 'instant' | 'list' | 'object'

/** Where each field of a memory comes from when Postgres copies it, and what it is then. */
const copied: Record<keyof ExportedMemory, { column: Column; kind: Kind }> = {
  id: { column: memories.id, kind: 'text' },
  memory: { column: memories.memory, kind: 'text' },
  user_id: { column: memories.userId, kind: 'text' },
  agent_id: { column: memories.agentId, kind: 'text' },
  session_id: { column: memories.sessionId, kind: 'text' },
  priority: { column: memories.priority, kind: 'word' },
  categories: { column: memories.categories, kind: 'list' },
  metadata: { column: memories.metadata, kind: 'object' },
  workspace_id: { column: memories.workspaceId, kind: 'text' },
  access_count: { column: memories.accessCount, kind: 'integer' },
  last_accessed_at: { column: memories.lastAccessedAt, kind: 'instant' },
  created_at: { column: memories.createdAt, kind: 'instant' },
  updated_at: { column: memories.updatedAt, kind: 'instant' },
}

/** The columns of a memory that is copied, in the order of `memoryFields`. */
export const copiedColumns = memoryFields.map((field) => copied[field].column)

/** How many numbers of `CopiedRows.fields` are of one memory. */
export const MEMORY_NUMBERS = 2 * memoryFields.length

/** Writes the memory whose numbers begin with the one at `first`. Positional, as it is called for every memory. */
export type PutMemory = (out: Output, rows: CopiedRows, first: number) => void

type Layout = {
  fields: readonly (keyof ExportedMemory)[]
  puts: Record<Kind, Put>
  before: (field: keyof ExportedMemory, index: number) => string
  nothing: string
}

/** What writes some fields of a memory, each after a text of its own, and `nothing` for null. */
export function fieldsWriter({ fields, puts, before, nothing }: Layout): PutMemory {
  const offsets = fields.map((field) => 2 * memoryFields.indexOf(field))
  const putValues = fields.map((field) => puts[copied[field].kind])
  const texts = fields.map((field, index) => constant(before(field, index)))
  const none = constant(nothing)
  return (out, rows, first) => {
    for (let index = 0; index < offsets.length; index++) {
      const at = first + (offsets[index] ?? 0)
      const start = rows.fields[at] ?? 0
      const length = rows.fields[at + 1] ?? 0
      put(out, texts[index] ?? none)
      if (length < 0) put(out, none)
      else putValues[index]?.(out, rows, start, start + length)
    }
  }
}
