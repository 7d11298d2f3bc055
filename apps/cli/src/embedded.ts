import type { SandboxInput } from '@sandport/client'
import { type Connection, connectSandport } from './connected.ts'

/** What the sandbox `default` holds, and where the server is. */
export type StartOptions = {
  /** Any free port if not given. */
  port?: number
  /** Where everything is kept, and found again; in memory if not given. */
  dataDirectory?: string
  /** What the data of `default` is made up from: 1 if not given. */
  seed?: number
  /** How many runs `default` has: 230 if not given. */
  runs?: number
  /** How many memories it has: 300 if not given. */
  memories?: number
  /** How `default` and new sandboxes read the pages, where they can be read in two ways. */
  reading?: NonNullable<SandboxInput['reading']>
  /** What is logged on stderr, as JSON: `error` and worse if not given. */
  logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

/** A server in this process. It closes itself at the end of an `await using`. */
export type Sandport = Connection &
  AsyncDisposable & {
    port: number
    /** Finishes what is under way, for a few seconds at most, and lets go of everything. */
    close(): Promise<void>
  }

/**
 * Starts a server in this process, with everything in it, on 127.0.0.1. It keeps the process alive until it is closed.
 *
 * @throws StartError where the port is taken or the data directory cannot be used
 */
export async function startSandport(options: StartOptions = {}): Promise<Sandport> {
  // Only who starts a server waits for all of it to be loaded.
  const { startServer } = await import('./embedded-start.ts')
  const server = await startServer(options)
  const close = () => server.close()
  return {
    ...connectSandport({ url: server.url }),
    port: server.port,
    close,
    [Symbol.asyncDispose]: close,
  }
}
