import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
import { answerBulk } from '../../../sandbox/bulk.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import { ListQuery, listOf, listPage, ObjectId, objectOf, readListQuery } from '../../../wire/control-types.ts'
import { loadSyftPools } from '../seed.ts'
import { createMotions, deleteMotion, getMotion, listMotions, renameMotion } from './motions.ts'
import {
  changeOrganization,
  createOrganizations,
  deleteOrganization,
  findOrganization,
  listOrganizations,
} from './organizations.ts'
import { createRuns, deleteRuns, getRun, listRuns, updateRun } from './runs.ts'
import {
  Motion,
  MotionPatch,
  MotionsInput,
  Organization,
  OrganizationPatch,
  OrganizationsInput,
  Run,
  RunId,
  RunPatch,
  RunsInput,
} from './schemas.ts'

const SandboxParams = Type.Object({ sandboxId: Type.String() })
const ObjectParams = Type.Object({ sandboxId: Type.String(), id: Type.String() })

/** A sandbox's organizations, motions and runs, as data. */
export const syftDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.post(
    '/organizations',
    {
      schema: {
        params: SandboxParams,
        body: OrganizationsInput,
        response: { 201: Type.Union([Organization, listOf(Organization)]) },
      },
    },
    async ({ params, body }, reply) => {
      reply.status(201)
      return changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => answerBulk(body, await createOrganizations(tx, sandbox, body)),
        { told: { what: 'syft.organizations', how: 'created' } },
      )
    },
  )
  app.get(
    '/organizations',
    { schema: { params: SandboxParams, querystring: ListQuery, response: { 200: listOf(Organization) } } },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listOrganizations(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get(
    '/organizations/:id',
    { schema: { params: ObjectParams, response: { 200: Organization } } },
    async ({ params }) => findOrganization(db, params.sandboxId, params.id),
  )
  app.patch(
    '/organizations/:id',
    { schema: { params: ObjectParams, body: OrganizationPatch, response: { 200: Organization } } },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => changeOrganization(tx, sandbox.id, params.id, body), {
        told: { what: 'syft.organizations', how: 'changed' },
      }),
  )
  app.delete('/organizations/:id', { schema: { params: ObjectParams } }, async ({ params }, reply) => {
    await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteOrganization(tx, sandbox, params.id), {
      told: { what: 'syft.organizations', how: 'deleted' },
    })
    return reply.status(204).send()
  })

  app.post(
    '/motions',
    { schema: { params: SandboxParams, body: MotionsInput, response: { 201: Type.Union([Motion, listOf(Motion)]) } } },
    async ({ params, body }, reply) => {
      reply.status(201)
      return changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => answerBulk(body, await createMotions(tx, sandbox, body)),
        { told: { what: 'syft.motions', how: 'created' } },
      )
    },
  )
  app.get(
    '/motions',
    { schema: { params: SandboxParams, querystring: ListQuery, response: { 200: listOf(Motion) } } },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listMotions(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get('/motions/:id', { schema: { params: ObjectParams, response: { 200: Motion } } }, async ({ params }) =>
    getMotion(db, params.sandboxId, params.id),
  )
  app.patch(
    '/motions/:id',
    { schema: { params: ObjectParams, body: MotionPatch, response: { 200: Motion } } },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => renameMotion(tx, sandbox.id, params.id, body), {
        told: { what: 'syft.motions', how: 'changed' },
      }),
  )
  app.delete('/motions/:id', { schema: { params: ObjectParams } }, async ({ params }, reply) => {
    await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteMotion(tx, sandbox, params.id), {
      told: { what: 'syft.motions', how: 'deleted' },
    })
    return reply.status(204).send()
  })

  app.post(
    '/runs',
    { schema: { params: SandboxParams, body: RunsInput, response: { 201: Type.Union([Run, listOf(RunId)]) } } },
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
  app.get('/runs/:id', { schema: { params: ObjectParams, response: { 200: Run } } }, async ({ params }) =>
    getRun(db, params.sandboxId, params.id),
  )
  app.patch(
    '/runs/:id',
    { schema: { params: ObjectParams, body: RunPatch, response: { 200: Run } } },
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
  app.delete('/runs/:id', { schema: { params: ObjectParams } }, async ({ params }, reply) => {
    await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteRuns(tx, sandbox, [params.id]), {
      told: { what: 'syft.runs', how: 'deleted' },
    })
    return reply.status(204).send()
  })
}
