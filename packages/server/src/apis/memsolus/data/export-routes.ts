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
  ObjectParams,
  readListQuery,
  SandboxParams,
} from '../../../wire/control-types.ts'
import { refusals } from '../../../wire/operation.ts'
import { Behavior, behaviorOf, setBehavior } from '../behavior.ts'
import { ExportExists, ExportNotFound, NotPossible, NoWorkspace, WorkspaceNotFound } from '../errors.ts'
import { type ByHand, expire, fail, hold, loseFile, release, step } from './by-hand.ts'
import { createExportsAsData, getExportRow, listExportViews, toExportView } from './exports.ts'
import { ExportsInput, ExportView, FailInput } from './schemas.ts'

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

/** A sandbox's exports, as data and by hand, and how new ones behave. */
export const exportDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

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
