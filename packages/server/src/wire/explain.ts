import { KindGuard, type TObject, type TSchema, Unknown } from '@sinclair/typebox'
import { Check } from '@sinclair/typebox/value'
import { expectationOf, literalsOf, nearest, quote, show, toPlace } from './wording.ts'

/** What is wrong with what a caller sent. `path` is a JSON Pointer to it, '' for all of it. */
export type Explanation = {
  code: 'UNKNOWN_PROPERTY' | 'MISSING_PROPERTY' | 'INVALID_VALUE'
  path: string
  message: string
}

/** `whole` and `member` are how messages call the validated part and what it is made of. */
export type Context = {
  /** The schemas that `Ref` and `This` may name. */
  references: TSchema[]
  whole: string
  member: 'property' | 'parameter'
  /** The words that finish "must be …" for each format. */
  formats: Readonly<Record<string, string>>
}

type Path = readonly (string | number)[]

/** The first error, in document order, of a value that its schema has refused. */
export function explainRefused(schema: TSchema, value: unknown, context: Context): Explanation {
  return explain([schema], value, [], context) ?? explainWhole([schema], value, [], context)
}

/** Deeper values would overflow the stack of whoever serializes them. */
const deepest = 100

/** Finds text that PostgreSQL cannot hold, wherever it is: also where the schema allows anything. */
export function explainUnstorable(
  value: unknown,
  context: Context,
  path: (string | number)[] = [],
): Explanation | undefined {
  if (typeof value === 'string') return explainText(value, path, context)
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length === deepest) {
    return invalid(path, `${toLabel(path, context)} is nested too deeply. Nest at most ${deepest} levels.`)
  }
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    path.push(key)
    const error =
      (typeof key === 'string' ? explainText(key, path, context) : undefined) ?? explainUnstorable(item, context, path)
    if (error) return error
    path.pop()
  }
  return undefined
}

function explainText(text: string, path: Path, context: Context): Explanation | undefined {
  const culprit = text.includes('\0')
    ? 'the character U+0000'
    : /\p{Surrogate}/u.test(text)
      ? 'half a surrogate pair'
      : ''
  if (!culprit) return undefined
  return invalid(path, `${toLabel(path, context)} holds ${culprit}, which cannot be stored. Leave it out.`)
}

/** The first error of a value that must match one of the schemas. `undefined` if it does. */
function explain(schemas: readonly TSchema[], value: unknown, path: Path, context: Context): Explanation | undefined {
  const variants = schemas.flatMap((schema) => flatten(schema, context))
  if (variants.some((variant) => Check(variant, context.references, value))) return undefined
  return explainParts(variants, value, path, context) ?? explainWhole(variants, value, path, context)
}

function flatten(schema: TSchema, context: Context): TSchema[] {
  if (KindGuard.IsUnion(schema)) return schema.anyOf.flatMap((variant) => flatten(variant, context))
  if (KindGuard.IsThis(schema) || KindGuard.IsRef(schema)) {
    return context.references.filter(({ $id }) => $id === schema.$ref).flatMap((target) => flatten(target, context))
  }
  return [schema]
}

/** The first error within the value, if some variant is made of parts as the value is. */
function explainParts(variants: TSchema[], value: unknown, path: Path, context: Context): Explanation | undefined {
  if (Array.isArray(value)) {
    const items = variants.filter(KindGuard.IsArray).map((variant) => variant.items)
    if (items.length === 0) return undefined
    return firstOf(value.entries(), ([index, item]) => explain(items, item, [...path, index], context))
  }
  if (!isObject(value)) return undefined
  const objects = variants.filter(KindGuard.IsObject)
  if (objects.length > 0) return explainObject(objects, value, path, context)
  const values = variants.filter(KindGuard.IsRecord).flatMap((variant) => Object.values(variant.patternProperties))
  if (values.length === 0) return undefined
  return firstOf(Object.entries(value), ([key, item]) => explain(values, item, [...path, key], context))
}

/**
 * The first error of an object that could be any of the variants. Each property that is read rules out the variants that it does
 * not fit, so that the error is about the variant that was meant.
 */
