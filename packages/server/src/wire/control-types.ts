import { type SchemaOptions, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'

/** An object that takes no other properties than these. */
export const objectOf = <T extends TProperties>(properties: T, options: SchemaOptions = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false })

/** A body that creates `items` one by one, `count` alike, or with neither a single one. */
export const bulkOf = <T extends TProperties>(properties: T, options: SchemaOptions) =>
  objectOf(properties, {
    description: 'One of three: `items` to create, `count` alike with the other properties, or these for a single one',
    ...options,
  })

/**
 * One of these texts. A union of literals and not `{ enum }`, which TypeBox's compiler does not check and no message could
 * list; `Unsafe` changes the static type alone, as TypeBox infers none from an array of literals.
 */
export const oneOf = <const T extends string>(values: readonly T[], options?: SchemaOptions): TUnsafe<T> =>
  Type.Unsafe<T>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      options,
    ),
  )

/** The body of a call that takes none. */
export const NoBody = Type.Union([objectOf({}), Type.Null()])
export const ObjectId = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\s/?#%]+$',
  description: 'An id that is unique in the sandbox',
  examples: ['r1'],
})
export const Name = Type.String({ minLength: 1, maxLength: 200, description: 'A name, for people', examples: ['mine'] })
/** A name that is part of a path as it is. */
export const PlainName = Type.String({
  format: 'plain-name',
  minLength: 1,
  maxLength: 100,
  description: '1 to 100 letters, digits, `.`, `_` and `-`',
  examples: ['two-runs'],
})
export const InstantText = Type.String({
  format: 'instant',
  description: 'ISO 8601, of the years 1000 to 9999',
  examples: ['2026-03-01T12:00:00Z'],
})
/** An instant, `now`, or `now` and a duration more or less. */
export const ClockInstantText = Type.String({
  format: 'clock-instant',
  description: 'ISO 8601, or `now`, `now-90s`, `now+5m`',
  examples: ['now+90s'],
})
export const DurationText = Type.String({
  format: 'duration-text',
  description: '`500ms`, `30s`, `5m`, `72h`, `7d`, or ISO 8601 such as `PT72H`; up to 100 years',
  examples: ['30s'],
})
export const InstantRange = objectOf({ from: InstantText, to: InstantText })

/** What a call is about, by its path. */
const SandboxId = Type.String({ description: 'The id of a sandbox', examples: ['default'] })
export const SandboxParams = Type.Object({ sandboxId: SandboxId })
export const ObjectParams = Type.Object({
  sandboxId: SandboxId,
  id: Type.String({ description: 'The id of one of them', examples: ['r1'] }),
})

export const ControlError = Type.Object(
  {
    error: Type.String({ description: 'A code', examples: ['INVALID_VALUE'] }),
    message: Type.String({
      description: 'What failed, why, and what to do',
      examples: ['"seed" must be a whole number'],
    }),
    path: Type.Optional(
      Type.String({ description: 'A JSON Pointer to what is wrong in what was sent', examples: ['/seed'] }),
    ),
  },
  { $id: 'Error', description: 'What is wrong' },
)

export const ListQuery = objectOf({
  limit: Type.Optional(
    Type.String({
      format: 'positive-integer',
      description: 'Items per page: 100 by default, at most 1000',
      examples: ['100'],
    }),
  ),
  cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before' })),
})

/** A page of a list. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'For the page that follows; null, or not there, at the end',
        examples: [null],
      }),
    ),
  })

/** How much of a list is asked for, and the text after which it goes on. */
export function readListQuery({ limit, cursor }: { limit?: string; cursor?: string }): {
  limit: number
  after: string
} {
  const after = Buffer.from(cursor ?? '', 'base64url')
    .toString('utf8')
    .replaceAll('\0', '\uFFFD')
  return { limit: Math.min(Number(limit ?? 100), 1000), after }
}

/** The answer to a list call, from one row more than `limit` where there are more; `cursorOf` is what they are ordered by. */
export function listPage<Row>(rows: Row[], { limit, cursorOf }: { limit: number; cursorOf: (row: Row) => string }) {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, nextCursor: more ? Buffer.from(cursorOf(last)).toString('base64url') : null }
}

/** Does one after the other what a transaction cannot do at once. */
export async function inOrder<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await act(item))
  return results
}
