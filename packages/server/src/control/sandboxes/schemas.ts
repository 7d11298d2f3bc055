import { type Static, type TObject, Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Reading } from '../../sandbox/sandbox.ts'
import { ClockInstantText, Name, objectOf, oneOf } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'
import type { FindingCode } from '../findings/catalogue.ts'
import { AllowedCodes } from '../findings/schemas.ts'

const reading = {
  since: Type.Optional(oneOf(['exclusive', 'inclusive'])),
  order: Type.Optional(oneOf(['createdAt', 'updatedAt'])),
  pages: Type.Optional(oneOf(['full', 'short'])),
  nulls: Type.Optional(oneOf(['present', 'absent'])),
  hints: Type.Optional(Type.Boolean()),
}
export const ReadingInput = objectOf(reading, {
  description:
    'How sentences of the vendors that can be read in two ways are read; what is left out is as the server was started with',
  examples: [{ since: 'inclusive' }],
})

export const ClockInput = objectOf(
  {
    now: Type.Optional(ClockInstantText),
    frozen: Type.Optional(Type.Boolean({ description: 'Whether it stands' })),
    rate: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000, description: '60 is a minute a second', examples: [60] }),
    ),
  },
  {
    $id: 'ClockInput',
    description: 'What is to change of a clock',
    examples: [{ now: '2026-03-01T12:00:00Z', frozen: true }],
  },
)
export type ClockInput = Static<typeof ClockInput>

/** How long a sandbox is there after it was last used. */
const Ttl = Type.String({
  format: 'duration-text',
  description: 'Real time after its last use until it is deleted',
  examples: ['30m'],
})

/** What a sandbox is filled with, a part for each API: a body's `data`, and what a file of its own can hold. */
export const fixtureOf = (modules: readonly Pick<ApiModule, 'name' | 'dataSchema'>[]) =>
  objectOf(
    {
      $schema: Type.Optional(Type.String({ description: 'Where its schema is, for editors; passed over' })),
      ...Object.fromEntries(modules.map(({ name, dataSchema }) => [name, Type.Optional<TObject>(dataSchema)])),
    },
    {
      $id: 'Fixture',
      description: 'What a sandbox is filled with',
      examples: [
        { syft: { motions: [{ id: 'm1' }], runs: { motionId: 'm1', items: [{ runId: 'r1', status: 'failed' }] } } },
      ],
    },
  )

/** What a sandbox is created from; `data` has a part for each API. */
export const sandboxInput = (modules: readonly ApiModule[]) =>
  objectOf(
    {
      name: Type.Optional(Name),
      group: Type.Optional(Name),
      ttl: Type.Optional(Ttl),
      seed: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'What data is made up from', examples: [7] }),
      ),
      clock: Type.Optional(ClockInput),
      reading: Type.Optional(ReadingInput),
      scenario: Type.Optional(
        oneOf(
          modules.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)),
          { description: 'A starting point of `GET /_sandport/scenarios`; what is given beside it wins' },
        ),
      ),
      allow: Type.Optional(AllowedCodes),
      data: Type.Optional(fixtureOf(modules)),
    },
    {
      $id: 'SandboxInput',
      description: 'All of it is optional',
      examples: [
        {
          name: 'mine',
          seed: 7,
          group: 'checkout',
          ttl: '30m',
          clock: { now: '2026-03-01T12:00:00Z', frozen: true },
          data: { syft: { runs: { count: 100 } }, memsolus: { memories: { count: 200 } } },
        },
      ],
    },
  )
export type SandboxInput = {
  name?: string
  group?: string
  ttl?: string
  seed?: number
  clock?: ClockInput
  reading?: Partial<Reading>
  scenario?: string
  allow?: FindingCode[]
  data?: Record<string, unknown>
}

/** What a clone is to have of its own. */
export const CloneInput = objectOf(
  {
    name: Type.Optional(Name),
    group: Type.Optional(Name),
    ttl: Type.Optional(Ttl),
  },
  { $id: 'CloneInput', examples: [{ name: 'second', ttl: '1h' }] },
)
export type CloneInput = Static<typeof CloneInput>

export const Clock = Type.Object(
  {
    now: OutInstant('Sandbox time'),
    frozen: Type.Boolean({ description: 'Whether it stands' }),
    rate: Type.Number({ description: '60 is a minute a second' }),
  },
  { $id: 'Clock', description: 'A clock as it goes' },
)

export const Key = Type.Object(
  {
    key: Type.String({ examples: ['msk_live_sp_w7PT'] }),
    api: Type.String({ examples: ['memsolus'] }),
    organizationId: Type.Optional(Type.String({ description: 'Whose it is, of Syft' })),
    workspaceId: Type.Optional(Type.String({ description: 'Whose it is, of Memsolus', examples: ['w1'] })),
    permissions: Type.Array(Type.String({ examples: ['export.read'] })),
    createdAt: OutInstant(),
    revokedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { examples: [null] }),
  },
  { $id: 'Key', description: 'A key of a vendor’s API' },
)

const summary = {
  id: Type.String({ examples: ['sb_vztfpebojx95'] }),
  name: Type.String({ examples: ['mine'] }),
  group: Type.Union([Type.String({ examples: ['checkout'] }), Type.Null()]),
  seed: Type.Integer({ examples: [7] }),
  scenario: Type.Union([Type.String({ examples: ['ties'] }), Type.Null()], { description: 'What it was created as' }),
  clock: Clock,
  ttl: Type.Union([Type.String({ examples: ['30m'] }), Type.Null()]),
  expiresAt: Type.Union([OutInstant(), Type.Null()], { description: 'Real time at which it is deleted, if not used' }),
}
export const SandboxSummary = Type.Object(summary, {
  $id: 'SandboxSummary',
  description: 'A sandbox, as lists show it',
})

export const SandboxView = Type.Object(
  {
    ...summary,
    token: Type.String({ description: 'Commands this sandbox alone', examples: ['spt_OPQr'] }),
    reading: Type.Required(Type.Object(reading), { description: 'How it reads the vendors' }),
    keys: Type.Array(Key),
  },
  {
    $id: 'Sandbox',
    description: 'A sandbox, with a part for each API: `syft` and `memsolus`',
    additionalProperties: true,
  },
)
