import type { Static } from '@sinclair/typebox'
import type { Memory as MemorySchema } from '../../server/src/apis/memsolus/data/schemas.ts'
import type { CreateQuery, Export as ExportJob, ExportList } from '../../server/src/apis/memsolus/schemas.ts'

/** An export job: its 12 documented fields (M-OBJECT-1). Times are ISO 8601 in UTC. */
export type Export = ExportJob

/** `PENDING` and `PROCESSING` go on to `READY`, which becomes `EXPIRED` after 72 hours, or to `FAILED` (M-LIFE-3c). */
export type ExportStatus = Export['status']

/** What a file is: `json`, `csv` or `markdown`. */
export type ExportFormat = Export['format']

/** A memory as a JSON or a CSV file has it (M-FILE-1c). */
export type Memory = Static<typeof MemorySchema>

type Documented = Static<typeof CreateQuery>

/**
 * Which memories are exported, and how: by their names on the wire, all optional (M-CREATE-2). Without any, every memory
 * of the workspace is, as JSON. Times are ISO 8601, or dates; the memories of exactly those instants are left out.
 */
export type NewExport = {
  [Name in Exclude<keyof Documented, 'created_after' | 'created_before'>]?: Documented[Name] | undefined
} & {
  created_after?: string | Date | undefined
  created_before?: string | Date | undefined
}

/** A page of a list, the newest export first (M-LIST-2c). */
export type ExportPage = Omit<Static<typeof ExportList>, 'data'> & { data: Export[] }

/** What may be null, and what a service may leave out then. */
const nullable = [
  'user_id',
  'agent_id',
  'session_id',
  'priority',
  'categories',
  'created_after',
  'created_before',
] as const satisfies readonly (keyof Export)[]

/** Puts null where a field is left out, so that who reads an export need not tell the two apart. */
export function fillInExport(answer: Export): Export {
  const missing = nullable.filter((name) => !(name in answer))
  return missing.length === 0 ? answer : { ...answer, ...Object.fromEntries(missing.map((name) => [name, null])) }
}
