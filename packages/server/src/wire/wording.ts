import { KindGuard, type TSchema } from '@sinclair/typebox'
import { closest, distance } from 'fastest-levenshtein'

/** Choices that a message lists; of more, it names only a few. */
const mostListed = 12
const few = 5

/**
 * The words that finish "must be …" of a value that may match any of the variants; `formats` has those of each format. Of a
 * long list of choices they name the ones most like `text`, which was sent instead.
 */
export function expectationOf(
  variants: readonly TSchema[],
  formats: Readonly<Record<string, string>>,
  text?: string,
): string {
  const literals = literalsOf(variants)
  const others = variants.filter((variant) => !KindGuard.IsLiteral(variant))
  const hasText = others.some(KindGuard.IsString)
  const described = others.map((variant) => {
    const { required = [] } = KindGuard.IsObject(variant) ? variant : {}
    // Beside text, "an object" alone would not tell what else could be sent.
    const members = hasText && required.length > 0 ? ` with ${required.map(quote).join(' and ')}` : ''
    return `${describe(variant, formats)}${members}`
  })
  const choice = literals.length > 0 ? [listChoices(literals, text)] : []
  return [...new Set([...choice, ...described])].join(' or ')
}

export function literalsOf(variants: readonly TSchema[]): (string | number | boolean)[] {
  return variants.filter(KindGuard.IsLiteral).map((variant) => variant.const)
}

function listChoices(literals: readonly (string | number | boolean)[], text: string | undefined): string {
  const [only] = literals
  if (literals.length === 1) return JSON.stringify(only)
  const isLong = literals.length > mostListed
  const named = isLong ? byLikeness(literals, text).slice(0, few) : literals
  const list = named.map((literal) => JSON.stringify(literal)).join(', ')
  return isLong ? `one of ${list}, … (${literals.length} in all)` : `one of ${list}`
}

/** Those that the text is a part of come first, or that are a part of it, then those with the fewest other letters. */
function byLikeness<T extends string | number | boolean>(
  literals: readonly T[],
  text: string | undefined,
): readonly T[] {
  if (!text) return literals
  const lower = text.slice(0, longestCompared).toLowerCase()
  const ranked = literals.map((literal) => {
    const name = String(literal).toLowerCase()
    const isPart = name.includes(lower) || lower.includes(name)
    return { literal, isPart, apart: distance(lower, name) }
  })
  ranked.sort((a, b) => Number(b.isPart) - Number(a.isPart) || a.apart - b.apart)
  return ranked.map(({ literal }) => literal)
}

function describe(schema: TSchema, formats: Readonly<Record<string, string>>): string {
  if (KindGuard.IsString(schema)) {
    if (schema.format !== undefined) return formats[schema.format] ?? `a string of the format ${schema.format}`
    if (schema.pattern !== undefined) return `a string that matches ${schema.pattern}`
    return `a string${count(schema.minLength, schema.maxLength, 'character')}`
  }
  if (KindGuard.IsInteger(schema)) return `a whole number${range(schema)}`
  if (KindGuard.IsNumber(schema)) return `a number${range(schema)}`
  if (KindGuard.IsBoolean(schema)) return 'true or false'
  if (KindGuard.IsNull(schema)) return 'null'
  if (KindGuard.IsArray(schema)) {
    return `an array${count(schema.minItems, schema.maxItems, 'item')}${schema.uniqueItems ? ' without repeats' : ''}`
  }
  if (KindGuard.IsTuple(schema)) return `an array${count(schema.maxItems, schema.maxItems, 'item')}`
  if (KindGuard.IsObject(schema) || KindGuard.IsRecord(schema)) {
    return `an object${count(schema.minProperties, schema.maxProperties, 'property', 'properties')}`
  }
  if (KindGuard.IsNever(schema)) return 'absent'
  return schema.description ?? 'another value'
}

function range(schema: {
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
}): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const limits = [
    minimum !== undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    maximum !== undefined && `at most ${maximum}`,
    exclusiveMaximum !== undefined && `less than ${exclusiveMaximum}`,
  ].filter((limit) => limit !== false)
  const of = limits.length > 0 ? ` of ${limits.join(' and ')}` : ''
  return multipleOf === undefined ? of : `${of}, a multiple of ${multipleOf}`
}

function count(min: number | undefined, max: number | undefined, one: string, many = `${one}s`): string {
  if (min !== undefined && min === max) return ` of ${min} ${min === 1 ? one : many}`
  if (min !== undefined && max !== undefined) return ` of ${min} to ${max} ${many}`
  if (min !== undefined) return ` of at least ${min} ${min === 1 ? one : many}`
  return max === undefined ? '' : ` of at most ${max} ${max === 1 ? one : many}`
}

/** Longer text is no mistyped name, and comparing it would take long. */
const longestCompared = 60

/** The name most like a mistyped one, unless none is like it. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || text.length > longestCompared) return undefined
  const lower = text.toLowerCase()
  const near = closest(
    lower,
    names.map((name) => name.toLowerCase()),
  )
  const apart = distance(lower, near)
  // As far apart as the longer one is long, they share nothing.
  const isNear = apart <= Math.max(2, lower.length * 0.4) && apart < Math.max(lower.length, near.length)
  return isNear ? names.find((name) => name.toLowerCase() === near) : undefined
}

/** A value as messages show it: as JSON, of limited length. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  const short = shorten(text)
  if (short === text) return text
  if (typeof value === 'string') return `${short} (${value.length} characters)`
  return Array.isArray(value) ? `${short} (${value.length} items)` : short
}

export function quote(name: string): string {
  return shorten(JSON.stringify(name))
}

/** A name or value of somebody else's in a sentence, set off from it. */
export function mark(text: string): string {
  return `\`${shorten(text.replaceAll('`', "'"))}\``
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).replace(/\p{Surrogate}$/u, '')}…`
}

/** `items[0].status` */
export function toPlace(path: readonly (string | number)[]): string {
  return path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`
      if (!/^[\w$-]+$/.test(segment) || segment.length > 60) return `[${quote(segment)}]`
      return index === 0 ? segment : `.${segment}`
    })
    .join('')
}
