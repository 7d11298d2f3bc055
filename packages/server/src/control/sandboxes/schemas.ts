import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Reading } from '../../sandbox/sandbox.ts'
import { ClockInstantText, Name, objectOf, oneOf } from '../../wire/control-types.ts'
import type { FindingCode } from '../findings/catalogue.ts'
import { AllowedCodes } from '../findings/schemas.ts'

const ReadingInput = objectOf({
  since: Type.Optional(oneOf(['exclusive', 'inclusive'])),
  order: Type.Optional(oneOf(['createdAt', 'updatedAt'])),
  pages: Type.Optional(oneOf(['full', 'short'])),
  nulls: Type.Optional(oneOf(['present', 'absent'])),
  hints: Type.Optional(Type.Boolean()),
})

export const ClockInput = objectOf({
  now: Type.Optional(ClockInstantText),
  frozen: Type.Optional(Type.Boolean()),
  rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
})
export type ClockInput = Static<typeof ClockInput>

/** How long a sandbox is there after it was last used. */
const Ttl = Type.String({ format: 'duration', description: 'Real time after its last use until it is deleted' })

/** What a sandbox is created from; `data` has a part for each API. */
export const sandboxInput = (modules: readonly ApiModule[]) =>
  objectOf({
    name: Type.Optional(Name),
    group: Type.Optional(Name),
    ttl: Type.Optional(Ttl),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    clock: Type.Optional(ClockInput),
    reading: Type.Optional(ReadingInput),
    allow: Type.Optional(AllowedCodes),
    data: Type.Optional(
      objectOf(Object.fromEntries(modules.map(({ name, dataSchema }) => [name, Type.Optional<TObject>(dataSchema)]))),
    ),
  })
export type SandboxInput = {
  name?: string
  group?: string
  ttl?: string
  seed?: number
  clock?: ClockInput
  reading?: Partial<Reading>
  allow?: FindingCode[]
  data?: Record<string, Record<string, unknown>>
}

/** What a clone is to have of its own. */
export const CloneInput = objectOf({
  name: Type.Optional(Name),
  group: Type.Optional(Name),
  ttl: Type.Optional(Ttl),
})
export type CloneInput = Static<typeof CloneInput>

export const Clock = Type.Object({ now: Type.String(), frozen: Type.Boolean(), rate: Type.Number() })

export const Key = Type.Object({
  key: Type.String(),
  api: Type.String(),
  organizationId: Type.Optional(Type.String()),
  workspaceId: Type.Optional(Type.String()),
  permissions: Type.Array(Type.String()),
  createdAt: Type.String(),
  revokedAt: Type.Union([Type.String(), Type.Null()]),
})

const summary = {
  id: Type.String(),
  name: Type.String(),
  group: Type.Union([Type.String(), Type.Null()]),
  seed: Type.Integer(),
  clock: Clock,
  ttl: Type.Union([Type.String(), Type.Null()]),
  expiresAt: Type.Union([Type.String({ description: 'Real time' }), Type.Null()]),
}
export const SandboxSummary = Type.Object(summary)

export const SandboxView = Type.Object(
  {
    ...summary,
    token: Type.String({ description: 'Commands this sandbox alone' }),
    reading: Type.Required(ReadingInput),
    keys: Type.Array(Key),
  },
  { description: 'A sandbox, with a part for each API: `syft` and `memsolus`', additionalProperties: true },
)
