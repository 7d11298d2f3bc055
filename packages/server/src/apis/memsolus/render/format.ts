import type { ExportFilters } from '../exports.ts'
import type { Priority } from '../schemas.ts'
import type { PutMemory } from './fields.ts'

/** M-FILE-1c: a memory as every format shows it, its fields in this order. */
export type ExportedMemory = {
  id: string
  memory: string
  user_id: string | null
  agent_id: string | null
  session_id: string | null
  priority: Priority
  categories: string[]
  /** JSON text. */
  metadata: string
  workspace_id: string
  access_count: number
  last_accessed_at: string | null
  created_at: string
  updated_at: string
}

export const memoryFields = [
  'id',
  'memory',
  'user_id',
  'agent_id',
  'session_id',
  'priority',
  'categories',
  'metadata',
  'workspace_id',
  'access_count',
  'last_accessed_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof ExportedMemory)[]

/** How memories are written: text before, for each of them, and after. */
export interface Format {
  /** M-DOWN-1, M-DOWN-4c */
  readonly contentType: string
  readonly extension: string
  /** Whether `open` needs to know how many memories follow. */
  readonly needsCount: boolean
  /** What each memory's text begins with and the first one's does not: ASCII. */
  readonly separator: string
  open(filters: ExportFilters, count: number): string
  /** The text of a memory. */
  text(memory: ExportedMemory): string
  /** Writes the same text, of a memory as Postgres copies it. */
  readonly put: PutMemory
  close(count: number): string
}
