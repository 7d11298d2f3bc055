import { type Sandport, startSandport } from './embedded.ts'

/** The server of this test run, for the tear-down, which is a module of its own in Jest. */
const slot = globalThis as { [key: symbol]: Sandport | undefined }
const own = Symbol.for('sandport.global-setup')

/**
 * For a test run's set-up, of Vitest or Jest: starts a server, unless `SANDPORT_URL` names one, and names it there to all
 * that the run starts. Vitest closes it with what this answers, Jest with `sandport/global-teardown`.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  if (!process.env.SANDPORT_URL) {
    const server = await startSandport()
    slot[own] = server
    process.env.SANDPORT_URL = server.url
  }
  return tearDown
}

/** Closes the server that the set-up has started. */
export async function tearDown(): Promise<void> {
  const server = slot[own]
  if (!server) return
  slot[own] = undefined
  delete process.env.SANDPORT_URL
  await server.close()
}
