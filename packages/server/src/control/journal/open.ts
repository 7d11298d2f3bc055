import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import type { Exchange, FoundKey } from '../../exchange.ts'
import { readRealUs } from '../../sandbox/caller.ts'
import { queryOf } from '../../wire/query.ts'
import type { ControlContext } from '../index.ts'
import { isOverdue, settleTimeline } from '../timeline/due.ts'

/** As many of the keys in a request are looked up. */
const MOST_KEYS = 8

/**
 * Opens the exchange of a request: finds out who asks, dates the answer by their sandbox's clock (X-TIME-2c), and sees to it
 * that the exchange gets into the journal however it ends.
 */
export async function openExchange(
  context: ControlContext,
  module: ApiModule,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { journal } = context
  let isRecorded = false
  const exchange = newExchange(module, request, () => {
    if (isRecorded || !exchange.isIdentified) return
    isRecorded = true
    journal.record(module, request, reply)
  })
  request.exchange = exchange
  const { raw } = reply
  raw.once('close', exchange.end)
  await identify(context, module, exchange)
  const { owner } = exchange
  if (owner && isOverdue({ timelineAt: owner.timelineAt, now: owner.sandbox.now })) {
    await settleTimeline(context, owner.sandbox.id)
    // What has happened may be that a key was revoked; and what there is to read is newer.
    await identify(context, module, exchange)
  }
  // A client may be gone before it is known who it was.
  if (raw.closed) exchange.end()
  const { caller } = exchange
  if (caller) reply.header('date', caller.sandbox.now.toUTCString())
}

function newExchange(module: ApiModule, request: FastifyRequest, end: () => void): Exchange {
  const { operation } = request.routeOptions.config
  const params: { motionId?: string; exportId?: string } = request.params ?? {}
  return {
    id: request.id,
    operation: request.is404 ? undefined : operation,
    isIdentified: false,
    owner: undefined,
    caller: undefined,
    keys: findKeys(module, request),
    openedUs: 0,
    openedMs: performance.now(),
    beganAt: 0,
    revision: 0,
    motionId: params.motionId,
    exportId: params.exportId,
    served: undefined,
    facts: {},
    requestBody: undefined,
    taken: undefined,
    isAltered: false,
    cutBy: undefined,
    isSent: false,
    sentMs: undefined,
    end,
    bytes: 0,
    responseBody: undefined,
  }
}

/** Finds out whose key it is. Where the key that counts is nobody's, another one in it says whose journal it belongs to. */
export async function identify(
  { deps, findCallers }: Pick<ControlContext, 'deps' | 'findCallers'>,
  module: ApiModule,
  exchange: Exchange,
): Promise<void> {
  const counted = exchange.keys.find(({ counts }) => counts)
  const others = exchange.keys.filter(({ counts }) => !counts)
  const [own] = counted ? await findCallers([counted.key]) : []
  const [other] = own || others.length === 0 ? [] : await findCallers(others.map(({ key }) => key))
  const isValid = own?.api === module.name && own.revokedAt === null
  exchange.owner = own ?? other
  exchange.caller = isValid ? own : undefined
  exchange.revision = exchange.owner?.sandbox.revision ?? 0
  // It comes before whatever the client does once it has the answer, whichever process that goes to.
  exchange.openedUs = exchange.owner?.realUs ?? (await readRealUs(deps.db))
  exchange.openedMs = performance.now()
  if (!exchange.isIdentified) exchange.beganAt = exchange.revision
  exchange.isIdentified = true
}

const keyHeaders = ['authorization', 'x-syft-secret-key', 'x-api-key'] as const

/** All that looks like a key: in the headers that the vendors name, and in the URL. */
function findKeys(module: ApiModule, request: FastifyRequest): FoundKey[] {
  const { headers } = request.raw
  const counted = module.readKey(headers)
  const inHeaders = keyHeaders.flatMap((where) => {
    const key = headers[where]
      ?.toString()
      .replace(/^(bearer|basic|token) +/i, '')
      .trim()
    return key ? [{ where, key }] : []
  })
  const inQuery = /sk(?:_|%5f)/i.test(request.url)
    ? queryOf(request).entries.flatMap(([name, key]) => (isKey(key) ? [{ where: `query:${name}`, key }] : []))
    : []
  const found = [...inHeaders, ...inQuery].slice(0, MOST_KEYS)
  const counting = found.findIndex(({ key }) => key === counted)
  return found.map((each, index) => ({ ...each, counts: index === counting }))
}

const KEY = /^m?sk_(?:live|test)_/

/** Whether a text looks like a key of either vendor. */
export function isKey(text: string): boolean {
  return KEY.test(text)
}
