import type { SandboxInput } from '@sandport/client'
import { test as base } from 'vitest'
import { type Connection, connectSandport, type TestSandbox } from './connected.ts'
import { startSandport } from './embedded.ts'

/** What a test that is taken from here can ask for. */
export type SandportFixtures = {
  /** The server: the one that `SANDPORT_URL` names, or one that is started for these tests and closed behind them. */
  sandport: Connection
  /** What each sandbox is created from: nothing, unless a file or a suite overrides it. */
  sandboxInput: SandboxInput
  /** A sandbox of the test's own, with its name, which is deleted behind it. */
  sandbox: TestSandbox
}

/** Where a run ends before it can delete them, they go by themselves. */
const TTL = '1h'

/** Vitest's `test`, with a server and a sandbox for who asks for them. */
export const test = base.extend<SandportFixtures>({
  sandport: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from it that nothing else is asked for.
    async ({}, use) => {
      if (process.env.SANDPORT_URL) return use(connectSandport())
      const server = await startSandport()
      await use(server)
      await server.close()
    },
    { scope: 'worker' },
  ],
  sandboxInput: {},
  sandbox: async ({ sandport, sandboxInput, task }, use) => {
    const sandbox = await sandport.createSandbox({ name: task.name.slice(0, 200), ttl: TTL, ...sandboxInput })
    await use(sandbox)
    await sandbox.delete()
  },
})
