import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ListQuery, listOf, listPage, NoBody, objectOf, PlainName, readListQuery } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import type { ControlContext } from '../index.ts'
import { SandboxView } from '../sandboxes/schemas.ts'
import { viewSandbox } from '../sandboxes/view.ts'
import { createSnapshot, deleteSnapshot, listSnapshots, restoreSnapshot, type SnapshotRow } from './snapshots.ts'

const Params = Type.Object({ sandboxId: Type.String() })
const SnapshotParams = Type.Object({ sandboxId: Type.String(), name: Type.String() })

const SnapshotInput = objectOf({ name: PlainName })
const Snapshot = Type.Object({
  name: Type.String(),
  at: Type.String({ description: 'Sandbox time when it was made, at which a restored clock goes on' }),
  createdAt: Type.String({ description: 'Real time' }),
})

/** States of a sandbox under names, to which it can be put back. */
export const snapshotRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, makers) => {
  const { db } = makers.deps
  const { quotas } = makers.keeper

  app.post(
    '/',
    { schema: { params: Params, body: SnapshotInput, response: { 201: Snapshot } } },
    async ({ params: { sandboxId }, body: { name }, isAdmin }, reply) => {
      const most = quotas && !isAdmin ? { most: quotas.snapshots } : {}
      return reply.status(201).send(show(await createSnapshot(makers, { sandboxId, name, ...most })))
    },
  )

  app.get(
    '/',
    { schema: { params: Params, querystring: ListQuery, response: { 200: listOf(Snapshot) } } },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listSnapshots(db, params.sandboxId, { after, limit: limit + 1 })
      return listPage(rows.map(show), { limit, cursorOf: ({ name }) => name })
    },
  )

  app.post(
    '/:name/restore',
    { schema: { params: SnapshotParams, body: NoBody, response: { 200: SandboxView } } },
    async (request) => {
      await restoreSnapshot(makers, request.params)
      return viewSandbox(makers, request.params.sandboxId, request)
    },
  )

  app.delete('/:name', { schema: { params: SnapshotParams } }, async ({ params }, reply) => {
    await deleteSnapshot(makers, params)
    return reply.status(204).send()
  })
}

function show({ name, at, createdAt }: SnapshotRow) {
  return { name, at: formatInstant(at.getTime()), createdAt: formatInstant(createdAt.getTime()) }
}
