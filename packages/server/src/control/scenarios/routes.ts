import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listOf } from '../../wire/control-types.ts'
import type { ControlContext } from '../index.ts'
import { Scenario } from './schemas.ts'

/** What sandboxes can be created as. */
export const scenarioRoutes: FastifyPluginAsyncTypebox<Pick<ControlContext, 'modules'>> = async (app, { modules }) => {
  const items = modules.flatMap(({ name, scenarios }) =>
    scenarios.map(({ name: scenario, description, goodClient }) => ({
      name: scenario,
      api: name,
      description,
      goodClient,
    })),
  )

  app.get(
    '/',
    {
      schema: {
        operationId: 'listScenarios',
        summary: 'List the scenarios that there are',
        description: 'Each is a situation that a client has to come through, by name.',
        tags: ['sandboxes'],
        response: { 200: listOf(Scenario) },
      },
    },
    async () => ({ items, nextCursor: null }),
  )
}
