import type { Target } from '@sandport/conformance'
import { readSettings, startSandport } from '@sandport/server'
import { pino } from 'pino'

/** Of which more are completed than a page can have, so that every case has something to go by. */
const DATA = { syft: { runs: { count: 230 } }, memsolus: { memories: { count: 60 } } }

type View = { syft: { secretKey: string; motions: [{ id: string }] }; memsolus: { apiKey: string } }

/** A Sandport in this process, in memory, with a sandbox to verify. */
export async function startStandIn(env: NodeJS.ProcessEnv): Promise<{ target: Target; close(): Promise<void> }> {
  const log = pino({ level: readSettings({ LOG_LEVEL: env.LOG_LEVEL ?? 'silent' }).logLevel }, pino.destination(2))
  const { url, close } = await startSandport({ port: 0, log })
  const answer = await fetch(`${url}/_sandport/sandboxes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'verified', data: DATA }),
  })
  if (!answer.ok) throw new Error(`Failed to make a sandbox: ${answer.status} ${await answer.text()}`)
  const { syft, memsolus } = (await answer.json()) as View
  return {
    target: {
      syft: { baseUrl: url, secretKey: syft.secretKey, motionId: syft.motions[0].id },
      memsolus: { baseUrl: url, apiKey: memsolus.apiKey },
      control: { url },
    },
    close,
  }
}
