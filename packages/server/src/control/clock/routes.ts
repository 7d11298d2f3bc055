import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { findSandbox } from '../../sandbox/queries.ts'
import { formatInstant } from '../../wire/instant.ts'
import { Clock, ClockInput } from '../sandboxes/schemas.ts'
import { AdvanceInput, advanceClock, changeClock } from './change.ts'
import { readClock } from './queries.ts'

type Context = { deps: Deps; modules: readonly ApiModule[] }

const Params = Type.Object({ sandboxId: Type.String() })
const AdvanceResult = Type.Object({
  now: Type.String(),
  events: Type.Array(Type.Object({ at: Type.String(), type: Type.String() }, { additionalProperties: true })),
})

/** A sandbox's clock: read, set forward, frozen, advanced. */
export const clockRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { deps, modules }) => {
  const { db } = deps

  app.get('/', { schema: { params: Params, response: { 200: Clock } } }, async ({ params }) => view(params.sandboxId))

  app.put('/', { schema: { params: Params, body: ClockInput, response: { 200: Clock } } }, async ({ params, body }) => {
    await changeClock({ deps, modules, ...params }, body)
    return view(params.sandboxId)
  })

  app.post(
    '/advance',
    { schema: { params: Params, body: AdvanceInput, response: { 200: AdvanceResult } } },
    async ({ params, body }) => {
      const { now, events } = await advanceClock({ deps, modules, ...params }, body)
      return {
        now: formatInstant(now.getTime()),
        events: events.map(({ at, type, data }) => ({ at: formatInstant(at.getTime()), type, ...data })),
      }
    },
  )

  async function view(sandboxId: string) {
    const sandbox = await findSandbox(db, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    const { frozen, rate } = await readClock(db, sandboxId)
    return { now: formatInstant(sandbox.now.getTime()), frozen, rate }
  }
}
