import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance, FastifySchema } from 'fastify'

/** A call as its route describes it. */
export type Operation = {
  id: string
  method: string
  /** Of the URL, with `:name` for what varies. */
  path: string
  /** The vendor's call that it is, such as `syft.exportRuns`. */
  vendorsCall: string | undefined
  /** Answers without a token. */
  isOpen: boolean
  schema: FastifySchema
  /** The schemas of its answers, by status. */
  answers: Readonly<Record<string, TSchema>>
}

/** Notes the calls of all routes that are registered from now on, in that order. HEAD is answered like GET. */
export function collectOperations(app: FastifyInstance): readonly Operation[] {
  const operations: Operation[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const id = config?.operation?.split('.').at(-1) ?? schema?.operationId
    if (!schema || id === undefined || method === 'HEAD') return
    // A plugin's root is there twice, with and without a slash at its end.
    const path = url.replace(/\/$/, '')
    if (operations.some((known) => known.id === id && known.path === path)) return
    operations.push({
      id,
      method: `${method}`.toLowerCase(),
      path,
      vendorsCall: config?.operation,
      isOpen: config?.isOpen ?? false,
      schema,
      // A copy, because Fastify puts others in their place.
      answers: { ...(schema.response as Record<string, TSchema> | undefined) },
    })
  })
  return operations
}
