import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from './api-module.ts'
import type { ControlContext } from './control/index.ts'
import { openExchange } from './control/journal/open.ts'
import { limitRate } from './control/policy/limit.ts'
import { holdToPace } from './control/quotas/hold-to.ts'
import { beginStep, finishStep } from './control/scripts/perform.ts'
import { measure } from './measuring.ts'

const KEPT_BODY_BYTES = 4096

/**
 * An API's routes, and around each of them a request's way: the journal opens with whose key it is, a path or method that
 * the API does not have is refused, the rate limit counts, a script may take the request over; then comes the API itself;
 * and at last the script may do something to the answer. Every error is in the API's own form.
 */
export async function vendorScope(
  app: FastifyInstance,
  { module, context }: { module: ApiModule; context: ControlContext },
): Promise<void> {
  passOverBodies(app)
  // Each API judges its parameters itself, in its own order and words.
  app.setValidatorCompiler(() => () => true)
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(module, error, request, reply))
  app.decorateRequest('exchange')
  app.addHook('onRequest', measure(context.deps, module.name))
  app.addHook('onRequest', (request, reply) => openExchange(context, module, request, reply))
  app.addHook('onRequest', (request, reply) => refuseUnknown(module, request, reply))
  app.addHook('onRequest', (request, reply) => holdToPace(context, module, request, reply))
  app.addHook('onRequest', (request, reply) => limitRate(context, module, request, reply))
  app.addHook('onRequest', (request, reply) => beginStep(context, module, request, reply))
  app.addHook('onSend', (request, reply, payload) => finishStep(context, { request, reply, payload }))
  // The hook has answered; the prefix has errors of its own because there is a handler.
  app.setNotFoundHandler(() => {
    throw module.errors.pathNotFound()
  })
  await app.register(module.routes, context.deps)
}

/** X-HTTP-1c: a path or method that there is not is refused before anything that comes with the request is judged. */
async function refuseUnknown(module: ApiModule, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.is404) {
    const methods = module.allowedMethods(request.url.split('?', 1)[0] ?? '')
    if (!methods) throw module.errors.pathNotFound()
    reply.header('allow', methods.join(', '))
    throw module.errors.methodNotAllowed()
  }
  // With nothing between two slashes a route still matches, and its parameter is empty.
  if (Object.values(request.params ?? {}).includes('')) throw module.errors.pathNotFound()
}

/** No call of a vendor takes a body: its beginning is noted, and the rest passed over. */
function passOverBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', ({ exchange }, body, done) => {
    body.on('data', (chunk: Buffer) => {
      const kept = exchange.requestBody ?? ''
      if (kept.length < KEPT_BODY_BYTES) exchange.requestBody = (kept + chunk.toString()).slice(0, KEPT_BODY_BYTES)
    })
    done(null)
  })
  // Fastify would refuse a type that it cannot read before anything else is judged. What was sent stays in `raw.headers`.
  app.addHook('onRequest', async (request) => {
    const hasType = request.raw.headers['content-type'] !== undefined || request.method === 'QUERY'
    if (hasType) request.headers = { 'content-type': 'application/octet-stream' }
  })
}

export function answerError(module: ApiModule, error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = module.formatError(error)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  return reply.status(status).type('application/json; charset=utf-8').send(body)
}
