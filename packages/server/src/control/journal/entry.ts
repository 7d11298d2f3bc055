import type { OutgoingHttpHeader } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { parseQuery } from '../../wire/query.ts'
import { toStorableText } from '../../wire/storable.ts'
import type { KeyFacts } from './exchange.ts'
import { hideKeys } from './secrets.ts'
import type { exchanges } from './tables.ts'

/** An exchange as the journal keeps it, before it is numbered. */
export type Entry = Omit<typeof exchanges.$inferInsert, 'id' | 'transaction'> & {
  /** The revision of the sandbox when it began. */
  beganAt: number
}

type Header = [name: string, value: string]

/** What is left of an exchange of `owner` that has ended. Keys are shortened in all of it. */
export function toEntry(
  module: ApiModule,
  request: FastifyRequest,
  reply: FastifyReply,
  { owner, isStopping }: { owner: Caller; isStopping: boolean },
): Entry {
  const { exchange } = request
  const { raw } = reply
  const isSent = raw.writableFinished || exchange.isSent
  const [path = '', search = ''] = splitUrl(request.url)
  const lasted = Math.round(((exchange.sentMs ?? performance.now()) - exchange.openedMs) * 1000)
  const hide = (text: string) => hideKeys(text, exchange.keys)
  return {
    sandboxId: owner.sandbox.id,
    exchangeId: exchange.id,
    api: module.name,
    operation: exchange.operation ?? null,
    method: request.method,
    path: hide(toStorableText(path)),
    search: hideInSearch(toStorableText(search), hide),
    query: parseQuery(search).entries.map(([name, value]): Header => [name, hide(value)]),
    requestHeaders: pairsOf(request.raw.rawHeaders).map(([name, value]) => [name, hide(toStorableText(value))]),
    requestBody: exchange.requestBody === undefined ? null : hide(toStorableText(exchange.requestBody)),
    keyEnd: exchange.keys.find(({ counts }) => counts)?.key.slice(-4) ?? null,
    at: owner.sandbox.now,
    openedUs: exchange.openedUs,
    closedUs: exchange.openedUs + lasted,
    beganAt: exchange.beganAt,
    revision: exchange.revision,
    status: raw.headersSent ? raw.statusCode : null,
    responseHeaders: headersOf(reply.getHeaders()),
    responseBody: exchange.responseBody === undefined ? null : hide(toStorableText(exchange.responseBody)),
    bytes: exchange.bytes,
    isWhole: isSent && !exchange.isAltered && exchange.cutBy === undefined,
    cutBy: exchange.cutBy ?? (isSent ? null : isStopping ? 'server' : 'client'),
    motionId: exchange.motionId === undefined ? null : toStorableText(exchange.motionId),
    exportId: exchange.exportId === undefined ? null : toStorableText(exchange.exportId),
    servedKey: exchange.served?.key ?? null,
    facts: { ...exchange.facts, ...keyFacts(exchange) },
    script: exchange.taken ? { id: exchange.taken.scriptId, step: exchange.taken.index } : null,
  }
}

/** Where keys were, as far as that is for judging the client; the keys themselves are not kept. */
function keyFacts({ keys, caller, owner }: Exchange): Partial<KeyFacts> {
  const isUsual = keys.length === 1 && keys[0]?.counts && caller !== undefined
  if (isUsual) return {}
  const counting = keys.find(({ counts }) => counts)
  return {
    keys: keys.map(({ where, key, counts }) => ({
      where,
      counts,
      isOwner: key === owner?.key,
      differs: counting !== undefined && key !== counting.key,
    })),
    ownerApi: owner?.api,
  }
}

/** Hides keys in a query as it came. Where one is percent-encoded, the query is written anew from what it says. */
function hideInSearch(search: string, hide: (text: string) => string): string {
  const hidden = hide(search)
  if (!hidden.includes('%')) return hidden
  const { entries } = parseQuery(hidden)
  if (entries.every(([, value]) => hide(value) === value)) return hidden
  return new URLSearchParams(entries.map(([name, value]): Header => [name, hide(value)])).toString()
}

function splitUrl(url: string): [path: string, search: string] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

function pairsOf(raw: readonly string[]): Header[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as Header] : []))
}

function headersOf(headers: Record<string, OutgoingHttpHeader | undefined>): Header[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): Header => [name, `${each}`]),
  )
}
