import { type Static, Type } from '@sinclair/typebox'
import { ClockInstantText, DurationText, objectOf } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'

export const AdvanceInput = Type.Union([objectOf({ by: DurationText }), objectOf({ to: ClockInstantText })], {
  $id: 'AdvanceInput',
  description: 'How far, or to when',
})
export type AdvanceInput = Static<typeof AdvanceInput>

export const AdvanceResult = Type.Object({
  now: OutInstant('Sandbox time'),
  events: Type.Array(
    Type.Object(
      {
        at: OutInstant('Sandbox time'),
        type: Type.String({ description: 'Such as `export.transition`', examples: ['timeline.fired'] }),
      },
      { additionalProperties: true, description: 'What happened on the way' },
    ),
  ),
})
