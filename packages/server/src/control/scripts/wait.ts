import type { ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Deps } from '../../deps.ts'
import { scripts } from './tables.ts'
import type { Taken } from './take.ts'
import { isScript } from './take.ts'

/** For so long at most a request is held. */
const HOLD_MS = 60_000
const LOOK_AGAIN_MS = 50

/** Waits for a duration of real time, or until the client is gone or the server stops. */
export async function pause(raw: ServerResponse, delayMs: number, stopping: AbortSignal): Promise<void> {
  const gone = new AbortController()
  const leave = () => gone.abort()
  raw.once('close', leave)
  await setTimeout(delayMs, undefined, { signal: AbortSignal.any([gone.signal, stopping]) }).catch(() => {})
  raw.off('close', leave)
}

/** Waits until a held request is released, by whichever process; not longer than a minute. */
export async function waitForRelease(
  { db, stopping }: Deps,
  raw: ServerResponse,
  { sandboxId, scriptId, turn }: { sandboxId: string } & Pick<Taken, 'scriptId' | 'turn'>,
): Promise<void> {
  const endMs = performance.now() + HOLD_MS
  while (performance.now() < endMs && !raw.destroyed && !stopping.aborted) {
    const [script] = await db
      .select({ released: scripts.released })
      .from(scripts)
      .where(isScript({ sandboxId, id: scriptId }))
    if (!script || script.released >= turn) return
    await pause(raw, LOOK_AGAIN_MS, stopping)
  }
}
