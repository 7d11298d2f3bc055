import type { Clock } from './clock.ts'

type Sent = { method: string; url: URL; headers: Headers; body: unknown }

/** Answers one request, or fails it. */
export type Responder = (sent: Sent, signal: AbortSignal | undefined) => Response | Promise<Response>

/** A `fetch` that answers with each responder once, in order, with the last one ever after; and what it was sent. */
export function fakeFetch(...responders: [Responder, ...Responder[]]) {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const respond = responders[Math.min(sent.length, responders.length - 1)]
    const { method = 'GET', headers, body, signal } = init
    const request = {
      method,
      url: new URL(`${input}`),
      headers: new Headers(headers),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    }
    sent.push(request)
    signal?.throwIfAborted()
    if (!respond) throw new Error('Nothing to answer with')
    return respond(request, signal ?? undefined)
  }
  return { fetch, sent }
}

/** A clock that is moved by sleeping, and notes how long was slept. `random` is what jitter is made from. */
export function fakeClock({ random = () => 1 }: { random?: () => number } = {}) {
  let nowMs = Date.UTC(2026, 2, 1)
  const slept: number[] = []
  const clock: Clock = {
    now: () => nowMs,
    random,
    async sleep(delayMs, signal) {
      signal?.throwIfAborted()
      slept.push(delayMs)
      nowMs += delayMs
    },
  }
  return { clock, slept }
}

export const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)

/** All that an iterator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
