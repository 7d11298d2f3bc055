import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
import { answerBulk } from '../../../sandbox/bulk.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import { SandboxNotFound } from '../../../sandbox/errors.ts'
import { findSandbox } from '../../../sandbox/queries.ts'
import {
  ListQuery,
  listOf,
  listPage,
  NoBody,
  ObjectId,
  ObjectParams,
  objectOf,
  readListQuery,
  SandboxParams,
} from '../../../wire/control-types.ts'
import { Nothing, refusals } from '../../../wire/operation.ts'
import { Behavior, behaviorOf, setBehavior } from '../behavior.ts'
import {
  ExportExists,
  ExportNotFound,
  MemoryExists,
  MemoryNotFound,
  NotPossible,
  NoWorkspace,
  WorkspaceExists,
  WorkspaceNotFound,
} from '../errors.ts'
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

const Id = Type.Object({ id: Type.String({ examples: ['m1'] }) }, { description: 'Its id' })
const EXPORT_ID = '0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'

/** What can be done to an export by hand, by the end of its path. */
const byHandCalls: readonly { name: string; called: string; summary: string; act: ByHand }[] = [
  { name: 'hold', called: 'hold', summary: 'Hold an export where it is', act: hold },
  { name: 'release', called: 'release', summary: 'Let an export go on', act: release },
  { name: 'step', called: 'step', summary: 'Make the next transition of an export now', act: step },
  { name: 'expire', called: 'expire', summary: 'Expire an export that is ready', act: expire },
  { name: 'lose-file', called: 'loseFileOf', summary: 'Lose the file of an export that is ready', act: loseFile },
]

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

  app.post(
    '/exports',
    {
      schema: {
        operationId: 'createExports',
        summary: 'Create exports as data',
        description:
          'At any status and age. A `READY` one has its file when the call is answered, unless its `outcome` is `lose-file`.',
        tags: ['memsolus'],
        params: SandboxParams,
        body: ExportsInput,
        response: {
          201: Type.Union([ExportView, listOf(Id)]),
          ...refusals(new WorkspaceNotFound('w9'), new NoWorkspace(), new ExportExists(EXPORT_ID)),
        },
      },
    },
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
    {
      schema: {
        operationId: 'listExports',
        summary: 'List exports of all workspaces',
        tags: ['memsolus'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(ExportView) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const sandbox = await getSandbox(params.sandboxId)
      const views = await listExportViews(db, sandbox, { after, limit: limit + 1 })
      return listPage(views, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get(
    '/exports/:id',
    {
      schema: {
        operationId: 'getExport',
        summary: 'Read an export',
        tags: ['memsolus'],
        params: ObjectParams,
        response: { 200: ExportView, ...refusals(new ExportNotFound(EXPORT_ID)) },
      },
    },
    async ({ params }) => view(params),
  )

  for (const { name, called, summary, act } of byHandCalls) {
    app.post(
      `/exports/:id/${name}`,
      {
        schema: {
          operationId: `${called}Export`,
          summary,
          tags: ['memsolus'],
          params: ObjectParams,
          body: NoBody,
          response: {
            200: ExportView,
            ...refusals(
              new ExportNotFound(EXPORT_ID),
              new NotPossible('expire', EXPORT_ID, 'PENDING', 'Only a READY export can expire.'),
            ),
          },
        },
      },
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
        operationId: 'failExport',
        summary: 'Fail an export',
        description: 'If it is `PENDING` or `PROCESSING`.',
        tags: ['memsolus'],
        params: ObjectParams,
        body: Type.Union([FailInput, Type.Null()]),
        response: {
          200: ExportView,
          ...refusals(
            new ExportNotFound(EXPORT_ID),
            new NotPossible('fail', EXPORT_ID, 'READY', 'Only a PENDING or PROCESSING export can fail.'),
          ),
        },
      },
    },
    async ({ params, body }) => {
      await byHand(params, (tx, sandbox, id) => fail(tx, sandbox, id, body ?? {}))
      return view(params)
    },
  )

  app.get(
    '/behavior',
    {
      schema: {
        operationId: 'getBehavior',
        summary: 'Read how new exports behave',
        tags: ['memsolus'],
        params: SandboxParams,
        response: { 200: Behavior },
      },
    },
    async ({ params }) => behaviorOf(await getSandbox(params.sandboxId)),
  )
  app.put(
    '/behavior',
    {
      schema: {
        operationId: 'setBehavior',
        summary: 'Say how new exports behave',
        description: 'The body replaces all of it, so `{}` is as fast as possible and always ready.',
        tags: ['memsolus'],
        params: SandboxParams,
        body: Behavior,
        response: { 200: Behavior },
      },
    },
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
