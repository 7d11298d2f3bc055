import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { oneOf } from '../../wire/control-types.ts'
import { OutInstant, TimeParameter } from '../../wire/parameters.ts'

export const exportFormats = ['json', 'csv', 'markdown'] as const
export const priorities = ['LOW', 'MEDIUM', 'HIGH'] as const
export const exportStatuses = ['PENDING', 'PROCESSING', 'READY', 'FAILED', 'EXPIRED'] as const
export const outcomes = ['ready', 'fail', 'lose-file'] as const

export type ExportFormat = (typeof exportFormats)[number]
export type Priority = (typeof priorities)[number]
export type ExportStatus = (typeof exportStatuses)[number]
export type Outcome = (typeof outcomes)[number]

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const nullableString = (description: string) =>
  Type.Union([Type.String(), Type.Null()], { description, examples: [null] })

/** M-OBJECT-1: the fields of an export job as the API shows it. The reading `nulls` leaves out those that are null. */
const fields = {
  id: Type.String({
    format: 'uuid',
    description: 'UUID of the export job',
    examples: ['0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'],
  }),
  format: oneOf(exportFormats, { description: 'Output file format', examples: ['csv'] }),
  status: oneOf(exportStatuses, { description: 'Current job status' }),
  user_id: nullableString('User filter applied to this export'),
  agent_id: nullableString('Agent filter applied'),
  session_id: nullableString('Session filter applied'),
  priority: nullable(oneOf(priorities), 'Priority filter applied'),
  categories: nullable(Type.Array(Type.String({ examples: ['food'] })), 'Category filter applied'),
  created_after: nullable(OutInstant(), 'Date range start filter'),
  created_before: nullable(Type.String({ format: 'date-time' }), 'Date range end filter'),
  created_at: OutInstant('ISO 8601 creation timestamp'),
  updated_at: OutInstant('ISO 8601 last-update timestamp'),
}

export const Export = Type.Object(fields)
export type Export = Static<typeof Export>

const { id, format, status, created_at, updated_at, ...filters } = fields

/** M-OBJECT-2c: an export as it is on the wire. */
export const ExportAnswer = Type.Composite(
  [Type.Object({ id, format, status, created_at, updated_at }), Type.Partial(Type.Object(filters))],
  { $id: 'Export', description: 'An export job' },
)

/** M-LIST-2c */
export const ExportList = Type.Object(
  {
    data: Type.Array(ExportAnswer),
    meta: Type.Object({
      current_page: Type.Integer({ minimum: 1 }),
      per_page: Type.Integer({ minimum: 1, maximum: 100, examples: [20] }),
      total: Type.Integer({ minimum: 0, examples: [1] }),
      last_page: Type.Integer({ minimum: 1 }),
    }),
  },
  { $id: 'ExportList', description: 'A page of exports, the newest first' },
)

/** M-ERR-1, M-ERR-2c */
export const MemsolusError = Type.Object(
  {
    error: Type.String({ description: 'A code', examples: ['EXPORT_NOT_FOUND'] }),
    message: Type.String({ description: 'What is wrong, for people', examples: ['Export 7 not found.'] }),
    statusCode: Type.Integer({ minimum: 400, maximum: 599, examples: [404] }),
  },
  { $id: 'Error', description: 'What is wrong' },
)

export const ExportParams = Type.Object({
  exportId: Type.String({ description: 'The id of an export', examples: ['0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'] }),
})

const textParameter = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }))

/** M-CREATE-2: the filters of a new export. All arrive as text, and each is judged by hand with an error of its own. */
export const CreateQuery = Type.Object({
  format: Type.Optional(oneOf(exportFormats, { default: 'json', description: 'Output format', examples: ['csv'] })),
  user_id: textParameter('Export memories for a specific user only', 'user_17'),
  agent_id: textParameter('Export memories for a specific agent only', 'agent_3'),
  session_id: textParameter('Export memories from a specific session only', 'sess_403e'),
  priority: Type.Optional(oneOf(priorities, { description: 'Export only memories with this priority' })),
  categories: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: 20,
      description: 'Export memories in any of these categories; the parameter may come several times',
      examples: [['food', 'travel']],
    }),
  ),
  created_after: Type.Optional(TimeParameter('Export memories created after this instant')),
  created_before: Type.Optional(TimeParameter('Export memories created before this instant')),
})

/** M-LIST-1 */
export const ListQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1, description: 'Page number' })),
  page_size: Type.Optional(
    Type.Integer({
      minimum: 1,
      default: 20,
      description: 'Results per page; more than 100 is served as 100',
      examples: [50],
    }),
  ),
})

/** M-HINT-1c: with the reading `hints` alone. */
export const hintHeaders = {
  Location: Type.Optional(
    Type.String({
      description: 'The path of the new export, with the reading `hints`',
      examples: ['/v1/exports/0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'],
    }),
  ),
  'Retry-After': Type.Optional(
    Type.Integer({ description: 'After how many seconds to ask, with the reading `hints`', examples: [1] }),
  ),
  ETag: Type.Optional(
    Type.String({ description: 'Of the file, with the reading `hints`', examples: ['"0d1d913a.f00d"'] }),
  ),
}

/** M-DOWN-1, M-DOWN-4c */
export const fileHeaders = {
  'Content-Disposition': Type.String({
    description: 'The name of the file',
    examples: ['attachment; filename="memories-0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10.csv"'],
  }),
  'Content-Length': Type.Integer({ minimum: 0, description: 'The size of the file in bytes', examples: [11121] }),
  ETag: hintHeaders.ETag,
}
