import { type Static, Type } from '@sinclair/typebox'
import { Account, Contact, Session } from './webhook-objects.ts'

export const plans = ['starter', 'pro', 'agency'] as const

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

/** S-ITEM-1: one run, its fields in the documented order. */
export const RunItem = Type.Object({
  runId: Type.String({ description: 'Unique identifier for the run' }),
  status: Type.String({ description: 'Run status: completed, failed, skipped, open, running, etc.' }),
  createdAt: Type.String({ description: 'When the run was created' }),
  updatedAt: Type.String({ description: 'When the run was last updated' }),
  completedAt: nullable(Type.String(), 'When the run completed; null while it is in progress'),
  targetType: Type.String({ description: 'MarContact, MarCompany or MarSessionSummary' }),
  triggerSource: nullable(Type.String(), 'Source that triggered the run: webhook, csv, mcp, etc.'),
  account: nullable(Account, 'Company data'),
  contacts: Type.Array(Contact, { description: 'Contact data' }),
  session: nullable(Session, 'Session data, if applicable'),
  evaluationSummary: nullable(Type.String(), 'AI evaluation summary'),
  triggerReason: nullable(Type.String(), 'Why the motion was triggered'),
  actionPlanSummary: nullable(Type.String(), 'Summary of the actions taken'),
  error: nullable(Type.String(), 'Why the run failed'),
})
export type RunField = keyof Static<typeof RunItem>

/** The valid names of `fields`, in the documented order. */
export const runFields = Object.keys(RunItem.properties) as readonly RunField[]

/** S-PAGE-4. `fields` leaves out what was not asked for. */
export const RunPage = Type.Object({
  items: Type.Array(Type.Partial(RunItem)),
  nextCursor: nullable(Type.String(), 'Cursor for the next page; null on the last'),
  hasMore: Type.Boolean({ description: 'Whether more items exist beyond this page' }),
})

/** S-ERR-1 */
export const SyftError = Type.Object({ error: Type.String() })

/** All parameters arrive as text and are judged in the order of S-ERR-2c, each with an error of its own. */
export const ExportQuery = Type.Object({
  cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the previous response' })),
  limit: Type.Optional(Type.String({ description: 'Items per page: 50 by default, at most 100' })),
  since: Type.Optional(Type.String({ description: 'Only runs created or updated after this ISO 8601 instant' })),
  until: Type.Optional(Type.String({ description: 'Only runs created or updated before this ISO 8601 instant' })),
  status: Type.Optional(Type.String({ description: '`completed` by default' })),
  order: Type.Optional(Type.String({ description: '`asc` (default) or `desc`, by execution timestamp' })),
  fields: Type.Optional(Type.String({ description: 'Comma-separated names of the fields to include' })),
})
