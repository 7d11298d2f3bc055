import { type Static, Type } from '@sinclair/typebox'
import { bulkOf, InstantRange, InstantText, Name, ObjectId, objectOf, oneOf } from '../../../wire/control-types.ts'
import { plans, RunItem } from '../schemas.ts'
import { Account, Contact, Session } from '../webhook-objects.ts'

const nullableText = Type.Union([Type.String({ examples: ['webhook'] }), Type.Null()])

export const OrganizationInput = objectOf({
  id: Type.Optional(ObjectId),
  name: Type.Optional(Name),
  plan: Type.Optional(oneOf(plans)),
})
export type OrganizationInput = Static<typeof OrganizationInput>
export const OrganizationPatch = Type.Omit(OrganizationInput, ['id'], { additionalProperties: false })

export const MotionInput = objectOf({
  id: Type.Optional(ObjectId),
  name: Type.Optional(Name),
  organizationId: Type.Optional(ObjectId),
})
export type MotionInput = Static<typeof MotionInput>
export const MotionPatch = Type.Omit(MotionInput, ['id', 'organizationId'], { additionalProperties: false })

const targetTypes = ['MarContact', 'MarCompany', 'MarSessionSummary'] as const

const runFields = {
  status: Type.Optional(Type.String({ minLength: 1, maxLength: 100, examples: ['failed'] })),
  updatedAt: Type.Optional(InstantText),
  completedAt: Type.Optional(Type.Union([InstantText, Type.Null()])),
  targetType: Type.Optional(oneOf(targetTypes)),
  triggerSource: Type.Optional(nullableText),
  account: Type.Optional(Type.Union([Account, Type.Null()])),
  contacts: Type.Optional(Type.Array(Contact)),
  session: Type.Optional(Type.Union([Session, Type.Null()])),
  evaluationSummary: Type.Optional(nullableText),
  triggerReason: Type.Optional(nullableText),
  actionPlanSummary: Type.Optional(nullableText),
  error: Type.Optional(nullableText),
}

export const RunPatch = objectOf(
  { createdAt: Type.Optional(InstantText), ...runFields },
  { $id: 'RunPatch', description: 'What is to change', examples: [{ status: 'completed' }] },
)
export type RunPatch = Static<typeof RunPatch>

export const RunInput = objectOf(
  {
    runId: Type.Optional(ObjectId),
    motionId: Type.Optional(ObjectId),
    createdAt: Type.Optional(InstantText),
    ...runFields,
  },
  { $id: 'RunInput', description: 'A run to create', examples: [{ runId: 'r1', status: 'failed', error: 'No reply' }] },
)
export type RunInput = Static<typeof RunInput>

/** Runs to create: `items` one by one, `count` alike, or with neither a single one. */
export const RunsInput = bulkOf(
  {
    items: Type.Optional(Type.Array(RunInput, { maxItems: 200_000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
    runId: Type.Optional(ObjectId),
    motionId: Type.Optional(ObjectId),
    createdAt: Type.Optional(Type.Union([InstantText, InstantRange])),
    ...runFields,
  },
  {
    $id: 'RunsInput',
    examples: [
      { runId: 'r1', status: 'failed', error: 'No seat left', session: null },
      { items: [{ status: 'failed' }, { status: 'completed' }] },
      { count: 3, createdAt: { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' } },
    ],
  },
)
export type RunsInput = Static<typeof RunsInput>

export const OrganizationsInput = bulkOf(
  {
    items: Type.Optional(Type.Array(OrganizationInput, { maxItems: 1000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    ...OrganizationInput.properties,
  },
  {
    $id: 'OrganizationsInput',
    examples: [{ plan: 'starter' }, { items: [{ id: 'o1' }, { id: 'o2', plan: 'agency' }] }, { count: 2 }],
  },
)
export type OrganizationsInput = Static<typeof OrganizationsInput>
export const MotionsInput = bulkOf(
  {
    items: Type.Optional(Type.Array(MotionInput, { maxItems: 10_000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    ...MotionInput.properties,
  },
  { $id: 'MotionsInput', examples: [{ name: 'Pricing page' }, { items: [{ id: 'm1' }] }, { count: 2 }] },
)
export type MotionsInput = Static<typeof MotionsInput>

/** What a sandbox can be created with. */
export const SyftData = objectOf(
  {
    organizations: Type.Optional(Type.Array(OrganizationInput)),
    motions: Type.Optional(Type.Array(MotionInput)),
    runs: Type.Optional(RunsInput),
  },
  { $id: 'SyftData', description: 'Data of Syft', examples: [{ runs: { count: 100 } }] },
)
export type SyftData = Static<typeof SyftData>

export const Run = Type.Composite(
  [
    Type.Object({
      motionId: Type.String({ examples: ['demo'] }),
      version: Type.Integer({
        minimum: 0,
        description: 'The revision that made the run what it is; the journal says which were served',
      }),
    }),
    RunItem,
  ],
  { $id: 'Run', description: 'A run as the API shows it, and whose it is' },
)
export const RunId = Type.Object({ runId: Type.String({ examples: ['r1'] }) }, { description: 'Its id' })

export const Organization = Type.Object(
  {
    id: Type.String({ examples: ['o1'] }),
    name: Type.String({ examples: ['Meridian Logistics'] }),
    plan: oneOf(plans, { description: '`starter` has no access to the API', examples: ['pro'] }),
    secretKey: Type.Optional(
      Type.String({ description: 'A key of its own, told once', examples: ['sk_live_sp_EYgh'] }),
    ),
  },
  { $id: 'Organization', description: 'What has motions and a plan; the new one, with its key' },
)
export type Organization = Static<typeof Organization>

export const Motion = Type.Object(
  {
    id: Type.String({ examples: ['demo'] }),
    name: Type.String({ examples: ['Competitor comparison readers'] }),
    organizationId: Type.String({ examples: ['o1'] }),
  },
  { $id: 'Motion', description: 'What has runs' },
)
