import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
import { answerBulk } from '../../../sandbox/bulk.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import {
  ListQuery,
  listOf,
  listPage,
  ObjectId,
  ObjectParams,
  objectOf,
  readListQuery,
  SandboxParams,
} from '../../../wire/control-types.ts'
import { Nothing, refusals } from '../../../wire/operation.ts'
import { MemoryExists, MemoryNotFound, NoWorkspace, WorkspaceExists, WorkspaceNotFound } from '../errors.ts'
import { removeUnreferencedFiles } from '../files.ts'
import { loadMemsolusPools } from '../seed.ts'
import { exportDataRoutes } from './export-routes.ts'
import { createMemories, deleteMemories, getMemory, listMemories, updateMemory } from './memories.ts'
import { MemoriesInput, Memory, MemoryPatch, Workspace, WorkspacePatch, WorkspacesInput } from './schemas.ts'
import { createWorkspaces, deleteWorkspace, findWorkspace, listWorkspaces, renameWorkspace } from './workspaces.ts'

const Id = Type.Object({ id: Type.String({ examples: ['m1'] }) }, { description: 'Its id' })
/** A sandbox's workspaces, memories and exports, as data and by hand. */
export const memsolusDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

  app.post(
    '/workspaces',
    {
      schema: {
        operationId: 'createWorkspaces',
        summary: 'Create workspaces',
        description: 'What is not given is made up from the seed of the sandbox.',
        tags: ['memsolus'],
        params: SandboxParams,
        body: WorkspacesInput,
        response: { 201: Type.Union([Workspace, listOf(Workspace)]), ...refusals(new WorkspaceExists('w1')) },
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
    {
      schema: {
        operationId: 'listWorkspaces',
        summary: 'List workspaces',
        tags: ['memsolus'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(Workspace) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listWorkspaces(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get(
    '/workspaces/:id',
    {
      schema: {
        operationId: 'getWorkspace',
        summary: 'Read a workspace',
        tags: ['memsolus'],
        params: ObjectParams,
        response: { 200: Workspace, ...refusals(new WorkspaceNotFound('w9')) },
      },
    },
    async ({ params }) => findWorkspace(db, params.sandboxId, params.id),
  )
  app.patch(
    '/workspaces/:id',
    {
      schema: {
        operationId: 'changeWorkspace',
        summary: 'Change a workspace',
        tags: ['memsolus'],
        params: ObjectParams,
        body: WorkspacePatch,
        response: { 200: Workspace, ...refusals(new WorkspaceNotFound('w9')) },
      },
    },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => renameWorkspace(tx, sandbox.id, params.id, body), {
        told: { what: 'memsolus.workspaces', how: 'changed' },
      }),
  )
  app.delete(
    '/workspaces/:id',
    {
      schema: {
        operationId: 'deleteWorkspace',
        summary: 'Delete a workspace',
        description: 'Its memories, exports and keys go with it.',
        tags: ['memsolus'],
        params: ObjectParams,
        response: { 204: Nothing('It is gone'), ...refusals(new WorkspaceNotFound('w9')) },
      },
    },
    async ({ params }, reply) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteWorkspace(tx, sandbox, params.id), {
        told: { what: 'memsolus.workspaces', how: 'deleted' },
      })
      await removeUnreferencedFiles(deps)
      return reply.status(204).send()
    },
  )

  app.post(
    '/memories',
    {
      schema: {
        operationId: 'createMemories',
        summary: 'Create memories',
        description: 'What is not given is made up from the seed of the sandbox.',
        tags: ['memsolus'],
        params: SandboxParams,
        body: MemoriesInput,
        response: {
          201: Type.Union([Memory, listOf(Id)]),
          ...refusals(new MemoryExists('m1'), new WorkspaceNotFound('w9'), new NoWorkspace()),
        },
      },
    },
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
        operationId: 'listMemories',
        summary: 'List memories',
        tags: ['memsolus'],
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
  app.get(
    '/memories/:id',
    {
      schema: {
        operationId: 'getMemory',
        summary: 'Read a memory',
        tags: ['memsolus'],
        params: ObjectParams,
        response: { 200: Memory, ...refusals(new MemoryNotFound('m9')) },
      },
    },
    async ({ params }) => getMemory(db, params.sandboxId, params.id),
  )
  app.patch(
    '/memories/:id',
    {
      schema: {
        operationId: 'changeMemory',
        summary: 'Change a memory',
        tags: ['memsolus'],
        params: ObjectParams,
        body: MemoryPatch,
        response: { 200: Memory, ...refusals(new MemoryNotFound('m9')) },
      },
    },
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
  app.delete(
    '/memories/:id',
    {
      schema: {
        operationId: 'deleteMemory',
        summary: 'Delete a memory',
        tags: ['memsolus'],
        params: ObjectParams,
        response: { 204: Nothing('It is gone'), ...refusals(new MemoryNotFound('m9')) },
      },
    },
    async ({ params }, reply) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteMemories(tx, sandbox, [params.id]), {
        told: { what: 'memsolus.memories', how: 'deleted' },
      })
      return reply.status(204).send()
    },
  )

  await app.register(exportDataRoutes, { ...deps, prefix: '' })
}
