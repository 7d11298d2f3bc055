import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { DurationText, objectOf, oneOf } from '../../wire/control-types.ts'
import { type ActionBody, listOfActions, type NamedActions } from '../actions/actions.ts'

const HeaderText = Type.String({ maxLength: 2000, pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' })
const HeaderName = Type.String({ pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" })
const headersOf = <T extends TSchema>(value: T) => Type.Record(HeaderName, value, { additionalProperties: false })

const Wanted = Type.Union([Type.String(), objectOf({ present: Type.Boolean() })])

/** Which requests of its operation a script is for; all of it has to hold. */
export const Match = objectOf(
  {
    motionId: Type.Optional(Type.String()),
    exportId: Type.Optional(Type.String()),
    query: Type.Optional(Type.Record(Type.String(), Wanted)),
    header: Type.Optional(Type.Record(Type.String(), Wanted)),
  },
  { $id: 'Match', description: 'All of it has to hold', examples: [{ query: { status: 'failed' } }] },
)
export type Match = Static<typeof Match>

/** A number of bytes of the body, or a share of it where it is less than 1. */
const After = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const Respond = objectOf({
  status: Type.Integer({ minimum: 200, maximum: 599 }),
  body: Type.Optional(Type.Unknown()),
  headers: Type.Optional(headersOf(HeaderText)),
  retryAfter: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
})
const Truncate = objectOf({
  after: Type.Optional(After),
  inside: Type.Optional(oneOf(['csv-field', 'utf8'])),
  contentLength: Type.Optional(oneOf(['kept', 'fixed', 'none'])),
})
const Stall = objectOf({ after: Type.Optional(After), for: DurationText })
const Alter = objectOf({
  status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
  headers: Type.Optional(headersOf(Type.Union([HeaderText, Type.Null()]))),
  merge: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  mergeItems: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** What a step does to its request; at most one of these. */
export const kinds = ['pass', 'respond', 'reset', 'close', 'truncate', 'stall', 'corrupt', 'alter', 'hold'] as const

const steps = {
  pass: Type.Optional(Type.Literal(true)),
  respond: Type.Optional(Respond),
  reset: Type.Optional(Type.Literal(true)),
  close: Type.Optional(Type.Literal(true)),
  truncate: Type.Optional(Truncate),
  stall: Type.Optional(Stall),
  corrupt: Type.Optional(oneOf(['json', 'html', 'encoding'])),
  alter: Type.Optional(Alter),
  hold: Type.Optional(Type.Literal(true)),
  delay: Type.Optional(DurationText),
  times: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
}

/** A step: what it does to the request, and what happens before and after the answer is made. */
export type Step = Static<ReturnType<typeof Type.Object<typeof steps>>> & {
  before?: ActionBody[]
  then?: ActionBody[]
}

/** What a script is created from. */
export const scriptInput = (operations: readonly string[], actions: NamedActions) => {
  const Actions: TSchema = listOfActions(actions)
  return objectOf(
    {
      operation: oneOf(operations),
      match: Type.Optional(Match),
      steps: Type.Unsafe<Step[]>(
        Type.Array(
          objectOf({
            ...steps,
            ...Object.fromEntries(['before', 'then'].map((name) => [name, Type.Optional(Actions)])),
          }),
          {
            minItems: 1,
            maxItems: 1000,
            description: 'One a request, each taken exactly once',
          },
        ),
      ),
      repeat: Type.Optional(
        Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Boolean()], {
          description: 'How often all steps are gone through; `true` is without end',
        }),
      ),
    },
    {
      $id: 'ScriptInput',
      description: 'What happens to requests that are to come',
      examples: [
        {
          operation: 'syft.exportRuns',
          steps: [{ respond: { status: 503, retryAfter: 2 }, times: 2 }, { truncate: { after: 0.5 } }],
        },
        {
          operation: 'syft.exportRuns',
          match: { query: { status: 'failed', cursor: { present: false } } },
          steps: [{ before: [{ insertRuns: { count: 3 } }] }],
        },
      ],
    },
  )
}
export type ScriptInput = {
  operation: string
  match?: Match
  steps: Step[]
  repeat?: number | boolean
}
