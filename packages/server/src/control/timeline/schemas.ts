import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { ClockInstantText, DurationText, objectOf } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'
import { type ActionBody, listOfActions, type NamedActions } from '../actions/actions.ts'

/** What is put on a timeline: actions that happen once, at an instant, or again and again. */
export const timelineInput = (actions: NamedActions) => {
  const list: TSchema = { ...listOfActions(actions), minItems: 1 }
  const Do = Type.Unsafe<ActionBody[]>(list)
  const Once = objectOf({ at: ClockInstantText, do: Do })
  const Repeated = objectOf({
    every: DurationText,
    from: Type.Optional(ClockInstantText),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    do: Do,
  })
  return objectOf(
    { items: Type.Array(Type.Union([Once, Repeated]), { minItems: 1, maxItems: 1000 }) },
    {
      $id: 'TimelineInput',
      description: 'Items, each with actions and with when they happen',
      examples: [
        { items: [{ every: '1m', times: 60, do: [{ insertRuns: { count: 2, status: 'completed' } }] }] },
        { items: [{ at: 'now+90s', do: [{ deleteRuns: { runIds: ['r9'] } }] }] },
      ],
    },
  )
}
type TimelineInput = Static<ReturnType<typeof timelineInput>>
export type ItemInput = TimelineInput['items'][number]

const nullableInstant = Type.Union([OutInstant(), Type.Null()])

/** An item of a timeline, with what it was made of: `at`, or `every`, `from` and `times`. */
export const TimelineItem = Type.Object(
  {
    id: Type.String({ examples: ['ti_f508'] }),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    every: Type.Optional(Type.String({ examples: ['1m'] })),
    from: Type.Optional(OutInstant()),
    times: Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description: 'Null for any number' })),
    do: Type.Array(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'An action',
        examples: [{ insertRuns: { count: 2 } }],
      }),
    ),
    fired: Type.Integer({ description: 'How often it has happened' }),
    nextAt: Type.Unsafe<string | null>({ ...nullableInstant, description: 'Null once it does not happen again' }),
  },
  { $id: 'TimelineItem', description: 'An item of a timeline' },
)
export type TimelineItem = Static<typeof TimelineItem>
