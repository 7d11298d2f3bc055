import { randomUUID } from 'node:crypto'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { ApiModule } from './api-module.ts'
import { memsolus } from './apis/memsolus/index.ts'
import { syft } from './apis/syft/index.ts'
import { requireAdmin } from './control/access.ts'
import { allActions } from './control/actions/actions.ts'
import { ownActions } from './control/actions/own.ts'
import { createNews } from './control/events/news.ts'
import { judge } from './control/findings/judge.ts'
import { healthRoutes } from './control/health.ts'
import { type ControlContext, controlRoutes } from './control/index.ts'
import { createJournal, type JournalOptions } from './control/journal/journal.ts'
import { findOthers, noOthers } from './control/journal/others.ts'
import { metricsRoutes } from './control/metrics.ts'
import { collectOperations } from './control/openapi/operations.ts'
import { createQuotaKeeper } from './control/quotas/quotas.ts'
import { touchSandboxes } from './control/sandboxes/ttl.ts'
import type { Deps } from './deps.ts'
import { prepareFindCallers } from './sandbox/caller.ts'
import { answerUnreadable } from './unreadable.ts'
import { answerError, vendorScope } from './vendor-scope.ts'

/** The APIs that this is a server of. */
export const modules: readonly ApiModule[] = [syft, memsolus]

const CONTROL_BODY_BYTES = 64 * 1024 * 1024

/**
 * The whole server as a Fastify instance that does not listen yet: each API under its own prefix, with its own errors, and
 * the control API beside them.
 */
export async function buildServer(deps: Deps, journalOptions: JournalOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => `ex_${randomUUID()}`,
    bodyLimit: CONTROL_BODY_BYTES,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: 16 * 1024, querystringParser: firstValues },
    frameworkErrors: (error, request, reply) => answerUnroutable(error, request, reply),
    clientErrorHandler: (error, socket) => answerUnreadable(modules, error, socket),
  })
  // Answers are what a schema says by construction; their text is not made from it.
  app.setSerializerCompiler(() => JSON.stringify)
  // X-ALIEN-1c
  app.addHook('onRequest', async (request, reply) => {
    reply.header('sandport-exchange', request.id)
  })
  app.setNotFoundHandler((_request, reply) => reply.status(404).send(notFound))
  const journal = createJournal(deps, {
    others: deps.isAlone ? noOthers : findOthers(deps),
    judge: (sandboxId, untilUs) => judge({ deps, modules }, sandboxId, untilUs),
    touch: (sandboxIds) => touchSandboxes(deps.db, sandboxIds),
    ...journalOptions,
  })
  app.addHook('onReady', () => journal.open())
  app.addHook('onClose', () => journal.close())
  const news = createNews(deps)
  // Before the requests are waited for that only wait for news.
  app.addHook('preClose', () => news.close())
  const context: ControlContext = {
    deps,
    modules,
    findCallers: prepareFindCallers(deps.db),
    journal,
    news,
    actions: allActions(ownActions(modules), modules),
    keeper: createQuotaKeeper(deps.quotas),
    operations: collectOperations(app),
  }
  for (const module of modules) app.register(vendorScope, { prefix: module.prefix, module, context })
  app.register(controlRoutes, { ...context, prefix: '/_sandport' })
  return app
}

/** What a process answers that is only a worker: whether it can do its work. */
export function buildWorkerServer(deps: Deps): FastifyInstance {
  const app = Fastify({ loggerInstance: deps.log, logController: new LogController({ disableRequestLogging: true }) })
  const message = 'This is a worker, which answers /_sandport/health and /_sandport/metrics alone.'
  app.setNotFoundHandler((_request, reply) => reply.status(404).send({ error: 'NOT_FOUND', message }))
  app.decorateRequest('isAdmin', false)
  app.addHook('onRequest', requireAdmin(deps))
  app.register(healthRoutes, { deps, prefix: '/_sandport' })
  app.register(metricsRoutes, { deps, modules, prefix: '/_sandport' })
  return app
}

const notFound = {
  error: 'NOT_FOUND',
  message: `There is no such path. The APIs are under ${modules.map(({ prefix }) => prefix).join(' and ')}, the control API is under /_sandport.`,
}

/** A path that cannot be decoded is one that there is not. */
function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  reply.header('sandport-exchange', request.id)
  const module = modules.find(({ prefix }) => request.url.startsWith(`${prefix}/`))
  if (module) return answerError(module, module.errors.pathNotFound(), request, reply)
  request.log.debug({ err: error }, 'unroutable')
  return reply.status(404).send(notFound)
}

/** The control API's parameters, of which none may be given twice; the APIs read the query themselves. */
function firstValues(search: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(search)].toReversed())
}
