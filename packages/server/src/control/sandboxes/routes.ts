import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { ListQuery, listOf, listPage, Name, NoBody, objectOf, readListQuery } from '../../wire/control-types.ts'
import { cloneSandbox } from './clone.ts'
import { createSandbox, type Makers } from './create.ts'
import { listSandboxRows } from './queries.ts'
import { deleteGroup, deleteSandbox } from './remove.ts'
import { resetSandbox } from './reset.ts'
import { CloneInput, type SandboxInput, SandboxSummary, SandboxView, sandboxInput } from './schemas.ts'
import { summarize, viewSandbox } from './view.ts'

const Params = Type.Object({ sandboxId: Type.String() })
const Listed = objectOf({ ...ListQuery.properties, group: Type.Optional(Name) })
const Deleted = Type.Object({ deleted: Type.Integer({ description: 'How many there were' }) })

/** Sandboxes: created, listed, deleted by their group. */
export const sandboxRoutes: FastifyPluginAsyncTypebox<Makers> = async (app, makers) => {
  const { deps, modules } = makers
  const { db } = deps

  app.post<{ Body: SandboxInput | null }>(
    '/',
    { schema: { body: Type.Union([sandboxInput(modules), Type.Null()]), response: { 201: SandboxView } } },
    async (request, reply) => {
      const created = await createSandbox(makers, request.body ?? {})
      return reply.status(201).send(await viewSandbox(makers, created, request))
    },
  )

  app.get('/', { schema: { querystring: Listed, response: { 200: listOf(SandboxSummary) } } }, async ({ query }) => {
    const { limit, after } = readListQuery(query)
    const rows = await listSandboxRows(db, { group: query.group, after, limit: limit + 1 })
    return listPage(rows.map(summarize), { limit, cursorOf: ({ id }) => id })
  })

  // It takes a group, so that nobody deletes what is everybody's by leaving a parameter out.
  app.delete(
    '/',
    { schema: { querystring: objectOf({ group: Name }), response: { 200: Deleted } } },
    async ({ query }) => {
      const deleted = await deleteGroup(db, modules, query.group)
      for (const module of modules) await module.tidy?.(deps)
      return { deleted }
    },
  )
}

/** One sandbox: shown, deleted, reset, cloned. */
export const oneSandboxRoutes: FastifyPluginAsyncTypebox<Makers> = async (app, makers) => {
  const { deps, modules } = makers

  app.get('/', { schema: { params: Params, response: { 200: SandboxView } } }, async (request) =>
    viewSandbox(makers, request.params.sandboxId, request),
  )

  app.delete('/', { schema: { params: Params } }, async ({ params: { sandboxId } }, reply) => {
    if (!(await deps.db.transaction((tx) => deleteSandbox(tx, modules, sandboxId))))
      throw new SandboxNotFound(sandboxId)
    for (const module of modules) await module.tidy?.(deps)
    return reply.status(204).send()
  })

  app.post('/reset', { schema: { params: Params, body: NoBody, response: { 200: SandboxView } } }, async (request) => {
    await resetSandbox(makers, request.params.sandboxId)
    return viewSandbox(makers, request.params.sandboxId, request)
  })

  app.post(
    '/clone',
    { schema: { params: Params, body: Type.Union([CloneInput, Type.Null()]), response: { 201: SandboxView } } },
    async (request, reply) => {
      const id = await cloneSandbox(makers, request.params.sandboxId, request.body ?? {})
      return reply.status(201).send(await viewSandbox(makers, id, request))
    },
  )
}
