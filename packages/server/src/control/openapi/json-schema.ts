import { isDeepStrictEqual } from 'node:util'

export type Json = Record<string, unknown>

/** Named schemas of a document, filled while its parts are written. */
export type Components = Map<string, Json>

const ANY_KEY = '^(.*)$'

/**
 * A TypeBox schema as a document shows it: one with an `$id` becomes a component under this name and a reference to it, and
 * unions of literals become enumerations. What TypeBox keeps under symbols is left out.
 */
export function toJsonSchema(schema: object | undefined, components: Components): Json {
  const { $id, ...rest }: Json = Object.fromEntries(Object.entries(schema ?? {}))
  if (typeof $id !== 'string') return write(rest, components)
  const { description, ...written } = write(rest, components)
  const known = components.get($id)
  const { description: knownDescription, ...knownRest } = known ?? { description, ...written }
  if (!isDeepStrictEqual(knownRest, written)) throw new Error(`Two different schemas are called ${$id}`)
  if (!known) components.set($id, { ...(description !== undefined && { description }), ...written })
  const reference = { $ref: `#/components/schemas/${$id}` }
  return description === undefined || description === knownDescription ? reference : { ...reference, description }
}

function write(schema: Json, components: Components): Json {
  const { anyOf, properties, patternProperties, items, additionalItems, additionalProperties, ...rest } = schema
  const within = (part: unknown) => toJsonSchema(isObject(part) ? part : {}, components)
  const each = (parts: Json) => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, within(part)]))
  const values = isObject(patternProperties) ? patternProperties[ANY_KEY] : undefined
  return {
    ...(Array.isArray(anyOf) ? joined(anyOf.map(within)) : {}),
    ...rest,
    ...(isObject(properties) && { properties: each(properties) }),
    ...(values !== undefined && { additionalProperties: within(values) }),
    ...(values === undefined && isObject(patternProperties) && { patternProperties: each(patternProperties) }),
    // A tuple, as the drafts before 2020-12 write it.
    ...(Array.isArray(items) && { prefixItems: items.map(within), items: additionalItems }),
    ...(isObject(items) && { items: within(items) }),
    ...(typeof additionalProperties === 'boolean' && { additionalProperties }),
  }
}

/** Variants as one schema, where that reads better: literals as an enumeration, a type or null as two types. */
function joined(variants: readonly Json[]): Json {
  if (variants.length > 0 && variants.every((variant) => isOnly(variant, ['const', 'type']) && 'const' in variant)) {
    return { type: variants[0]?.type, enum: variants.map((variant) => variant.const) }
  }
  const [one, other] = variants
  if (variants.length === 2 && typeof one?.type === 'string' && other?.type === 'null' && !('enum' in one)) {
    return { ...one, type: [one.type, 'null'] }
  }
  return { anyOf: variants }
}

function isOnly(schema: Json, names: readonly string[]): boolean {
  return Object.keys(schema).every((name) => names.includes(name))
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
