import createError from '@fastify/error'
import { FormatRegistry, KindGuard, type Static, type TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { FastifySchemaCompiler } from 'fastify'
import { parseDuration } from './duration.ts'
import { type Context, type Explanation, explainRefused, explainUnstorable } from './explain.ts'
import { latestInstant, parseInstant } from './instant.ts'
import { parsePositiveInteger } from './query.ts'

const InputError = createError<Explanation['code'], 400, [message: string]>('INVALID_VALUE', '%s', 400)

/** What a caller sent cannot be used. `path` is a JSON Pointer into the part that was validated, '' for all of it. */
export class InvalidInput extends InputError {
  readonly path: string

  constructor(code: Explanation['code'], path: string, message: string) {
    super(message)
    this.name = 'InvalidInput'
    this.code = code
    this.path = path
  }
}

/** The error of a value that its schema allows and a handler cannot use. */
export function invalid(path: string, message: string): InvalidInput {
  return new InvalidInput('INVALID_VALUE', path, message)
}

/** Does something with the part of what was sent that is at `path`, so that its errors point into the whole. */
export async function within<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof InvalidInput) throw new InvalidInput(error.code, path + error.path, error.message)
    throw error
  }
}

/**
 * Validates what the control API is sent, strictly: nothing is coerced, dropped or filled in, and the first error in document
 * order is an `InvalidInput`. A schema whose strictness was forgotten is refused when its route is registered; it is compiled
 * when something is sent, as a server that starts has dozens of them.
 */
export const controlValidatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = '', method, url }) => {
  if (httpPart === 'body' || httpPart === 'querystring') refuseLax(schema, `the ${httpPart} of ${method} ${url}`)
  let findError: FindError | undefined
  return (data: unknown) => {
    findError ??= errorFinder(schema, {
      references: [...identified(schema)],
      whole: wholes[httpPart] ?? 'The input',
      member: httpPart === 'querystring' ? 'parameter' : 'property',
      formats: expectations,
    })
    const error = findError(data)
    return error ? { error } : { value: data }
  }
}

/** Validates as strictly what came another way than with a request. `whole` is how messages call it. Throws an `InvalidInput`. */
export function validate<T extends TSchema>(schema: T, data: unknown, whole: string): Static<T> {
  const error = errorFinder(schema, { references: [], whole, member: 'property', formats: expectations })(data)
  if (error) throw error
  return data as Static<T>
}

type FindError = (data: unknown) => InvalidInput | undefined

function errorFinder(schema: TSchema, context: Context): FindError {
  registerFormats()
  const compiled = TypeCompiler.Compile(schema)
  return (data) => {
    const wrong =
      explainUnstorable(data, context) ?? (compiled.Check(data) ? undefined : explainRefused(schema, data, context))
    return wrong && new InvalidInput(wrong.code, wrong.path, wrong.message)
  }
}

/**
 * Reads an ISO 8601 instant or `now`, `now-90s`, `now+5m` as epoch milliseconds, cut to milliseconds. `undefined` where it is
 * neither, or outside of the years 1000 to 9999.
 */
export function parseClockInstant(text: string, nowMs: number): number | undefined {
  const relative = /^now(?:([+-])(.+))?$/.exec(text)
  if (!relative) return storableInstant(parseInstant(text)?.floor)
  const [, sign, by] = relative
  const byMs = by === undefined ? 0 : parseDuration(by)
  return byMs === undefined ? undefined : storableInstant(sign === '-' ? nowMs - byMs : nowMs + byMs)
}

/** Made-up data goes back from a sandbox's instants, and is to have four-digit years too. */
const earliestKept = Date.UTC(1000, 0, 1)

function storableInstant(epochMs: number | undefined): number | undefined {
  return epochMs !== undefined && epochMs >= earliestKept && epochMs <= latestInstant ? epochMs : undefined
}

/** The formats that schemas may name, each with the words that finish "must be …". */
const formats: Record<string, { accepts: (text: string) => boolean; expected: string }> = {
  instant: {
    accepts: (text) => storableInstant(parseInstant(text)?.floor) !== undefined,
    expected: 'an ISO 8601 instant such as 2026-01-01T00:00:00Z',
  },
  'clock-instant': {
    accepts: (text) => parseClockInstant(text, 0) !== undefined,
    expected: 'an ISO 8601 instant such as 2026-01-01T00:00:00Z, or now, now-90s or now+5m',
  },
  'duration-text': {
    accepts: (text) => parseDuration(text) !== undefined,
    expected: 'a duration such as 500ms, 30s, 5m, 72h or PT72H',
  },
  'plain-name': {
    // Not `.` or `..`, which no path can end with.
    accepts: (text) => /^(?!\.{1,2}$)[\w.-]{1,100}$/.test(text),
    expected: '1 to 100 letters, digits, ".", "_" or "-", such as before-2.1',
  },
  'positive-integer': {
    accepts: (text) => parsePositiveInteger(text) !== undefined,
    expected: 'a whole number of at least 1',
  },
  status: {
    accepts: (text) => /^[1-5](?:\d\d|xx)$/.test(text),
    expected: 'a status such as 404, or a class of them such as 4xx',
  },
}

/** For whoever checks a document that names them. */
export const formatNames: readonly string[] = Object.keys(formats)

export function acceptsFormat(name: string, text: string): boolean {
  return formats[name]?.accepts(text) ?? false
}

const expectations = Object.fromEntries(Object.entries(formats).map(([name, { expected }]) => [name, expected]))

/** What is wrong, and where, for whom no `path` is shown beside it. */
export function withPlace({ message, path }: Pick<InvalidInput, 'message' | 'path'>): string {
  return path === '' ? message : `${message} (at ${path})`
}

/** Makes the formats known to TypeBox. */
export function registerFormats(): void {
  for (const [name, { accepts }] of Object.entries(formats)) FormatRegistry.Set(name, accepts)
}

const wholes: Record<string, string> = {
  body: 'The body',
  querystring: 'The query string',
  params: 'The path',
  headers: 'The headers',
}

/** The schemas in one that others refer to. */
function* identified(value: unknown): Generator<TSchema> {
  if (typeof value !== 'object' || value === null) return
  if (KindGuard.IsSchema(value) && value.$id !== undefined) yield value
  for (const part of Object.values(value)) yield* identified(part)
}

/** Schemas that were looked through: many routes share them. */
const strict = new WeakSet<object>()

function refuseLax(value: unknown, where: string, at = ''): void {
  if (typeof value !== 'object' || value === null || strict.has(value)) return
  if (KindGuard.IsIntersect(value)) {
    throw new Error(`Failed to compile ${where}: schema '${at}' is an intersection. Merge it with Type.Composite.`)
  }
  if (KindGuard.IsObject(value) && value.additionalProperties === undefined) {
    throw new Error(
      `Failed to compile ${where}: schema '${at}' would let unknown properties through. ` +
        'Set additionalProperties to false, or to true where any are meant to be allowed.',
    )
  }
  for (const [key, part] of Object.entries(value)) refuseLax(part, where, `${at}/${key}`)
  strict.add(value)
}
