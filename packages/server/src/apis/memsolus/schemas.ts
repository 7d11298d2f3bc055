import { type Static, Type } from '@sinclair/typebox'

export const exportFormats = ['json', 'csv', 'markdown'] as const
export const priorities = ['LOW', 'MEDIUM', 'HIGH'] as const
export const exportStatuses = ['PENDING', 'PROCESSING', 'READY', 'FAILED', 'EXPIRED'] as const
export const outcomes = ['ready', 'fail', 'lose-file'] as const

export type ExportFormat = (typeof exportFormats)[number]
export type Priority = (typeof priorities)[number]
export type ExportStatus = (typeof exportStatuses)[number]
export type Outcome = (typeof outcomes)[number]

const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description })

const nullableString = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

/** M-OBJECT-1: an export job as the API shows it. */
export const Export = Type.Object({
  id: Type.String({ format: 'uuid', description: 'UUID of the export job' }),
  format: oneOf(exportFormats, 'Output file format'),
  status: oneOf(exportStatuses, 'Current job status'),
  user_id: nullableString('User filter applied to this export'),
  agent_id: nullableString('Agent filter applied'),
  session_id: nullableString('Session filter applied'),
  priority: Type.Union([oneOf(priorities, 'Priority'), Type.Null()], { description: 'Priority filter applied' }),
  categories: Type.Union([Type.Array(Type.String()), Type.Null()], { description: 'Category filter applied' }),
  created_after: nullableString('Date range start filter'),
  created_before: nullableString('Date range end filter'),
  created_at: Type.String({ description: 'ISO 8601 creation timestamp' }),
  updated_at: Type.String({ description: 'ISO 8601 last-update timestamp' }),
})
export type Export = Static<typeof Export>

/** M-LIST-2c */
export const ExportList = Type.Object({
  data: Type.Array(Export),
  meta: Type.Object({
    current_page: Type.Integer(),
    per_page: Type.Integer(),
    total: Type.Integer(),
    last_page: Type.Integer(),
  }),
})

/** M-ERR-1, M-ERR-2c */
export const MemsolusError = Type.Object({
  error: Type.String({ description: 'A code' }),
  message: Type.String(),
  statusCode: Type.Integer(),
})

const parameter = (description: string) => Type.Optional(Type.String({ description }))

/** M-CREATE-2: the filters of a new export. All arrive as text, and each is judged with an error of its own. */
export const CreateQuery = Type.Object({
  format: parameter('Output format: `json` (default), `csv` or `markdown`'),
  user_id: parameter('Export memories for a specific user only'),
  agent_id: parameter('Export memories for a specific agent only'),
  session_id: parameter('Export memories from a specific session only'),
  priority: parameter('Export only memories with this priority: `LOW`, `MEDIUM` or `HIGH`'),
  categories: parameter('Export memories in any of these categories (comma-separated, at most 20)'),
  created_after: parameter('Export memories created after this date (ISO 8601)'),
  created_before: parameter('Export memories created before this date (ISO 8601)'),
})

/** M-LIST-1 */
export const ListQuery = Type.Object({
  page: parameter('Page number, 1 by default'),
  page_size: parameter('Results per page: 20 by default, at most 100'),
})
