import { createControlClient } from '@sandport/client'
import type { Target } from '@sandport/conformance'
import { readSettings, startSandport } from '@sandport/server'
import { pino } from 'pino'

/** Of which more are completed than a page can have, so that every case has something to go by. */
const DATA = { syft: { runs: { count: 230 } }, memsolus: { memories: { count: 60 } } }

/** A Sandport in this process, in memory, with a sandbox to verify. */
export async function startStandIn(env: NodeJS.ProcessEnv): Promise<{ target: Target; close(): Promise<void> }> {
  const log = pino({ level: readSettings({ LOG_LEVEL: env.LOG_LEVEL ?? 'silent' }).logLevel }, pino.destination(2))
  const { url, close } = await startSandport({ port: 0, log })
  const control = createControlClient({ baseUrl: url })
  const { id, clock, syft, memsolus } = await control.sandboxes.create({ name: 'verified', data: DATA })
  // Created first and updated last, so that it shows by which of the two runs are ordered.
  const late = { status: 'completed', createdAt: '2020-01-01T00:00:00Z', updatedAt: clock.now }
  await control.sandbox(id).syft.runs.create(late)
  return {
    target: {
      syft: { baseUrl: url, secretKey: syft.secretKey, motionId: syft.motions[0]?.id ?? '' },
      memsolus: { baseUrl: url, apiKey: memsolus.apiKey },
      control: { url },
    },
    close,
  }
}
