import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { ListQuery, listOf, listPage, NoBody, readListQuery } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import { showKey } from '../keys/routes.ts'
import { createSandbox, resetSandbox } from './create.ts'
import { getSandboxRow, listKeyRows, listSandboxRows, type SandboxRow } from './queries.ts'
import { deleteSandbox } from './remove.ts'
import { type SandboxInput, SandboxSummary, SandboxView, sandboxInput } from './schemas.ts'

const Params = Type.Object({ sandboxId: Type.String() })

/** Sandboxes: created, listed, shown, deleted, reset. */
export const sandboxRoutes: FastifyPluginAsyncTypebox<{ deps: Deps; modules: readonly ApiModule[] }> = async (
  app,
  context,
) => {
  const { deps, modules } = context
  const { db } = deps

  app.post<{ Body: SandboxInput | null }>(
    '/',
    { schema: { body: Type.Union([sandboxInput(modules), Type.Null()]), response: { 201: SandboxView } } },
    async (request, reply) => {
      const id = await createSandbox({ deps, modules }, request.body ?? {})
      return reply.status(201).send(await view(id, request))
    },
  )

  app.get('/', { schema: { querystring: ListQuery, response: { 200: listOf(SandboxSummary) } } }, async ({ query }) => {
    const { limit, after } = readListQuery(query)
    const rows = await listSandboxRows(db, { after, limit: limit + 1 })
    return listPage(rows.map(summary), { limit, cursorOf: ({ id }) => id })
  })

  app.get('/:sandboxId', { schema: { params: Params, response: { 200: SandboxView } } }, async (request) =>
    view(request.params.sandboxId, request),
  )

  app.delete('/:sandboxId', { schema: { params: Params } }, async ({ params }, reply) => {
    const row = await getSandboxRow(db, params.sandboxId)
    const isDeleted = row && (await db.transaction((tx) => deleteSandbox(tx, modules, row.id)))
    if (!isDeleted) throw new SandboxNotFound(params.sandboxId)
    for (const module of modules) await module.tidy?.(deps)
    return reply.status(204).send()
  })

  app.post(
    '/:sandboxId/reset',
    { schema: { params: Params, body: NoBody, response: { 200: SandboxView } } },
    async (request) => {
      await resetSandbox({ deps, modules }, request.params.sandboxId)
      return view(request.params.sandboxId, request)
    },
  )

  async function view(id: string, request: FastifyRequest) {
    const row = await getSandboxRow(db, id)
    if (!row) throw new SandboxNotFound(id)
    const keys = await listKeyRows(db, id)
    const baseUrl = deps.publicUrl ?? `${request.protocol}://${request.host}`
    const parts: Record<string, unknown> = {}
    for (const { name, describe } of modules) {
      const first = keys.filter(({ api, initial, revokedAt }) => api === name && initial && revokedAt === null)
      const byOwner = new Map(first.map(({ ownerId, key }) => [ownerId, key]))
      parts[name] = await describe(db, id, { baseUrl, keys: byOwner })
    }
    return {
      ...summary(row),
      token: row.token,
      reading: row.reading,
      ...parts,
      keys: keys.map((key) => showKey(key, modules)),
    }
  }
}

function summary({ id, name, seed, now, frozen, rate }: SandboxRow) {
  return { id, name, seed, clock: { now: formatInstant(now.getTime()), frozen, rate } }
}
