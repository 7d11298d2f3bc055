import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import {
  ListQuery,
  listOf,
  listPage,
  NoBody,
  objectOf,
  readListQuery,
  SandboxParams,
} from '../../wire/control-types.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { TooManySandboxes } from '../errors.ts'
import { cloneSandbox } from './clone.ts'
import { createSandbox, type Makers } from './create.ts'
import { listSandboxRows } from './queries.ts'
import { deleteGroup, deleteSandbox } from './remove.ts'
import { resetSandbox } from './reset.ts'
import { CloneInput, type SandboxInput, SandboxSummary, SandboxView, sandboxInput } from './schemas.ts'
import { summarize, viewSandbox } from './view.ts'

const Group = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'A group, such as the run of a test suite',
  examples: ['checkout'],
})
const Listed = objectOf({ ...ListQuery.properties, group: Type.Optional(Group) })
const Deleted = Type.Object({ deleted: Type.Integer({ description: 'How many there were', examples: [2] }) })

/** Sandboxes: created, listed, deleted by their group. */
export const sandboxRoutes: FastifyPluginAsyncTypebox<Makers> = async (app, makers) => {
  const { deps, modules } = makers
  const { db } = deps

  app.post<{ Body: SandboxInput | null }>(
    '/',
    {
      schema: {
        operationId: 'createSandbox',
        summary: 'Create a sandbox',
        description: 'It begins with an organization, a motion, a workspace and a key for each API.',
        tags: ['sandboxes'],
        body: Type.Union([sandboxInput(modules), Type.Null()]),
        response: { 201: SandboxView, ...refusals(new TooManySandboxes(10_000)) },
      },
    },
    async (request, reply) => {
      const created = await createSandbox(makers, request.body ?? {})
      return reply.status(201).send(await viewSandbox(makers, created, request))
    },
  )

  app.get(
    '/',
    {
      schema: {
        operationId: 'listSandboxes',
        summary: 'List sandboxes',
        tags: ['sandboxes'],
        querystring: Listed,
        response: { 200: listOf(SandboxSummary) },
      },
    },
    async ({ query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listSandboxRows(db, { group: query.group, after, limit: limit + 1 })
      return listPage(rows.map(summarize), { limit, cursorOf: ({ id }) => id })
    },
  )

  // It takes a group, so that nobody deletes what is everybody's by leaving a parameter out.
  app.delete(
    '/',
    {
      schema: {
        operationId: 'deleteSandboxes',
        summary: 'Delete the sandboxes of a group',
        tags: ['sandboxes'],
        querystring: objectOf({ group: Group }),
        response: { 200: Deleted },
      },
    },
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

  app.get(
    '/',
    {
      schema: {
        operationId: 'getSandbox',
        summary: 'Read a sandbox',
        tags: ['sandboxes'],
        params: SandboxParams,
        response: { 200: SandboxView },
      },
    },
    async (request) => viewSandbox(makers, request.params.sandboxId, request),
  )

  app.delete(
    '/',
    {
      schema: {
        operationId: 'deleteSandbox',
        summary: 'Delete a sandbox',
        description: 'Everything in it goes with it, its snapshots too.',
        tags: ['sandboxes'],
        params: SandboxParams,
        response: { 204: Nothing('It is gone') },
      },
    },
    async ({ params: { sandboxId } }, reply) => {
      if (!(await deps.db.transaction((tx) => deleteSandbox(tx, modules, sandboxId))))
        throw new SandboxNotFound(sandboxId)
      for (const module of modules) await module.tidy?.(deps)
      return reply.status(204).send()
    },
  )

  app.post(
    '/reset',
    {
      schema: {
        operationId: 'resetSandbox',
        summary: 'Put a sandbox back to how it was created',
        description: 'It keeps its id, token, readings and snapshots.',
        tags: ['sandboxes'],
        params: SandboxParams,
        body: NoBody,
        response: { 200: SandboxView },
      },
    },
    async (request) => {
      const reset = await resetSandbox(makers, request.params.sandboxId)
      return viewSandbox(makers, reset, request)
    },
  )

  app.post(
    '/clone',
    {
      schema: {
        operationId: 'cloneSandbox',
        summary: 'Make another sandbox in the same state',
        description: 'With an id, a token and keys of its own.',
        tags: ['sandboxes'],
        params: SandboxParams,
        body: Type.Union([CloneInput, Type.Null()]),
        response: { 201: SandboxView, ...refusals(new TooManySandboxes(10_000)) },
      },
    },
    async (request, reply) => {
      const id = await cloneSandbox(makers, request.params.sandboxId, request.body ?? {})
      return reply.status(201).send(await viewSandbox(makers, id, request))
    },
  )
}
