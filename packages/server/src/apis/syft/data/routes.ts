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
import {
  MotionExists,
  NoMotion,
  NoOrganization,
  OrganizationExists,
  RunExists,
  RunNotFound,
  UnknownMotion,
  UnknownOrganization,
} from '../errors.ts'
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

/** A sandbox's organizations, motions and runs, as data. */
export const syftDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, { db }) => {
  app.post(
    '/organizations',
    {
      schema: {
        operationId: 'createOrganizations',
        summary: 'Create organizations',
        description: 'What is not given is made up from the seed of the sandbox.',
        tags: ['syft'],
        params: SandboxParams,
        body: OrganizationsInput,
        response: { 201: Type.Union([Organization, listOf(Organization)]), ...refusals(new OrganizationExists('o1')) },
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
    {
      schema: {
        operationId: 'listOrganizations',
        summary: 'List organizations',
        tags: ['syft'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(Organization) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listOrganizations(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get(
    '/organizations/:id',
    {
      schema: {
        operationId: 'getOrganization',
        summary: 'Read an organization',
        tags: ['syft'],
        params: ObjectParams,
        response: { 200: Organization, ...refusals(new UnknownOrganization('o9')) },
      },
    },
    async ({ params }) => findOrganization(db, params.sandboxId, params.id),
  )
  app.patch(
    '/organizations/:id',
    {
      schema: {
        operationId: 'changeOrganization',
        summary: 'Change an organization',
        tags: ['syft'],
        params: ObjectParams,
        body: OrganizationPatch,
        response: { 200: Organization, ...refusals(new UnknownOrganization('o9')) },
      },
    },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => changeOrganization(tx, sandbox.id, params.id, body), {
        told: { what: 'syft.organizations', how: 'changed' },
      }),
  )
  app.delete(
    '/organizations/:id',
    {
      schema: {
        operationId: 'deleteOrganization',
        summary: 'Delete an organization',
        description: 'Its motions, runs and keys go with it.',
        tags: ['syft'],
        params: ObjectParams,
        response: { 204: Nothing('It is gone'), ...refusals(new UnknownOrganization('o9')) },
      },
    },
    async ({ params }, reply) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteOrganization(tx, sandbox, params.id), {
        told: { what: 'syft.organizations', how: 'deleted' },
      })
      return reply.status(204).send()
    },
  )

  app.post(
    '/motions',
    {
      schema: {
        operationId: 'createMotions',
        summary: 'Create motions',
        description: 'What is not given is made up from the seed of the sandbox.',
        tags: ['syft'],
        params: SandboxParams,
        body: MotionsInput,
        response: {
          201: Type.Union([Motion, listOf(Motion)]),
          ...refusals(new UnknownOrganization('o9'), new MotionExists('m1'), new NoOrganization()),
        },
      },
    },
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
    {
      schema: {
        operationId: 'listMotions',
        summary: 'List motions',
        tags: ['syft'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(Motion) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listMotions(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows, { limit, cursorOf: ({ id }) => id })
    },
  )
  app.get(
    '/motions/:id',
    {
      schema: {
        operationId: 'getMotion',
        summary: 'Read a motion',
        tags: ['syft'],
        params: ObjectParams,
        response: { 200: Motion, ...refusals(new UnknownMotion('m9')) },
      },
    },
    async ({ params }) => getMotion(db, params.sandboxId, params.id),
  )
  app.patch(
    '/motions/:id',
    {
      schema: {
        operationId: 'changeMotion',
        summary: 'Change a motion',
        tags: ['syft'],
        params: ObjectParams,
        body: MotionPatch,
        response: { 200: Motion, ...refusals(new UnknownMotion('m9')) },
      },
    },
    async ({ params, body }) =>
      changeSandbox(db, params.sandboxId, (tx, sandbox) => renameMotion(tx, sandbox.id, params.id, body), {
        told: { what: 'syft.motions', how: 'changed' },
      }),
  )
  app.delete(
    '/motions/:id',
    {
      schema: {
        operationId: 'deleteMotion',
        summary: 'Delete a motion',
        description: 'Its runs go with it.',
        tags: ['syft'],
        params: ObjectParams,
        response: { 204: Nothing('It is gone'), ...refusals(new UnknownMotion('m9')) },
      },
    },
    async ({ params }, reply) => {
      await changeSandbox(db, params.sandboxId, (tx, sandbox) => deleteMotion(tx, sandbox, params.id), {
        told: { what: 'syft.motions', how: 'deleted' },
      })
      return reply.status(204).send()
    },
  )

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
