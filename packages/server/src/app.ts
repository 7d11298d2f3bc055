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
import { controlRoutes } from './control/index.ts'
import type { Deps } from './deps.ts'
import { answerUnreadable } from './unreadable.ts'

/** The APIs that this is a server of. */
export const modules: readonly ApiModule[] = [syft, memsolus]

const CONTROL_BODY_BYTES = 64 * 1024 * 1024

/**
 * The whole server as a Fastify instance that does not listen yet: each API under its own prefix, with its own errors, and
 * the control API beside them.
 */
export async function buildServer(deps: Deps): Promise<FastifyInstance> {
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
  for (const module of modules) app.register(vendorScope, { prefix: module.prefix, module, deps })
  app.register(controlRoutes, { prefix: '/_sandport', deps, modules })
  return app
}

const notFound = {
  error: 'NOT_FOUND',
  message: `There is no such path. The APIs are under ${modules.map(({ prefix }) => prefix).join(' and ')}, the control API is under /_sandport.`,
}

/** An API's routes, with what holds for all of them: bodies are passed over, and every error is in the API's own form. */
async function vendorScope(app: FastifyInstance, { module, deps }: { module: ApiModule; deps: Deps }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, body, done) => {
    body.resume()
    done(null)
  })
  // Fastify would refuse a type that it cannot read before anything else is judged. What was sent stays in `raw.headers`.
  app.addHook('onRequest', async (request) => {
    const hasType = request.raw.headers['content-type'] !== undefined || request.method === 'QUERY'
    if (hasType) request.headers = { 'content-type': 'application/octet-stream' }
  })
  // X-HTTP-1c: with nothing between two slashes a route still matches, and its parameter is empty; there is no such path.
  app.addHook('onRequest', async ({ params, is404 }) => {
    if (!is404 && Object.values(params ?? {}).includes('')) throw module.errors.pathNotFound()
  })
  // Each API judges its parameters itself, in its own order and words.
  app.setValidatorCompiler(() => () => true)
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(module, error, request, reply))
  // X-HTTP-1c: before anything that comes with the request is judged.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    const methods = module.allowedMethods(request.url.split('?', 1)[0] ?? '')
    if (!methods) throw module.errors.pathNotFound()
    reply.header('allow', methods.join(', '))
    throw module.errors.methodNotAllowed()
  })
  // The hook has answered; the prefix has errors of its own because there is a handler.
  app.setNotFoundHandler(() => {
    throw module.errors.pathNotFound()
  })
  await app.register(module.routes, deps)
}

function answerError(module: ApiModule, error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = module.formatError(error)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  return reply.status(status).type('application/json; charset=utf-8').send(body)
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
