import { type TSchema, Type } from '@sinclair/typebox'
import type { FastifyError } from 'fastify'

declare module 'fastify' {
  interface FastifySchema {
    /** The name of the call, once in its API. Vendors' calls have it from their `config`. */
    operationId?: string
    /** What it does, in a few words. */
    summary?: string
    /** What else there is to know, as Markdown. */
    description?: string
    /** The group that it is shown in. */
    tags?: readonly string[]
  }
}

/** What the schema of an answer's body does not say of it. A header that is optional does not always come. */
type AnswerFacts = {
  description?: string
  headers?: Readonly<Record<string, TSchema>>
  /** The media types that it comes in, where it is not JSON alone. */
  types?: Readonly<Record<string, TSchema>>
}

const FACTS = Symbol('facts')
const ERRORS = Symbol('errors')

/** An answer's schema, with what is to be told of the answer beside its body. */
export const answer = <T extends TSchema>(schema: T, facts: AnswerFacts): T => ({ ...schema, [FACTS]: facts })

export const factsOf = (schema: TSchema & { [FACTS]?: AnswerFacts }): AnswerFacts => schema[FACTS] ?? {}

/** The answer of a call that has nothing to tell. */
export const Nothing = (description: string) => answer(Type.Void(), { description })

/**
 * What a call can be refused with: the errors that it throws, each with values as an example. They are grouped by status,
 * and the API that a call belongs to says what their bodies look like. The type is empty: handlers throw, and answer none.
 */
export function refusals(...errors: readonly FastifyError[]): Record<never, TSchema> {
  return Object.fromEntries(byStatus(errors).map(([status, those]) => [status, { ...Type.Unknown(), [ERRORS]: those }]))
}

/** Errors in groups of the same status, lowest first. */
export function byStatus(errors: readonly FastifyError[]): [status: string, errors: FastifyError[]][] {
  const statuses = [...new Set(errors.map(({ statusCode = 500 }) => statusCode))].toSorted((one, other) => one - other)
  return statuses.map((status) => [`${status}`, errors.filter(({ statusCode = 500 }) => statusCode === status)])
}

export const errorsOf = (schema: TSchema & { [ERRORS]?: readonly FastifyError[] }): readonly FastifyError[] =>
  schema[ERRORS] ?? []
