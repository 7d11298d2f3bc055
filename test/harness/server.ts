import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export const mainOf = (app: 'cli' | 'api' | 'worker') =>
  fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url))

export const MAIN = mainOf('cli')

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
  /** Everything it has logged so far. */
  log(): string
  /** Its exit code, once it has ended; null where a signal ended it. */
  ended: Promise<number | null>
  /** Sends a signal and waits for the end; answers the exit code, or null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Lets it do nothing more, and keeps all that it has open. */
  pause(): void
  goOn(): void
}

/** Starts the built command on a free port and waits until it answers. */
export async function startServer(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const child = spawnProgram('cli', ['start', '--port', '0', '--json', ...args], env)
  const { line, ...control } = await untilLine(child, () => true, [child.stderr])
  return { ...(JSON.parse(line) as Started), ...control }
}

/** Starts an API or a worker as the program that is only that, and waits until it is ready. `main` is another build of it. */
export async function startRole(
  role: 'api' | 'worker',
  env: NodeJS.ProcessEnv,
  main = mainOf(role),
): Promise<RoleProcess> {
  const child = spawnMain(main, [], { PORT: '0', ...env })
  const { line, ...control } = await untilLine(child, (text) => text.includes('"msg":"ready"'), [
    child.stderr,
    child.stdout,
  ])
  return { url: (JSON.parse(line) as { url: string }).url, ...control }
}
export type RoleProcess = { url: string } & Pick<ServerProcess, 'pid' | 'log' | 'stop' | 'pause' | 'goOn'>

/** Waits for a line on stdout. `logs` are the streams that it logs to. */
async function untilLine(
  child: ReturnType<typeof spawnProgram>,
  isWanted: (line: string) => boolean,
  logs: readonly Readable[],
) {
  const ended = once(child, 'exit').then(([code]): number | null => code)
  let log = ''
  for (const stream of logs) {
    stream.on('data', (chunk) => {
      log += chunk
    })
  }
  const lines = createInterface(child.stdout)
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.on('line', (text) => isWanted(text) && resolve(text))),
    ended.then((code) => {
      throw new Error(`The server ended with ${code} before it was ready: ${log}`)
    }),
  ])
  return {
    line,
    pid: child.pid ?? 0,
    log: () => log,
    ended,
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs the built command to its end. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawnProgram('cli', args, env)
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
export function spawnProgram(app: 'cli' | 'api' | 'worker', args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawnMain(mainOf(app), args, env)
}

function spawnMain(main: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { PATH, HOME, TMPDIR, TEST_V8_FLAGS } = process.env
  const child = spawn(process.execPath, [...(TEST_V8_FLAGS?.split(' ') ?? []), main, ...args], {
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}
