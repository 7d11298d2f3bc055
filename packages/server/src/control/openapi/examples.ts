import { type Components, isObject, type Json } from './json-schema.ts'

/**
 * An example of what a schema allows: its own, or one put together from those of its parts. Undefined where a part has
 * none that is told.
 */
export function exampleOf(schema: Json, components: Components): unknown {
  const { examples, anyOf, type, properties, items, prefixItems, $ref } = schema
  if (Array.isArray(examples)) return examples[0]
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (typeof $ref === 'string') return exampleOf(components.get($ref.split('/').at(-1) ?? '') ?? {}, components)
  if (Array.isArray(anyOf)) return anyOf.map((variant) => exampleOf(variant, components)).find((it) => it !== undefined)
  if (isObject(properties)) {
    const told = Object.entries(properties).map(([name, part]) => [
      name,
      isObject(part) ? exampleOf(part, components) : undefined,
    ])
    return Object.fromEntries(told.filter(([, example]) => example !== undefined))
  }
  if (Array.isArray(prefixItems)) return prefixItems.map((part) => exampleOf(part, components))
  if (isObject(items)) {
    const item = exampleOf(items, components)
    return item === undefined ? [] : [item]
  }
  const types = [type].flat()
  if (types.includes('null')) return null
  if (types.includes('boolean')) return false
  if (types.includes('object')) return {}
  if (types.includes('integer') || types.includes('number')) return schema.minimum ?? 1
  return undefined
}

/** The examples of a body under names, as a media type lists them: of each variant, where there are several. */
export function namedExamples(schema: Json, components: Components): Json {
  const { examples, anyOf } = schema
  const known = Array.isArray(examples)
    ? examples
    : Array.isArray(anyOf)
      ? anyOf.map((variant) => exampleOf(variant, components))
      : [exampleOf(schema, components)]
  const told = known.filter((example) => example !== undefined && example !== null)
  return Object.fromEntries(told.map((value, index) => [`example-${index + 1}`, { value }]))
}
