import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
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
import { NoMotion, RunExists, RunNotFound, UnknownMotion } from '../errors.ts'
import { loadSyftPools } from '../seed.ts'
import { createRuns, deleteRuns, getRun, listRuns, updateRun } from './runs.ts'
import { Run, RunId, RunPatch, RunsInput } from './schemas.ts'

/** A sandbox's runs, as data. */
export const runDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.post(
    '/runs',
    {
      schema: {
        operationId: 'createRuns',
        summary: 'Create runs',
        description: 'What is not given is made up from the seed of the sandbox.',
        tags: ['syft'],
        params: SandboxParams,
        body: RunsInput,
        response: {
          201: Type.Union([Run, listOf(RunId)]),
          ...refusals(new UnknownMotion('m9'), new RunExists('r1'), new NoMotion()),
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
          const ids = await createRuns(tx, sandbox, body)
          if (isSingle) return getRun(tx, sandbox.id, ids[0] ?? '')
          return { items: ids.map((runId) => ({ runId })) }
        },
        { prepare: ({ seed }) => loadSyftPools(seed), told: { what: 'syft.runs', how: 'created' } },
      )
    },
  )
  app.get(
    '/runs',
    {
      schema: {
        operationId: 'listRuns',
        summary: 'List runs',
        tags: ['syft'],
        params: SandboxParams,
        querystring: objectOf({ ...ListQuery.properties, motionId: Type.Optional(ObjectId) }),
        response: { 200: listOf(Run) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listRuns(db, params.sandboxId, { motionId: query.motionId, after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ runId }) => runId })
    },
  )
  app.get(
    '/runs/:id',
    {
      schema: {
        operationId: 'getRun',
        summary: 'Read a run',
        tags: ['syft'],
        params: ObjectParams,
        response: { 200: Run, ...refusals(new RunNotFound('r9')) },
      },
    },
    async ({ params }) => getRun(db, params.sandboxId, params.id),
  )
  app.patch(
    '/runs/:id',
    {
      schema: {
        operationId: 'changeRun',
        summary: 'Change a run',
        tags: ['syft'],
        params: ObjectParams,
        body: RunPatch,
        response: { 200: Run, ...refusals(new RunNotFound('r9')) },
      },
    },
    async ({ params, body }) =>
      changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => {
          await updateRun(tx, sandbox, params.id, body)
          return getRun(tx, sandbox.id, params.id)
        },
        { told: { what: 'syft.runs', how: 'changed' } },
      ),
  )
  app.delete(
    '/runs/:id',
    {
      schema: {
        operationId: 'deleteRun',
        summary: 'Delete a run',
        tags: ['syft'],
        params: ObjectParams,
        response: { 204: Nothing('It is gone'), ...refusals(new RunNotFound('r9')) },
      },
    },
    async ({ params }, reply) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteRuns(tx, sandbox, [params.id]), {
        told: { what: 'syft.runs', how: 'deleted' },
      })
      return reply.status(204).send()
    },
  )
}
