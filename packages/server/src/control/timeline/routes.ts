import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { lockSandbox } from '../../sandbox/queries.ts'
import { ListQuery, listOf, listPage, readListQuery, SandboxParams } from '../../wire/control-types.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { invalid } from '../../wire/validation.ts'
import { keyActions } from '../actions/keys.ts'
import { ownActions } from '../actions/own.ts'
import { TimelineItemNotFound } from '../errors.ts'
import type { ControlContext } from '../index.ts'
import { settleTimeline } from './due.ts'
import { createItems, deleteItem, findItems, listItems, showItem } from './items.ts'
import { type ItemInput, TimelineItem, timelineInput } from './schemas.ts'

const ItemParams = Type.Object({
  ...SandboxParams.properties,
  id: Type.String({ description: 'The id of an item', examples: ['ti_f508'] }),
})

/** What happens in a sandbox by itself: put on its timeline, listed, taken off. */
export const timelineRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, context) => {
  const { deps, modules, actions } = context
  const { db } = deps
  const own = ownActions(modules)

  app.post(
    '/',
    {
      schema: {
        operationId: 'createTimelineItems',
        summary: 'Put items on the timeline',
        description: 'They happen by the clock of the sandbox, however it goes.',
        tags: ['timeline'],
        params: SandboxParams,
        body: timelineInput(actions),
        response: { 201: Type.Object({ items: Type.Array(TimelineItem) }) },
      },
    },
    async ({ params: { sandboxId }, body }, reply) => {
      refuseClock(body.items)
      const ids = await db.transaction(async (tx) => {
        const sandbox = await lockSandbox(tx, sandboxId)
        if (!sandbox) throw new SandboxNotFound(sandboxId)
        return createItems(tx, sandbox, body.items)
      })
      await settleTimeline(context, sandboxId)
      const rows = await findItems(db, sandboxId, ids)
      return reply.status(201).send({ items: rows.map(showItem) })
    },
  )

  app.get(
    '/',
    {
      schema: {
        operationId: 'listTimeline',
        summary: 'List the timeline, in the order of creation',
        tags: ['timeline'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(TimelineItem) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const ordinal = Number(after)
      const rows = await listItems(db, params.sandboxId, {
        after: Number.isSafeInteger(ordinal) ? ordinal : 0,
        limit: limit + 1,
      })
      const { items, nextCursor } = listPage(rows, { limit, cursorOf: ({ ordinal }) => `${ordinal}` })
      return { items: items.map(showItem), nextCursor }
    },
  )

  app.delete(
    '/:id',
    {
      schema: {
        operationId: 'deleteTimelineItem',
        summary: 'Take an item off the timeline',
        tags: ['timeline'],
        params: ItemParams,
        response: { 204: Nothing('It does not happen any more'), ...refusals(new TimelineItemNotFound('ti_gone')) },
      },
    },
    async ({ params }, reply) => {
      await db.transaction(async (tx) => {
        await lockSandbox(tx, params.sandboxId)
        await deleteItem(tx, params.sandboxId, params.id)
      })
      return reply.status(204).send()
    },
  )

  /** A timeline goes by the clock: what moved the clock from there would be in its own way. */
  function refuseClock(items: readonly ItemInput[]): void {
    for (const [position, item] of items.entries()) {
      for (const [index, action] of item.do.entries()) {
        const name = Object.keys(action).find((name) => name in own && !(name in keyActions))
        if (name === undefined) continue
        throw invalid(`/items/${position}/do/${index}/${name}`, `A timeline goes by the clock, and so cannot "${name}"`)
      }
    }
  }
}
