import type { Clock } from './clock.ts'
import { ApiError, DeadlineExceeded, ExportEnded } from './errors.ts'
import type { Export } from './memsolus-wire.ts'
import { isTemporary, readRetryAfter } from './retry.ts'

/** How an export is waited for. */
export type WaitOptions = {
  /** For how long at most: 15 minutes (900,000) if not given. Looked at between two polls. */
  deadlineMs?: number | undefined
  /** The delay after the first poll: 500 if not given, which is as often as makes sense. It doubles with each. */
  firstDelayMs?: number | undefined
  /** What doubling ends at: 10,000 if not given. */
  maxDelayMs?: number | undefined
  /** Told of each answer, for a display of the progress. */
  onPoll?: ((found: Export) => void) | undefined
}

/** Asks until an export is `READY`. Failures that may be over by themselves are waited out, up to the deadline. */
export async function waitFor(
  exportId: string,
  { deadlineMs = 900_000, firstDelayMs = 500, maxDelayMs = 10_000, onPoll }: WaitOptions,
  { ask, clock, signal }: Waiter,
): Promise<Export> {
  const endMs = clock.now() + deadlineMs
  let last = 'not known'
  for (let polls = 0; ; polls += 1) {
    const { found, retryAfterMs, failure } = await askOnce(exportId, ask, clock)
    if (found) {
      onPoll?.(found)
      last = found.status
      if (found.status === 'READY') return found
      if (found.status === 'FAILED' || found.status === 'EXPIRED') {
        throw new ExportEnded({ exportId, status: found.status })
      }
    }
    const leftMs = endMs - clock.now()
    if (leftMs <= 0) throw failure ?? new DeadlineExceeded({ exportId, status: last, deadlineMs })
    // Spread upwards, so that many who wait do not ask at once, and nobody asks too soon.
    const backoffMs = Math.min(maxDelayMs, firstDelayMs * 2 ** polls) * (1 + clock.random() / 4)
    await clock.sleep(Math.min(leftMs, retryAfterMs ?? backoffMs), signal)
  }
}

type Ask = (exportId: string) => Promise<{ found: Export; headers: Headers }>
type Waiter = { ask: Ask; clock: Clock; signal: AbortSignal | undefined }
type Asked = { found?: Export; retryAfterMs?: number | undefined; failure?: unknown }

async function askOnce(exportId: string, ask: Ask, clock: Clock): Promise<Asked> {
  try {
    const { found, headers } = await ask(exportId)
    return { found, retryAfterMs: readRetryAfter(headers.get('retry-after'), clock.now()) }
  } catch (failure) {
    if (!isTemporary(failure)) throw failure
    return { failure, retryAfterMs: failure instanceof ApiError ? failure.retryAfterMs : undefined }
  }
}