function explainObject(
  variants: TObject[],
  value: Record<string, unknown>,
  path: Path,
  context: Context,
): Explanation | undefined {
  const tagged = variants.filter((variant) => hasTagsOf(variant, value))
  let candidates = tagged.length > 0 ? tagged : variants
  for (const [key, item] of Object.entries(value)) {
    const knowing = candidates.filter((candidate) => propertyOf(candidate, key))
    if (knowing.length === 0) return explainUnknown(key, { candidates, variants, value, path, context })
    const error = explain(
      knowing.flatMap((candidate) => propertyOf(candidate, key) ?? []),
      item,
      [...path, key],
      context,
    )
    if (error) return error
    candidates = knowing.filter((candidate) => fits(candidate, key, item, context))
  }
  return explainMissing(candidates, value, path, context)
}

/** Whether every literal of the variant that the value has a property for, such as its `type`, is the value's. */
function hasTagsOf(variant: TObject, value: Record<string, unknown>): boolean {
  return Object.entries(variant.properties).every(
    ([key, schema]) => !KindGuard.IsLiteral(schema) || !Object.hasOwn(value, key) || value[key] === schema.const,
  )
}

function propertyOf(object: TObject, key: string): TSchema | undefined {
  if (Object.hasOwn(object.properties, key)) return object.properties[key]
  const { additionalProperties } = object
  if (additionalProperties === false) return undefined
  return typeof additionalProperties === 'object' ? additionalProperties : Unknown()
}

function fits(object: TObject, key: string, item: unknown, context: Context): boolean {
  const schema = propertyOf(object, key)
  return schema !== undefined && Check(schema, context.references, item)
}

function explainUnknown(
  key: string,
  found: { candidates: TObject[]; variants: TObject[]; value: Record<string, unknown>; path: Path; context: Context },
): Explanation {
  const { candidates, variants, value, path, context } = found
  const at = [...path, key]
  const other = variants.find((variant) => propertyOf(variant, key))
  if (other) {
    const against = Object.keys(value).filter((name) => name !== key && !fits(other, name, value[name], context))
    return invalid(at, `${quote(key)}${inside(path)} cannot be combined with ${against.map(quote).join(', ')}`)
  }
  const names = [...new Set(candidates.flatMap((candidate) => Object.keys(candidate.properties)))]
  const near = nearest(key, names)
  const allowed = names.length > 0 ? `Allowed: ${names.map(quote).join(', ')}` : 'None is allowed there'
  const advice = near === undefined ? allowed : `Did you mean ${quote(near)}?`
  const message = `Unknown ${context.member} ${quote(key)}${inside(path)}. ${advice}`
  return { code: 'UNKNOWN_PROPERTY', path: toPointer(at), message }
}

function explainMissing(
  candidates: TObject[],
  value: Record<string, unknown>,
  path: Path,
  context: Context,
): Explanation | undefined {
  const missing = candidates.map(({ required = [] }) => required.find((name) => !Object.hasOwn(value, name)))
  const names = [...new Set(missing.filter((name) => name !== undefined))]
  const [name] = names
  if (name === undefined || missing.includes(undefined)) return undefined
  const pointer = toPointer(names.length === 1 ? [...path, name] : path)
  const wanted = candidates.flatMap((candidate) => flatten(candidate.properties[name] ?? Unknown(), context))
  const advice = names.length === 1 ? `It must be ${expectationOf(wanted, context.formats)}` : 'Give one of them'
  const message = `Missing ${context.member} ${names.map(quote).join(' or ')}${inside(path)}. ${advice}`
  return { code: 'MISSING_PROPERTY', path: pointer, message }
}

function explainWhole(variants: TSchema[], value: unknown, path: Path, context: Context): Explanation {
  const text = typeof value === 'string' ? value : undefined
  const choices = literalsOf(variants).filter((literal) => typeof literal === 'string')
  const near = text === undefined ? undefined : nearest(text, choices)
  const advice = near === undefined ? '' : `. Did you mean ${quote(near)}?`
  const received = path.length === 0 && value === null ? 'null or nothing' : show(value)
  const expected = expectationOf(variants, context.formats, text)
  return invalid(path, `${toLabel(path, context)} must be ${expected}, not ${received}${advice}`)
}

function invalid(path: Path, message: string): Explanation {
  return { code: 'INVALID_VALUE', path: toPointer(path), message }
}

function toPointer(path: Path): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function toLabel(path: Path, context: Context): string {
  return path.length === 0 ? context.whole : `"${toPlace(path)}"`
}

function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${toPlace(path)}`
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
