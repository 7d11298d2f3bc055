import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from './deps.ts'
import type { Cause } from './ports/queue/queue.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is done for this request says so by it, in whichever process. */
    cause: Cause
  }
}

/**
 * Measures, logs and traces a request, from now until its connection has all of the answer or is gone. Neither its query nor
 * its headers are in any of it, as keys may be.
 */
export function measure({ metrics, tracing }: Deps, api: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const began = performance.now()
    const { config, url = 'none' } = request.routeOptions
    const operation = request.is404 ? 'none' : (config.operation ?? `${request.method} ${url}`)
    const traceparent = request.headers.traceparent
    const span = tracing?.begin(operation, {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : undefined,
      attributes: { 'http.request.method': request.method, 'http.route': url, 'sandport.exchange': request.id },
    })
    request.cause = { requestId: request.id, ...(span && { traceparent: span.traceparent }) }
    const { raw } = reply
    raw.once('close', () => {
      const status = raw.headersSent ? raw.statusCode : undefined
      const durationMs = performance.now() - began
      metrics.requests.observe({ api, operation, status: `${status ?? 'none'}` }, durationMs / 1000)
      request.log.info({ api, operation, status, durationMs: Math.round(durationMs * 10) / 10 }, 'request')
      const isFault = status === undefined || status >= 500
      span?.end({ 'http.response.status_code': status ?? 0 }, isFault ? (status ?? 'no answer') : undefined)
    })
  }
}
