import { setTimeout } from 'node:timers/promises'
import { readRetryAfter } from '@sandport/client'
import { NotTold } from './case.ts'
import type { Exchange } from './exchange.ts'
import { shapeOf } from './expect.ts'

/** How often a service is asked, in milliseconds: at first, and at last, after each delay has been twice the one before. */
const SERVICE = { firstMs: 1000, mostMs: 10_000 }
/** Sandport minds nothing, and its exports are ready soon. */
const SANDPORT = { firstMs: 50, mostMs: 2000 }

type WaitOptions = { readyWithinMs: number; signal?: AbortSignal | undefined }

/** Asks until an export is READY. Never sooner than the last answer wants, and no longer than it is told to. */
export async function waitUntilReady(
  ask: () => Promise<Exchange>,
  { readyWithinMs, signal }: WaitOptions,
): Promise<{ exchange: Exchange; statuses: string[] }> {
  const endMs = performance.now() + readyWithinMs
  const statuses: string[] = []
  for (let polls = 0; ; polls += 1) {
    const exchange = await ask()
    const status = statusIn(exchange)
    if (status !== undefined && status !== statuses.at(-1)) statuses.push(status)
    if (status === 'READY') return { exchange, statuses }
    if (status === 'FAILED' || status === 'EXPIRED') throw new NotTold(`The export that cases share is ${status}.`)
    const leftMs = endMs - performance.now()
    const delayMs = delayAfter(exchange, polls)
    if (delayMs >= leftMs) throw new NotTold(`The export that cases share was not READY in ${readyWithinMs / 1000} s.`)
    await setTimeout(delayMs, undefined, { ...(signal && { signal }) })
  }
}

/** The status in an answer; none where the service is busy or out of order, which may be over soon. */
function statusIn({ status, body }: Exchange): string | undefined {
  if (status === 429 || status >= 500) return undefined
  if (status !== 200) throw new NotTold(`The export that cases share cannot be polled: status ${status}.`)
  const { status: found } = (body ?? {}) as { status?: unknown }
  if (typeof found === 'string') return found
  throw new NotTold(`The export that cases share cannot be polled: its status is ${shapeOf(found)}.`)
}

function delayAfter({ headers }: Exchange, polls: number): number {
  const { firstMs, mostMs } = headers.has('sandport-exchange') ? SANDPORT : SERVICE
  // An instant is by the service's own clock, where it tells it.
  const nowMs = Date.parse(headers.get('date') ?? '')
  const wantedMs = readRetryAfter(headers.get('retry-after'), Number.isNaN(nowMs) ? Date.now() : nowMs)
  return Math.max(Math.min(mostMs, firstMs * 2 ** polls), wantedMs ?? 0)
}
