import type { FastifyPluginAsync } from 'fastify'
import type { ApiModule } from '../api-module.ts'
import type { Deps } from '../deps.ts'
import { measure } from '../measuring.ts'
import type { FindCallers } from '../sandbox/caller.ts'
import { controlValidatorCompiler } from '../wire/validation.ts'
import { requireAdmin, requireSandbox } from './access.ts'
import type { NamedActions } from './actions/actions.ts'
import { takeJson } from './bodies.ts'
import { clockRoutes } from './clock/routes.ts'
import { BodyTooLarge, MethodNotAllowed, PathNotFound } from './errors.ts'
import type { News } from './events/news.ts'
import { eventRoutes } from './events/routes.ts'
import { catalogueRoutes, findingRoutes } from './findings/routes.ts'
import { healthRoutes } from './health.ts'
import { harRoutes } from './journal/har-routes.ts'
import type { Journal } from './journal/journal.ts'
import { journalRoutes, unmatchedRoutes } from './journal/routes.ts'
import { keyRoutes } from './keys/routes.ts'
import { rememberMethods } from './methods.ts'
import { metricsRoutes } from './metrics.ts'
import { docsRoutes } from './openapi/docs-routes.ts'
import { fixtureRoutes } from './openapi/fixture-routes.ts'
import type { Operation } from './openapi/operations.ts'
import { documentRoutes } from './openapi/routes.ts'
import { policyRoutes } from './policy/routes.ts'
import { holdToQuotas } from './quotas/hold-to.ts'
import type { QuotaKeeper } from './quotas/quotas.ts'
import { oneSandboxRoutes, sandboxRoutes } from './sandboxes/routes.ts'
import { scenarioRoutes } from './scenarios/routes.ts'
import { scriptRoutes } from './scripts/routes.ts'
import { snapshotRoutes } from './snapshots/routes.ts'
import { timelineRoutes } from './timeline/routes.ts'

type Failure = Error & { statusCode?: number; code?: string; path?: string }
const TOO_LARGE = 'FST_ERR_CTP_BODY_TOO_LARGE'

/** What the control API commands, and what it is handed to do so. */
export type ControlContext = {
  deps: Deps
  modules: readonly ApiModule[]
  findCallers: FindCallers
  journal: Journal
  news: News
  /** What scripts and timelines can do. */
  actions: NamedActions
  keeper: QuotaKeeper
  /** All calls of the server, once every route is registered. */
  operations: readonly Operation[]
}

/** What tests command, under `/_sandport`. Vendors' calls never come here, so nothing done to them locks their owner out. */
export const controlRoutes: FastifyPluginAsync<ControlContext> = async (app, context) => {
  const { deps, modules } = context
  app.setValidatorCompiler(controlValidatorCompiler)
  app.decorateRequest('isAdmin', false)
  takeJson(app)
  app.setErrorHandler<Failure>((error, request, reply) => {
    const failure: Failure = error.code === TOO_LARGE ? new BodyTooLarge() : error
    const { statusCode = 500, code, message, path } = failure
    reply.status(statusCode)
    if (statusCode < 500) return reply.send({ error: code, message, ...(path !== undefined && { path }) })
    // What else it says is for the log: a system error's path is not one into the body, but one on the disk.
    request.log.error({ err: error }, 'control call failed')
    return reply.send({ error: 'INTERNAL_ERROR', message: 'Internal server error' })
  })
  const methodsOf = rememberMethods(app)
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?', 1)[0] ?? '')
    if (methods.length === 0) throw new PathNotFound(`${request.method} ${request.url}`)
    reply.header('allow', methods.join(', '))
    throw new MethodNotAllowed(request.method, methods.join(', '))
  })
  app.addHook('onRequest', measure(deps, 'control'))
  // Before anything is registered: a hook that is added later also runs later, and then 404 comes before 401.
  app.addHook('onRequest', requireAdmin(deps))
  app.register(healthRoutes, { deps })
  app.register(metricsRoutes, { deps, modules })
  app.register(documentRoutes, { ...context, prefix: '/openapi' })
  app.register(fixtureRoutes, { modules, prefix: '/fixture.schema.json' })
  app.register(docsRoutes, { modules, prefix: '/docs' })
  app.register(catalogueRoutes, { prefix: '/findings' })
  app.register(scenarioRoutes, { modules, prefix: '/scenarios' })
  app.register(unmatchedRoutes, { ...context, prefix: '/requests' })
  app.register(sandboxRoutes, { ...context, prefix: '/sandboxes' })
  app.register(
    async (scope) => {
      scope.addHook('onRequest', requireSandbox(context))
      scope.addHook('preHandler', holdToQuotas(context))
      scope.register(oneSandboxRoutes, { ...context, prefix: '' })
      scope.register(snapshotRoutes, { ...context, prefix: '/snapshots' })
      scope.register(clockRoutes, { prefix: '/clock', deps, modules })
      scope.register(timelineRoutes, { ...context, prefix: '/timeline' })
      scope.register(keyRoutes, { prefix: '/keys', deps, modules })
      scope.register(scriptRoutes, { ...context, prefix: '/scripts' })
      scope.register(findingRoutes, { ...context, prefix: '/findings' })
      scope.register(journalRoutes, { ...context, prefix: '/requests' })
      scope.register(harRoutes, { ...context, prefix: '/requests.har' })
      scope.register(eventRoutes, { ...context, prefix: '/events' })
      for (const module of modules) {
        scope.register(module.controlRoutes, { prefix: `/${module.name}`, ...deps })
        scope.register(policyRoutes, { prefix: `/${module.name}/policy`, deps, api: module.name })
      }
    },
    { prefix: '/sandboxes/:sandboxId' },
  )
}
