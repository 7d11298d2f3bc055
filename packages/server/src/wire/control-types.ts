import { type SchemaOptions, type TProperties, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'

/** An object that takes no other properties than these. */
export const objectOf = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

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
export const ObjectId = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\s/?#%]+$' })
export const Name = Type.String({ minLength: 1, maxLength: 200 })
/** A name that is part of a path as it is. */
export const PlainName = Type.String({ format: 'plain-name', minLength: 1, maxLength: 100 })
export const InstantText = Type.String({ format: 'instant' })
/** An instant, `now`, or `now` and a duration more or less. */
export const ClockInstantText = Type.String({ format: 'clock-instant' })
export const DurationText = Type.String({ format: 'duration' })
export const InstantRange = objectOf({ from: InstantText, to: InstantText })

export const ListQuery = objectOf({
  limit: Type.Optional(
    Type.String({ format: 'positive-integer', description: 'Items per page: 100 by default, at most 1000' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before' })),
})

/** A page of a list. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.Union([Type.String(), Type.Null()])) })

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
