import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { oneOf } from '../../wire/control-types.ts'
import { OutInstant, TimeParameter } from '../../wire/parameters.ts'
import { Account, Contact, Session } from './webhook-objects.ts'

export const plans = ['starter', 'pro', 'agency'] as const

const nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const text = (example: string) => Type.String({ examples: [example] })

/** S-ITEM-1: one run, its fields in the documented order. */
export const RunItem = Type.Object(
  {
    runId: Type.String({ description: 'Unique identifier for the run', examples: ['clmxla7ca2o20r2twidrxtz6v'] }),
    status: Type.String({
      description: 'Run status: completed, failed, skipped, open, running, etc.',
      examples: ['completed'],
    }),
    createdAt: OutInstant('When the run was created'),
    updatedAt: OutInstant('When the run was last updated'),
    completedAt: nullable(OutInstant(), 'When the run completed; null while it is in progress'),
    targetType: Type.String({ description: 'MarContact, MarCompany or MarSessionSummary', examples: ['MarContact'] }),
    triggerSource: nullable(text('webhook'), 'Source that triggered the run: webhook, csv, mcp, etc.'),
    account: nullable(Account, 'Company data'),
    contacts: Type.Array(Contact, { description: 'Contact data' }),
    session: nullable(Session, 'Session data, if applicable'),
    evaluationSummary: nullable(text('Fits the profile: 200 employees, in software.'), 'AI evaluation summary'),
    triggerReason: nullable(text('Visited the pricing page twice'), 'Why the motion was triggered'),
    actionPlanSummary: nullable(text('Sent one e-mail'), 'Summary of the actions taken'),
    error: Type.Union([Type.String(), Type.Null()], { description: 'Why the run failed', examples: [null] }),
  },
  { $id: 'Run', description: 'One run of a motion' },
)
export type RunField = keyof Static<typeof RunItem>

/** The valid names of `fields`, in the documented order. */
export const runFields = Object.keys(RunItem.properties) as readonly RunField[]

/** S-PAGE-4. `fields` leaves out what was not asked for, and the reading `nulls` what is null. */
export const RunPage = Type.Object(
  {
    items: Type.Array(
      Type.Partial(RunItem, { $id: 'RunFields', description: 'The fields of a run that were asked for' }),
    ),
    nextCursor: nullable(text('heyeW1kZ0'), 'Cursor for the next page; null on the last'),
    hasMore: Type.Boolean({ description: 'Whether more items exist beyond this page', examples: [true] }),
  },
  { $id: 'RunPage', description: 'A page of runs' },
)

/** S-ERR-1 */
export const SyftError = Type.Object(
  { error: Type.String({ description: 'What is wrong', examples: ['Unauthorized'] }) },
  { $id: 'Error', description: 'What is wrong, in words' },
)

export const MotionParams = Type.Object({
  motionId: Type.String({ description: "The id of a motion of the key's organization", examples: ['demo'] }),
})

/**
 * What parameters are meant to be. All arrive as text and are judged by hand in the order of S-ERR-2c, each with an error
 * of its own.
 */
export const ExportQuery = Type.Object({
  cursor: Type.Optional(
    Type.String({ description: 'The `nextCursor` of the previous response; not given for the first page' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      default: 50,
      description: 'Items per page; more than 100 is served as 100',
      examples: [100],
    }),
  ),
  since: Type.Optional(TimeParameter('Only runs created or updated after this instant')),
  until: Type.Optional(TimeParameter('Only runs created or updated before this instant')),
  status: Type.Optional(
    Type.String({
      default: 'completed',
      description: 'Only runs of this status; `in_progress` stands for `open`, `running` and `in_progress`',
      examples: ['failed'],
    }),
  ),
  order: Type.Optional(
    oneOf(['asc', 'desc'], { default: 'asc', description: 'By execution timestamp: oldest first, or newest first' }),
  ),
  fields: Type.Optional(
    Type.Array(oneOf(runFields), {
      description: 'The fields to include, with commas between them; `runId` always is. All, if not given',
      examples: [['status', 'updatedAt']],
    }),
  ),
})
