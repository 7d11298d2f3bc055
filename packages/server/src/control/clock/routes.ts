import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { findSandbox } from '../../sandbox/queries.ts'
import { SandboxParams } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import { refusals } from '../../wire/operation.ts'
import { ClockBackwards, TooManySteps } from '../errors.ts'
import { Clock, ClockInput } from '../sandboxes/schemas.ts'
import { advanceClock, changeClock } from './change.ts'
import { readClock } from './queries.ts'
import { AdvanceInput, AdvanceResult } from './schemas.ts'

type Context = { deps: Deps; modules: readonly ApiModule[] }

/** A sandbox's clock: read, set forward, frozen, advanced. */
export const clockRoutes: FastifyPluginAsyncTypebox<Context> = async (app, { deps, modules }) => {
  const { db } = deps

  app.get(
    '/',
    {
      schema: {
        operationId: 'getClock',
        summary: 'Read the clock',
        tags: ['clock'],
        params: SandboxParams,
        response: { 200: Clock },
      },
    },
    async ({ params }) => view(params.sandboxId),
  )

  app.put(
    '/',
    {
      schema: {
        operationId: 'setClock',
        summary: 'Set the clock, freeze it, or change its rate',
        description: 'It goes forward only. All that is due on the way happens before the call is answered.',
        tags: ['clock'],
        params: SandboxParams,
        body: ClockInput,
        response: {
          200: Clock,
          ...refusals(
            new ClockBackwards('2026-03-01T12:05:00.960Z', '2020-01-01T00:00:00.000Z'),
            new TooManySteps(20_000, 10_000),
          ),
        },
      },
    },
    async ({ params, body }) => {
      await changeClock({ deps, modules, ...params }, body)
      return view(params.sandboxId)
    },
  )

  app.post(
    '/advance',
    {
      schema: {
        operationId: 'advanceClock',
        summary: 'Advance the clock',
        description: 'All that is due on the way happens, each thing at its instant. Calls at once add up.',
        tags: ['clock'],
        params: SandboxParams,
        body: AdvanceInput,
        response: {
          200: AdvanceResult,
          ...refusals(
            new ClockBackwards('2026-03-01T12:05:00.960Z', '2020-01-01T00:00:00.000Z'),
            new TooManySteps(20_000, 10_000),
          ),
        },
      },
    },
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
