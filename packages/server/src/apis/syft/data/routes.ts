import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../../deps.ts'
import { answerBulk } from '../../../sandbox/bulk.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import { ListQuery, listOf, listPage, ObjectParams, readListQuery, SandboxParams } from '../../../wire/control-types.ts'
import { Nothing, refusals } from '../../../wire/operation.ts'
import { MotionExists, NoOrganization, OrganizationExists, UnknownMotion, UnknownOrganization } from '../errors.ts'
import { changeMotion, createMotions, deleteMotion, getMotion, listMotions } from './motions.ts'
import {
  changeOrganization,
  createOrganizations,
  deleteOrganization,
  findOrganization,
  listOrganizations,
} from './organizations.ts'
import { runDataRoutes } from './run-routes.ts'
import { Motion, MotionPatch, MotionsInput, Organization, OrganizationPatch, OrganizationsInput } from './schemas.ts'

/** A sandbox's organizations, motions and runs, as data. */
export const syftDataRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

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
      changeSandbox(db, params.sandboxId, (tx, sandbox) => changeMotion(tx, sandbox.id, params.id, body), {
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

  await app.register(runDataRoutes, { ...deps, prefix: '' })
}
