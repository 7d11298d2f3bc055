import type { TSchema } from '@sinclair/typebox'
import type { FastifyError } from 'fastify'

/** What the OpenAPI document of an API says that no route of it does. */
export type Subject = {
  readonly title: string
  /** Markdown. */
  readonly description: string
  readonly tags: readonly { name: string; description: string }[]
  readonly securitySchemes: Readonly<Record<string, object>>
  /** Which of them let a call in, any one of these. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  /** The body of every error. */
  readonly errorBody: TSchema
  bodyOf(error: FastifyError): unknown
  /** The headers that come with errors, by status. */
  readonly refusalHeaders: Readonly<Record<string, Readonly<Record<string, TSchema>>>>
  /** What any call can be refused with, whatever its route says. */
  refusalsOf(call: { method: string; path: string; isOpen: boolean }): readonly FastifyError[]
}
