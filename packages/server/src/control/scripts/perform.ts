import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import { parseDuration } from '../../wire/duration.ts'
import { queryOf } from '../../wire/query.ts'
import { runActions } from '../actions/actions.ts'
import type { ControlContext } from '../index.ts'
import { identify } from '../journal/open.ts'
import { noteSending } from '../journal/sending.ts'
import { refuse } from '../quotas/hold-to.ts'
import { spoil } from './spoil.ts'
import { takeStep } from './take.ts'
import { pause, waitForRelease } from './wait.ts'

/**
 * Where a script is for a request: takes its step, does what comes before the answer, and answers by itself where the step
 * says so.
 */
export async function beginStep(
  context: ControlContext,
  module: ApiModule,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { exchange } = request
  const { owner, operation } = exchange
  const counts = owner?.api === module.name && exchange.keys.some(({ counts, key }) => counts && key === owner.key)
  if (!owner?.isScripted || !counts || operation === undefined) return
  const { deps } = context
  const sandboxId = owner.sandbox.id
  const { first } = queryOf(request)
  const taken = await takeStep(deps.db, sandboxId, {
    operation,
    exchange: exchange.id,
    params: request.params ?? {},
    query: first,
    header: (name) => request.raw.headers[name.toLowerCase()]?.toString(),
  })
  if (!taken) return
  exchange.taken = taken
  const { step } = taken
  if (step.before) {
    await runActions(context, sandboxId, step.before, aboutOf(request))
    // What has changed may be who asks, or what time it is for them.
    await identify(context, module, exchange)
    if (exchange.caller) reply.header('date', exchange.caller.sandbox.now.toUTCString())
  }
  if (step.delay || step.stall || step.hold) {
    const leave = context.keeper.enter(sandboxId, 'waitingRequests')
    if (!leave) return refuse(module, 'waitingRequests', reply)
    reply.raw.once('close', leave)
  }
  if (step.delay) await pause(reply.raw, parseDuration(step.delay) ?? 0, deps.stopping)
  if (step.hold) await waitForRelease(deps, reply.raw, { sandboxId, ...taken })
  if (step.respond) return respond(module, step.respond, request, reply)
}

type Respond = { status: number; body?: unknown; headers?: Record<string, string>; retryAfter?: number }

/** Answers in place of the API: with the body that the step gives, or the API's own for the status. */
function respond(module: ApiModule, given: Respond, { exchange }: FastifyRequest, reply: FastifyReply) {
  const { status, headers = {}, retryAfter, body = status >= 400 ? module.faultBody(status) : undefined } = given
  exchange.isAltered = true
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  const isText = typeof body === 'string'
  if (body !== undefined)
    reply.header('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8')
  reply.status(status).headers(headers)
  return reply.send(isText || body === undefined ? (body ?? '') : JSON.stringify(body))
}

/**
 * What the step does once the answer is made and before its first byte: `then`, and the harm to the answer itself. After the
 * answer, `then` would race the client's next request.
 */
export async function finishStep(
  context: ControlContext,
  { request, reply, payload }: { request: FastifyRequest; reply: FastifyReply; payload: unknown },
): Promise<unknown> {
  const { exchange } = request
  const { owner, taken } = exchange
  if (taken?.step.then && owner) await runActions(context, owner.sandbox.id, taken.step.then, aboutOf(request))
  if (taken?.step.reset || taken?.step.close) return breakOff(taken.step.reset === true, request, reply, payload)
  const sent = taken ? await spoil(context.deps, taken.step, { request, reply, payload }) : payload
  noteSending(request, reply, sent)
  return sent
}

/** Ends the connection without a byte: as a server that crashed (RST), or one that closed it (FIN). */
function breakOff(isReset: boolean, { exchange }: FastifyRequest, { raw }: FastifyReply, payload: unknown) {
  exchange.cutBy = 'script'
  if (payload instanceof Readable) payload.destroy()
  if (isReset) raw.socket?.resetAndDestroy()
  else raw.socket?.destroySoon()
  // There is nothing left to send it on.
  return new Promise(() => {})
}

function aboutOf({ exchange }: FastifyRequest) {
  return exchange.exportId === undefined ? {} : { exportId: exchange.exportId }
}
