import { type Static, Type } from '@sinclair/typebox'
import { DurationText, ListQuery, objectOf, oneOf } from '../../wire/control-types.ts'
import { Match } from '../scripts/grammar.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

const Pairs = Type.Array(Type.Object({ name: Type.String(), value: Type.String() }))

const exchange = {
  exchange: Type.String({ description: 'What the answer says as `Sandport-Exchange`' }),
  operation: orNull(Type.String({ description: 'Null where the path or the method is none of the API' })),
  method: Type.String(),
  path: Type.String(),
  search: Type.String({ description: 'The query as it came' }),
  query: Pairs,
  motionId: orNull(Type.String()),
  exportId: orNull(Type.String()),
  key: orNull(Type.String({ description: 'The last characters of the key that counted' })),
  at: Type.String({ description: 'Sandbox time at which it came' }),
  realAt: Type.String({ description: 'Real time at which it came' }),
  durationMs: Type.Number(),
  status: orNull(Type.Integer({ description: 'Null where not even a status was sent' })),
  bytes: Type.Integer({ description: 'Of the body, sent' }),
  whole: Type.Boolean({ description: 'Every byte was sent, and no fault had altered any' }),
  cutBy: orNull(oneOf(['client', 'script', 'server'], { description: 'Who ended it before its end' })),
  revision: Type.Integer({ description: 'The revision of the sandbox that was read for it' }),
  cursorIn: orNull(Type.String()),
  cursorOut: orNull(Type.String()),
  hasMore: orNull(Type.Boolean()),
  script: orNull(Type.Object({ id: Type.String(), step: Type.Integer() })),
  findings: Type.Array(Type.String()),
  requestHeaders: Pairs,
  requestBody: orNull(Type.String({ description: 'Its beginning' })),
  responseHeaders: Pairs,
  responseBody: orNull(Type.String({ description: 'Where it is short' })),
}

/** One request and its response. */
export const ExchangeView = Type.Object(exchange)
export type ExchangeView = Static<typeof ExchangeView>

/** One of them with what was served in it. */
export const WholeExchange = Type.Object({
  ...exchange,
  served: orNull(
    Type.Array(Type.Tuple([Type.String(), Type.Integer()]), { description: 'The ids and versions of the runs' }),
  ),
})

/** A status, or a class of them. */
const StatusText = Type.String({ format: 'status' })

/** Which exchanges a list shows. */
export const exchangesQuery = (operations: readonly string[]) =>
  objectOf({
    operation: Type.Optional(oneOf(operations)),
    status: Type.Optional(StatusText),
    exchange: Type.Optional(Type.String({ description: 'The id of one exchange' })),
    after: Type.Optional(Type.String({ description: 'The id of the exchange after which they ended' })),
    ...ListQuery.properties,
  })

/** Which exchanges are counted, how many of them there are to be, and how long that may take. */
export const verifyInput = (operations: readonly string[]) =>
  objectOf({
    operation: oneOf(operations),
    ...Match.properties,
    status: Type.Optional(Type.Union([Type.Integer({ minimum: 100, maximum: 599 }), StatusText])),
    atLeast: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    atMost: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    exactly: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    never: Type.Optional(Type.Literal(true)),
    within: Type.Optional(DurationText),
  })
export type VerifyInput = Static<ReturnType<typeof verifyInput>>

export const VerifyResult = Type.Object({
  matched: Type.Boolean({ description: 'Whether there are as many as there were to be' }),
  count: Type.Integer({ description: 'How many there are' }),
  nearMisses: Type.Array(Type.Object({ exchange: Type.String(), why: Type.String() }), {
    description: 'Where there are too few: those that differ in one thing, the closest first',
  }),
})

export const UnmatchedView = Type.Object({
  exchange: Type.String(),
  at: Type.String({ description: 'Real time' }),
  method: Type.String(),
  path: Type.String(),
  status: orNull(Type.Integer()),
  keys: Type.Array(Type.Object({ where: Type.String(), key: Type.String() })),
  reason: Type.String(),
})
