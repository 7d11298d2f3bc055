import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ListQuery, listOf, listPage, NoBody, readListQuery, SandboxParams } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { SnapshotExists, SnapshotNotFound, TooManySnapshots } from '../errors.ts'
import type { ControlContext } from '../index.ts'
import { SandboxView } from '../sandboxes/schemas.ts'
import { viewSandbox } from '../sandboxes/view.ts'
import { Snapshot, SnapshotInput } from './schemas.ts'
import { createSnapshot, deleteSnapshot, listSnapshots, restoreSnapshot, type SnapshotRow } from './snapshots.ts'

const SnapshotParams = Type.Object({
  ...SandboxParams.properties,
  name: Type.String({ description: 'The name of a snapshot', examples: ['two-runs'] }),
})

/** States of a sandbox under names, to which it can be put back. */
export const snapshotRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, makers) => {
  const { db } = makers.deps
  const { quotas } = makers.keeper

  app.post(
    '/',
    {
      schema: {
        operationId: 'createSnapshot',
        summary: 'Remember the state of a sandbox',
        tags: ['snapshots'],
        params: SandboxParams,
        body: SnapshotInput,
        response: { 201: Snapshot, ...refusals(new SnapshotExists('two-runs'), new TooManySnapshots(100)) },
      },
    },
    async ({ params: { sandboxId }, body: { name }, isAdmin }, reply) => {
      const most = quotas && !isAdmin ? { most: quotas.snapshots } : {}
      return reply.status(201).send(show(await createSnapshot(makers, { sandboxId, name, ...most })))
    },
  )

  app.get(
    '/',
    {
      schema: {
        operationId: 'listSnapshots',
        summary: 'List snapshots, by name',
        tags: ['snapshots'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(Snapshot) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listSnapshots(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows.map(show), { limit, cursorOf: ({ name }) => name })
    },
  )

  app.post(
    '/:name/restore',
    {
      schema: {
        operationId: 'restoreSnapshot',
        summary: 'Put the sandbox back into a state',
        tags: ['snapshots'],
        params: SnapshotParams,
        body: NoBody,
        response: { 200: SandboxView, ...refusals(new SnapshotNotFound('gone')) },
      },
    },
    async (request) => {
      await restoreSnapshot(makers, request.params)
      return viewSandbox(makers, request.params.sandboxId, request)
    },
  )

  app.delete(
    '/:name',
    {
      schema: {
        operationId: 'deleteSnapshot',
        summary: 'Delete a snapshot',
        description: 'The sandbox stays as it is.',
        tags: ['snapshots'],
        params: SnapshotParams,
        response: { 204: Nothing('It is gone'), ...refusals(new SnapshotNotFound('gone')) },
      },
    },
    async ({ params }, reply) => {
      await deleteSnapshot(makers, params)
      return reply.status(204).send()
    },
  )
}

function show({ name, at, createdAt }: SnapshotRow) {
  return { name, at: formatInstant(at.getTime()), createdAt: formatInstant(createdAt.getTime()) }
}
