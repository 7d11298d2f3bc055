import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import { isKey } from './open.ts'
import { hideKeys, shortened } from './secrets.ts'
import type { unmatchedRequests } from './tables.ts'

export type Unmatched = Omit<typeof unmatchedRequests.$inferInsert, 'id'>

/** A request that belongs to no sandbox, and why. */
export function toUnmatched(module: ApiModule, request: FastifyRequest, reply: FastifyReply): Unmatched {
  const { keys, openedUs, openedMs } = request.exchange
  return {
    endedUs: openedUs + Math.round((performance.now() - openedMs) * 1000),
    exchangeId: request.id,
    method: request.method,
    path: hideKeys(request.url.slice(0, 2000).replaceAll('\0', '\uFFFD'), keys),
    status: reply.raw.headersSent ? reply.raw.statusCode : null,
    keys: keys.map(({ where, key }) => ({ where, key: shortened(key) })),
    reason: reasonOf(module, request),
  }
}

/** What a variable that is not set becomes in a text. */
const UNSET = /^(?:undefined|null|none|nil|nan|\$\{?\w+\}?|\{\{.*\}\})$/i

/** Why nobody's, and what to do. */
function reasonOf({ keys: rules }: ApiModule, { exchange }: FastifyRequest): string {
  const counted = exchange.keys.find(({ counts }) => counts)
  const [stray] = exchange.keys
  if (!stray) return `There is no key in it. Send it as "${rules.sentAs}".`
  if (UNSET.test(stray.key)) return `The key is the text "${stray.key}": what the client takes it from is not set.`
  if (!counted)
    return `No key is where the API looks for one, only in ${stray.where}, and no sandbox has it. Send it as "${rules.sentAs}".`
  const { key } = counted
  if (key.startsWith(rules.prefix)) {
    return 'No sandbox has this key. It was made up by a Sandport: the sandbox is deleted or expired, or it was in memory and the server started again.'
  }
  if (isKey(key)) {
    const [own] = rules.prefix.split('_', 1)
    return key.startsWith(`${own}_`)
      ? 'No sandbox has this key. If it is a real one, it does not belong here: use the key of a sandbox.'
      : `No sandbox has this key, and it is one of the other API: the keys of this one begin with "${own}_".`
  }
  return 'No sandbox has this key, and it does not look like one. Use the key of a sandbox: GET /_sandport/sandboxes lists them.'
}
