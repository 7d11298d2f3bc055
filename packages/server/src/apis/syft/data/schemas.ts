import { type Static, Type } from '@sinclair/typebox'
import { InstantRange, InstantText, Name, ObjectId, objectOf, oneOf } from '../../../wire/control-types.ts'
import { plans, RunItem } from '../schemas.ts'
import { Account, Contact, Session } from '../webhook-objects.ts'

const nullableText = Type.Union([Type.String(), Type.Null()])

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
  status: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
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

export const RunPatch = objectOf({ createdAt: Type.Optional(InstantText), ...runFields })
export type RunPatch = Static<typeof RunPatch>

export const RunInput = objectOf({
  runId: Type.Optional(ObjectId),
  motionId: Type.Optional(ObjectId),
  createdAt: Type.Optional(InstantText),
  ...runFields,
})
export type RunInput = Static<typeof RunInput>

/** Runs to create: `items` one by one, `count` alike, or with neither a single one. */
export const RunsInput = objectOf({
  items: Type.Optional(Type.Array(RunInput, { maxItems: 200_000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
  runId: Type.Optional(ObjectId),
  motionId: Type.Optional(ObjectId),
  createdAt: Type.Optional(Type.Union([InstantText, InstantRange])),
  ...runFields,
})
export type RunsInput = Static<typeof RunsInput>

export const OrganizationsInput = objectOf({
  items: Type.Optional(Type.Array(OrganizationInput, { maxItems: 1000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  ...OrganizationInput.properties,
})
export type OrganizationsInput = Static<typeof OrganizationsInput>
export const MotionsInput = objectOf({
  items: Type.Optional(Type.Array(MotionInput, { maxItems: 10_000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  ...MotionInput.properties,
})
export type MotionsInput = Static<typeof MotionsInput>

/** What a sandbox can be created with. */
export const SyftData = objectOf({
  organizations: Type.Optional(Type.Array(OrganizationInput)),
  motions: Type.Optional(Type.Array(MotionInput)),
  runs: Type.Optional(RunsInput),
})
export type SyftData = Static<typeof SyftData>

export const Run = Type.Composite([
  Type.Object({
    motionId: Type.String(),
    version: Type.Integer({
      description: 'The revision that made the run what it is; the journal says which were served',
    }),
  }),
  RunItem,
])
export const RunId = Type.Object({ runId: Type.String() })

export const Organization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  plan: Type.String(),
  secretKey: Type.Optional(Type.String({ description: 'A key of its own, told once' })),
})
export type Organization = Static<typeof Organization>

export const Motion = Type.Object({ id: Type.String(), name: Type.String(), organizationId: Type.String() })
