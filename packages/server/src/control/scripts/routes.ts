import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { lockSandbox } from '../../sandbox/queries.ts'
import { ListQuery, listOf, listPage, NoBody, readListQuery, SandboxParams } from '../../wire/control-types.ts'
import { parseDuration } from '../../wire/duration.ts'
import { formatInstant } from '../../wire/instant.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { invalid } from '../../wire/validation.ts'
import { ScriptNotFound, TooManyScripts } from '../errors.ts'
import type { ControlContext } from '../index.ts'
import { publicQuotas, type QuotaKeeper, quotaExceeded } from '../quotas/quotas.ts'
import { kinds, type ScriptInput, type Step, scriptInput } from './grammar.ts'
import {
  countScripts,
  createScript,
  deleteScript,
  getScript,
  listScripts,
  MOST_SCRIPTS,
  releaseScript,
  type ScriptRow,
} from './queries.ts'
import { Script } from './schemas.ts'
import { consumptionOf } from './take.ts'

const ScriptParams = Type.Object({
  ...SandboxParams.properties,
  scriptId: Type.String({ description: 'The id of a script', examples: ['sc_5564'] }),
})

/** Fault scripts: what happens to the requests that are to come, one step each. */
export const scriptRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, context) => {
  const { deps, modules, actions } = context
  const { db } = deps
  const operations = modules.flatMap((module) => module.operations)

  app.post<{ Params: { sandboxId: string }; Body: ScriptInput }>(
    '/',
    {
      schema: {
        operationId: 'createScript',
        summary: 'Arm a script',
        description:
          'Each matching request takes one step, exactly once. When none is left, the API answers as always.',
        tags: ['scripts'],
        params: SandboxParams,
        body: scriptInput(operations, actions),
        response: {
          201: Script,
          ...refusals(new TooManyScripts(MOST_SCRIPTS), quotaExceeded('delayMs', publicQuotas)),
        },
      },
    },
    async ({ params, body, isAdmin }, reply) => {
      body.steps.forEach(refuseTwoKinds)
      if (!isAdmin) refuseLongWaits(body.steps, context.keeper)
      const row = await db.transaction(async (tx) => {
        const sandbox = await lockSandbox(tx, params.sandboxId)
        if (!sandbox) throw new SandboxNotFound(params.sandboxId)
        if ((await countScripts(tx, sandbox.id)) >= MOST_SCRIPTS) throw new TooManyScripts(MOST_SCRIPTS)
        return createScript(tx, sandbox, body)
      })
      return reply.status(201).send(view(row))
    },
  )

  app.get(
    '/',
    {
      schema: {
        operationId: 'listScripts',
        summary: 'List scripts',
        tags: ['scripts'],
        params: SandboxParams,
        querystring: ListQuery,
        response: { 200: listOf(Script) },
      },
    },
    async ({ params, query }) => {
      const { limit, after } = readListQuery(query)
      const rows = await listScripts(db, params.sandboxId, { after: Number(after) || 0, limit: limit + 1 })
      const { items, nextCursor } = listPage(rows, { limit, cursorOf: ({ ordinal }) => `${ordinal}` })
      return { items: items.map(view), nextCursor }
    },
  )

  app.get(
    '/:scriptId',
    {
      schema: {
        operationId: 'getScript',
        summary: 'Read a script',
        description: 'Each step says how many requests have taken it.',
        tags: ['scripts'],
        params: ScriptParams,
        response: { 200: Script, ...refusals(new ScriptNotFound('sc_gone')) },
      },
    },
    async ({ params }) => view(await getScript(db, params.sandboxId, params.scriptId)),
  )

  app.delete(
    '/:scriptId',
    {
      schema: {
        operationId: 'deleteScript',
        summary: 'Delete a script',
        tags: ['scripts'],
        params: ScriptParams,
        response: { 204: Nothing('Its steps are taken no more'), ...refusals(new ScriptNotFound('sc_gone')) },
      },
    },
    async ({ params }, reply) => {
      await db.transaction(async (tx) => {
        await lockSandbox(tx, params.sandboxId)
        await deleteScript(tx, params.sandboxId, params.scriptId)
      })
      return reply.status(204).send()
    },
  )

  app.post(
    '/:scriptId/release',
    {
      schema: {
        operationId: 'releaseScript',
        summary: 'Let go of the requests that a script holds',
        tags: ['scripts'],
        params: ScriptParams,
        body: NoBody,
        response: { 200: Script, ...refusals(new ScriptNotFound('sc_gone')) },
      },
    },
    async ({ params }) => view(await releaseScript(db, params.sandboxId, params.scriptId)),
  )
}

/** Of the things that a step can do to its request it does one; the rest goes with any of them. */
function refuseTwoKinds(step: Step, index: number): void {
  const [first, second] = kinds.filter((kind) => step[kind] !== undefined)
  if (second) throw invalid(`/steps/${index}/${second}`, `A step does one thing, and this one has "${first}" already`)
}

function refuseLongWaits(steps: readonly Step[], { quotas }: QuotaKeeper): void {
  if (!quotas) return
  const waits = steps.flatMap(({ delay, stall }) => [delay, stall?.for]).map((text) => parseDuration(text ?? '') ?? 0)
  if (waits.some((waitMs) => waitMs > quotas.delayMs)) throw quotaExceeded('delayMs', quotas)
}

function view(row: ScriptRow) {
  const { id, operation, match, steps, rounds, length, taken, createdAt } = row
  const consumption = consumptionOf(row)
  return {
    id,
    operation,
    match,
    repeat: rounds ?? true,
    createdAt: formatInstant(createdAt.getTime()),
    spent: rounds !== null && taken >= rounds * length,
    steps: steps.map((step, index) => ({ ...step, consumed: 0, remaining: 0, ...consumption[index] })),
  }
}
