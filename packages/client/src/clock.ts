/** What the clients know of time; a test hands over its own, so that nothing sleeps. Durations are in milliseconds. */
export type Clock = {
  /** The instant, in epoch milliseconds. Only a `Retry-After` that is a date is compared with it. */
  now(): number
  /** A number in [0, 1), for jitter. */
  random(): number
  /** Resolves after `delayMs`, or rejects with the reason of `signal` as soon as that aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** The longest delay that a timer takes; a longer one would be over at once. */
const LONGEST_MS = 2 ** 31 - 1

/** The clock of the machine. */
export const machineClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(Math.max(delayMs, 0), LONGEST_MS),
      )
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
