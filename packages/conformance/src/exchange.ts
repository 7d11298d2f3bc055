import { setTimeout } from 'node:timers/promises'

/** A request and its answer. */
export type Exchange = {
  /** The method and what was asked for, such as `GET /v1/exports?page=0`; no key is in it. */
  request: string
  status: number
  headers: Headers
  text: string
  /** What the text says as JSON; undefined where it is none. */
  body: unknown
}

/** A request: `query` as it is sent, or as names and values. */
export type Call = {
  method?: string
  path: string
  query?: string | Readonly<Record<string, string | number>>
  headers?: Readonly<Record<string, string>>
  body?: string
}

export type Send = (call: Call) => Promise<Exchange>

export type SenderOptions = {
  fetch: typeof globalThis.fetch
  /** How long to wait between two requests, in milliseconds. */
  paceMs: number
  /** How long an answer may take, in milliseconds. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Hears of each request before it is sent. */
  onRequest(request: string): void
}

/** Sends requests to one origin, one after another and never closer together than the pace. */
export function createSender(baseUrl: string, { fetch, paceMs, timeoutMs, signal, onRequest }: SenderOptions): Send {
  const origin = new URL(baseUrl).href.replace(/\/+$/, '')
  let turn: Promise<unknown> = Promise.resolve()
  /** When the next request may be sent, as `performance.now()`. */
  let freeAt = 0

  async function sendNow({ method = 'GET', path, query, headers = {}, body }: Call): Promise<Exchange> {
    const leftMs = freeAt - performance.now()
    if (leftMs > 0) await setTimeout(leftMs, undefined, { ...(signal && { signal }) })
    signal?.throwIfAborted()
    const target = path + searchOf(query)
    onRequest(`${method} ${target}`)
    const limited = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
    try {
      const response = await fetch(origin + target, {
        method,
        headers,
        redirect: 'manual',
        signal: limited,
        ...(body !== undefined && { body }),
      })
      const text = await response.text()
      return {
        request: `${method} ${target}`,
        status: response.status,
        headers: response.headers,
        text,
        body: parse(text),
      }
    } finally {
      freeAt = performance.now() + paceMs
    }
  }

  return (call) => {
    const sent = turn.then(() => sendNow(call))
    turn = sent.catch(() => {})
    return sent
  }
}

function searchOf(query: Call['query'] = ''): string {
  if (typeof query === 'string') return query === '' ? '' : `?${query}`
  const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, `${value}`]))
  return search.size === 0 ? '' : `?${search}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
