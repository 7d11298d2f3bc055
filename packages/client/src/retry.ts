import type { Clock } from './clock.ts'
import { ApiError, ConnectionError, InvalidResponse } from './errors.ts'

/** How often and how slowly what failed is tried again. */
export type RetryOptions = {
  /** How many times, beside the first: 4 if not given; 0 for never. */
  retries?: number
  /** The longest delay before the first retry, doubled with each: 500 if not given. */
  baseDelayMs?: number
  /** What doubling ends at: 30,000 if not given. A longer `Retry-After` is waited for, up to `longestRetryAfterMs`. */
  maxDelayMs?: number
  /** What is asked to wait for longer is not tried again, and its error thrown at once: 5 minutes if not given. */
  longestRetryAfterMs?: number
}

/**
 * What may be sent twice. `always`: a read, which changes nothing. `refused`: a write, tried again only after a 429, which
 * says that it was not taken in; any other failure leaves that open. `never`: not at all.
 */
export type Repeatable = 'always' | 'refused' | 'never'

const TEMPORARY = new Set([429, 502, 503, 504])

/**
 * Whether a failure may be over by itself, so that to ask again makes sense: no answer, a garbled one, 429, 502, 503, 504.
 */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ApiError) return TEMPORARY.has(error.status)
  return error instanceof ConnectionError || error instanceof InvalidResponse
}

/**
 * Tries until it works, fails for good, or has been tried often enough; then throws the last error. Between tries it waits
 * as long as `Retry-After` said, else a random time up to a limit that doubles (exponential backoff with full jitter).
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { repeatable, retry, clock, signal }: RetryContext,
): Promise<T> {
  const { retries = 4, baseDelayMs = 500, maxDelayMs = 30_000, longestRetryAfterMs = 300_000 } = retry
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (failures >= retries || !mayRepeat(error, repeatable)) throw error
      const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : undefined
      if (retryAfterMs !== undefined && retryAfterMs > longestRetryAfterMs) throw error
      const backoffMs = clock.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** failures)
      await clock.sleep(Math.max(backoffMs, retryAfterMs ?? 0), signal)
    }
  }
}
export type RetryContext = {
  repeatable: Repeatable
  retry: RetryOptions
  clock: Clock
  signal: AbortSignal | undefined
}

function mayRepeat(error: unknown, repeatable: Repeatable): boolean {
  if (repeatable === 'always') return isTemporary(error)
  return repeatable === 'refused' && error instanceof ApiError && error.status === 429
}

/** `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, 10.2.3). Undefined for what is neither. */
export function readRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const at = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
