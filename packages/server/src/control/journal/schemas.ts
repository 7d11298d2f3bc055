import { type Static, Type } from '@sinclair/typebox'
import { DurationText, ListQuery, objectOf, oneOf } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'
import { Match } from '../scripts/grammar.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

const Pairs = Type.Array(
  Type.Object({ name: Type.String({ examples: ['limit'] }), value: Type.String({ examples: ['2'] }) }),
)
const ExchangeId = 'ex_6c60f7f1-5a0f-4f2e-9d5b-1f1c3a7f3a10'

const exchange = {
  exchange: Type.String({ description: 'What the answer says as `Sandport-Exchange`', examples: [ExchangeId] }),
  operation: orNull(Type.String({ description: 'Null where the path or the method is none of the API' })),
  method: Type.String({ examples: ['GET'] }),
  path: Type.String({ examples: ['/api/motion/demo/export'] }),
  search: Type.String({ description: 'The query as it came', examples: ['limit=2'] }),
  query: Pairs,
  motionId: orNull(Type.String()),
  exportId: orNull(Type.String()),
  key: orNull(Type.String({ description: 'The last characters of the key that counted' })),
  at: OutInstant('Sandbox time at which it came'),
  realAt: OutInstant('Real time at which it came'),
  durationMs: Type.Number({ examples: [12.897] }),
  status: orNull(Type.Integer({ description: 'Null where not even a status was sent' })),
  bytes: Type.Integer({ description: 'Of the body, sent' }),
  whole: Type.Boolean({ description: 'Every byte was sent, and no fault had altered any' }),
  cutBy: orNull(oneOf(['client', 'script', 'server'], { description: 'Who ended it before its end' })),
  revision: Type.Integer({ description: 'The revision of the sandbox that was read for it' }),
  cursorIn: orNull(Type.String()),
  cursorOut: orNull(Type.String()),
  hasMore: orNull(Type.Boolean()),
  script: orNull(Type.Object({ id: Type.String({ examples: ['sc_5564'] }), step: Type.Integer() })),
  findings: Type.Array(Type.String({ examples: ['param.unknown'] })),
  requestHeaders: Pairs,
  requestBody: orNull(Type.String({ description: 'Its beginning' })),
  responseHeaders: Pairs,
  responseBody: orNull(Type.String({ description: 'Where it is short' })),
}

/** One request and its response. */
export const ExchangeView = Type.Object(exchange, { $id: 'Exchange', description: 'One request and its answer' })
export type ExchangeView = Static<typeof ExchangeView>

/** One of them with what was served in it. */
export const WholeExchange = Type.Object(
  {
    ...exchange,
    served: orNull(
      Type.Array(Type.Tuple([Type.String({ examples: ['r1'] }), Type.Integer()]), {
        description: 'The ids and versions of the runs',
      }),
    ),
  },
  { $id: 'WholeExchange', description: 'One request and its answer, with what was served in it' },
)

/** A status, or a class of them. */
const StatusText = Type.String({ format: 'status', description: '`404`, or a class such as `4xx`', examples: ['5xx'] })

/** Which exchanges a list shows. */
export const exchangesQuery = (operations: readonly string[]) =>
  objectOf({
    operation: Type.Optional(oneOf(operations, { description: 'Only those of this call' })),
    status: Type.Optional(StatusText),
    exchange: Type.Optional(Type.String({ description: 'The id of one exchange', examples: [ExchangeId] })),
    after: Type.Optional(
      Type.String({ description: 'The id of the exchange after which they ended', examples: [ExchangeId] }),
    ),
    ...ListQuery.properties,
  })

/** Which exchanges are counted, how many of them there are to be, and how long that may take. */
export const verifyInput = (operations: readonly string[]) =>
  objectOf(
    {
      operation: oneOf(operations),
      ...Match.properties,
      status: Type.Optional(Type.Union([Type.Integer({ minimum: 100, maximum: 599 }), StatusText])),
      atLeast: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      atMost: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      exactly: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      never: Type.Optional(Type.Literal(true)),
      within: Type.Optional(DurationText),
    },
    {
      $id: 'VerifyInput',
      description: 'Which exchanges are counted, how many there are to be, and how long that may take',
      examples: [{ operation: 'syft.exportRuns', query: { limit: '5' }, status: '2xx', atLeast: 1, within: '1s' }],
    },
  )
export type VerifyInput = Static<ReturnType<typeof verifyInput>>

export const VerifyResult = Type.Object(
  {
    matched: Type.Boolean({ description: 'Whether there are as many as there were to be' }),
    count: Type.Integer({ description: 'How many there are', examples: [0] }),
    nearMisses: Type.Array(
      Type.Object({
        exchange: Type.String({ examples: [ExchangeId] }),
        why: Type.String({ examples: ['`limit` was 2, not 5'] }),
      }),
      {
        description: 'Where there are too few: those that differ in one thing, the closest first',
      },
    ),
  },
  { $id: 'VerifyResult', description: 'Whether they came' },
)

export const UnmatchedView = Type.Object(
  {
    exchange: Type.String({ examples: [ExchangeId] }),
    at: OutInstant('Real time'),
    method: Type.String({ examples: ['GET'] }),
    path: Type.String({ examples: ['/api/motion/demo/export'] }),
    status: orNull(Type.Integer()),
    keys: Type.Array(
      Type.Object({ where: Type.String({ examples: ['authorization'] }), key: Type.String({ examples: ['…body'] }) }),
    ),
    reason: Type.String({ description: 'Why it is nobody’s, and what to do', examples: ['No sandbox has this key.'] }),
  },
  { $id: 'UnmatchedRequest', description: 'A request that belongs to no sandbox' },
)
