import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
import { answerBulk } from '../../../sandbox/bulk.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import { SandboxNotFound } from '../../../sandbox/errors.ts'
import { findSandbox } from '../../../sandbox/queries.ts'
import { ListQuery, listOf, listPage, NoBody, ObjectId, objectOf, readListQuery } from '../../../wire/control-types.ts'
import { Behavior, behaviorOf, setBehavior } from '../behavior.ts'
import { removeUnreferencedFiles } from '../files.ts'
import { loadMemsolusPools } from '../seed.ts'
import { type ByHand, expire, fail, hold, loseFile, release, step } from './by-hand.ts'
import { createExportsAsData, getExportRow, listExportViews, toExportView } from './exports.ts'
import { createMemories, deleteMemories, getMemory, listMemories, updateMemory } from './memories.ts'
import {
  ExportsInput,
  ExportView,
  FailInput,
  MemoriesInput,
  Memory,
  MemoryPatch,
  Workspace,
  WorkspacePatch,
  WorkspacesInput,
} from './schemas.ts'
import { createWorkspaces, deleteWorkspace, findWorkspace, listWorkspaces, renameWorkspace } from './workspaces.ts'

const SandboxParams = Type.Object({ sandboxId: Type.String() })
const ObjectParams = Type.Object({ sandboxId: Type.String(), id: Type.String() })
const Id = Type.Object({ id: Type.String() })

/** A sandbox's workspaces, memories and exports, as data and by hand. */
export const memsolusDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

  app.post(
    '/workspaces',
    {
      schema: {
        params: SandboxParams,
        body: WorkspacesInput,
        response: { 201: Type.Union([Workspace, listOf(Workspace)]) },
      },
    },
    async ({ params, body }, reply) => {
      reply.status(201)
      return changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => answerBulk(body, await createWorkspaces(tx, sandbox, body)),
        { told: { what: 'memsolus.workspaces', how: 'created' } },
      )
    },
  )
  app.get(
    '/workspaces',
    { schema: { params: SandboxParams, querystring: ListQuery, response: { 200: listOf(Workspace) } } },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listWorkspaces(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get('/workspaces/:id', { schema: { params: ObjectParams, response: { 200: Workspace } } }, async ({ params }) =>
    findWorkspace(db, params.sandboxId, params.id),
  )
  app.patch(
    '/workspaces/:id',
    { schema: { params: ObjectParams, body: WorkspacePatch, response: { 200: Workspace } } },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => renameWorkspace(tx, sandbox.id, params.id, body), {
        told: { what: 'memsolus.workspaces', how: 'changed' },
      }),
  )
  app.delete('/workspaces/:id', { schema: { params: ObjectParams } }, async ({ params }, reply) => {
    await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteWorkspace(tx, sandbox, params.id), {
      told: { what: 'memsolus.workspaces', how: 'deleted' },
    })
    await removeUnreferencedFiles(deps)
    return reply.status(204).send()
  })

  app.post(
    '/memories',
    { schema: { params: SandboxParams, body: MemoriesInput, response: { 201: Type.Union([Memory, listOf(Id)]) } } },
    async ({ params, body }, reply) => {
      reply.status(201)
      const isSingle = !body.items && body.count === undefined
      return changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => {
          const ids = await createMemories(tx, sandbox, body)
          if (isSingle) return getMemory(tx, sandbox.id, ids[0] ?? '')
          return { items: ids.map((id) => ({ id })) }
        },
        { prepare: ({ seed }) => loadMemsolusPools(seed), told: { what: 'memsolus.memories', how: 'created' } },
      )
    },
  )
  app.get(
    '/memories',
    {
      schema: {
        params: SandboxParams,
        querystring: objectOf({ ...ListQuery.properties, workspaceId: Type.Optional(ObjectId) }),
        response: { 200: listOf(Memory) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listMemories(db, params.sandboxId, { workspaceId: query.workspaceId, after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get('/memories/:id', { schema: { params: ObjectParams, response: { 200: Memory } } }, async ({ params }) =>
    getMemory(db, params.sandboxId, params.id),
  )
  app.patch(
    '/memories/:id',
    { schema: { params: ObjectParams, body: MemoryPatch, response: { 200: Memory } } },
    async ({ params, body }) =>
      changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => {
          await updateMemory(tx, sandbox, params.id, body)
          return getMemory(tx, sandbox.id, params.id)
        },
        { told: { what: 'memsolus.memories', how: 'changed' } },
      ),
  )
  app.delete('/memories/:id', { schema: { params: ObjectParams } }, async ({ params }, reply) => {
    await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteMemories(tx, sandbox, [params.id]), {
      told: { what: 'memsolus.memories', how: 'deleted' },
    })
    return reply.status(204).send()
  })

  app.post(
    '/exports',
    { schema: { params: SandboxParams, body: ExportsInput, response: { 201: Type.Union([ExportView, listOf(Id)]) } } },
    async ({ params, body }, reply) => {
      const created = await changeSandbox(
        db,
        params.sandboxId,
        (tx, sandbox) => createExportsAsData(tx, sandbox, body),
        { told: { what: 'memsolus.exports', how: 'created' } },
      )
      for (const { finish } of created) await finish(deps)
      reply.status(201)
      const ids = created.map(({ id }) => ({ id }))
      const answer = answerBulk(body, ids)
      return 'id' in answer ? view({ ...params, id: answer.id }) : answer
    },
  )
  app.get(
    '/exports',
    { schema: { params: SandboxParams, querystring: ListQuery, response: { 200: listOf(ExportView) } } },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const sandbox = await getSandbox(params.sandboxId)
      const views = await listExportViews(db, sandbox, { after, limit: limit + 1 })
      return listPage(views, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get('/exports/:id', { schema: { params: ObjectParams, response: { 200: ExportView } } }, async ({ params }) =>
    view(params),
  )

  for (const [name, act] of Object.entries({ hold, release, step, expire, 'lose-file': loseFile })) {
    app.post(
      `/exports/:id/${name}`,
      { schema: { params: ObjectParams, body: NoBody, response: { 200: ExportView } } },
      async ({ params }) => {
        await byHand(params, act)
        return view(params)
      },
    )
  }
  app.post(
    '/exports/:id/fail',
    {
      schema: {
        params: ObjectParams,
        body: Type.Union([FailInput, Type.Null()]),
        response: { 200: ExportView },
      },
    },
    async ({ params, body }) => {
      await byHand(params, (tx, sandbox, id) => fail(tx, sandbox, id, body ?? {}))
      return view(params)
    },
  )

  app.get('/behavior', { schema: { params: SandboxParams, response: { 200: Behavior } } }, async ({ params }) =>
    behaviorOf(await getSandbox(params.sandboxId)),
  )
  app.put(
    '/behavior',
    { schema: { params: SandboxParams, body: Behavior, response: { 200: Behavior } } },
    async ({ params, body }) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => setBehavior(tx, sandbox, body), {
        told: { what: 'memsolus.behavior', how: 'changed' },
      })
      return body
    },
  )

  async function byHand({ sandboxId, id }: { sandboxId: string; id: string }, act: ByHand) {
    const after = await changeSandbox(db, sandboxId, (tx, sandbox) => act(tx, sandbox, id))
    await after?.(deps)
  }

  async function view({ sandboxId, id }: { sandboxId: string; id: string }) {
    const row = await getExportRow(db, sandboxId, id)
    return toExportView(row, await getSandbox(sandboxId))
  }

  async function getSandbox(sandboxId: string) {
    const sandbox = await findSandbox(db, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    return sandbox
  }
}
