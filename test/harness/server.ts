import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url))

/** What `sandport start --json` prints. */
type Started = {
  url: string
  port: number
  pid: number
  version: string
  sandbox: string
  controlUrl: string
  syft: { baseUrl: string; secretKey: string; motionId: string }
  memsolus: { baseUrl: string; apiKey: string }
}

export type ServerProcess = Started & {
  /** Everything it has written to stderr so far. */
  log(): string
  /** Sends a signal and waits for the end; answers the exit code, or null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the built command on a free port and waits until it answers. */
export async function startServer(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const child = spawnCommand(['start', '--port', '0', '--json', ...args], env)
  const ended = once(child, 'exit') as Promise<[number | null]>
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => text as string),
    ended.then(([code]) => {
      throw new Error(`The server ended with ${code} before it was ready: ${log}`)
    }),
  ])
  return {
    ...(JSON.parse(line) as Started),
    log: () => log,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

/** Runs the built command to its end. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawnCommand(args, env)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/**
 * Starts the built command, which ends with this process at the latest. Only what a test sets is in its environment, beside
 * what finds programs.
 */
export function spawnCommand(args: readonly string[], env: NodeJS.ProcessEnv) {
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}
