import {
  DataDirectoryError,
  isLoopback,
  type Sandport,
  ServiceError,
  type Sizes,
  StartError,
  startSandport,
} from '@sandport/server'
import { Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { describeServer, toJson } from './banner.ts'
import { readPort, readSettings, type Settings } from './settings.ts'

type Options = {
  port?: number
  host?: string
  data?: string
  seed?: number
  runs?: number
  memories?: number
  json?: boolean
}

const FAILED = 1
const USAGE_ERROR = 2

/** `sandport start`: serves both APIs until it is told to stop. */
export function startCommand(env: NodeJS.ProcessEnv, exit: (code: number) => void): Command {
  return new Command('start')
    .description('start the server: both APIs, from one process, with nothing else needed')
    .option('-p, --port <number>', 'port to listen on; 0 is any free port (default: 4646)', port)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)', given)
    .option('--data <directory>', 'keep everything here, and find it again; in memory without it', given)
    .option('--seed <number>', 'what the sandbox "default" is made up from (default: 1)', wholeNumber(2_147_483_647))
    .option('--runs <count>', 'how many runs it has, up to 200000 (default: 230)', wholeNumber(200_000))
    .option('--memories <count>', 'how many memories it has, up to 200000 (default: 300)', wholeNumber(200_000))
    .option('--json', 'print one line of JSON for other programs')
    .addHelpText('after', HELP)
    .action(async (options: Options) => exit(await start(options, env)))
}

const HELP = `
Environment:
  PORT, HOST              as the options, which win
  DATABASE_URL, REDIS_URL Postgres and Redis instead of the embedded ones; FILES_URL the directory of export files
  PUBLIC_URL              the origin that clients reach the server at, where it is not the one it listens on
  SANDPORT_ADMIN_TOKEN    what control calls need; required beyond loopback, "off" to do without
  LOG_LEVEL               debug, info, warn (default), error or silent; logs go to stderr

Examples:
  sandport start --port 0 --json
  sandport start --data ./sandport-data
  sandport start --seed 7 --runs 100000`

async function start({ json = false, ...options }: Options, env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const settings = readSettings(env)
    const host = options.host ?? settings.host ?? '127.0.0.1'
    refuseOpen(host, settings)
    const server = await listen(options, settings, host)
    const stop = stopSignal()
    console.log(json ? toJson(server, settings) : describeServer(server, { ...settings, data: options.data }))
    await stop
    await server.close()
    return 0
  } catch (error) {
    const message = explain(error)
    if (message === undefined) throw error
    console.error(`sandport: ${message}`)
    return error instanceof StartError ? USAGE_ERROR : FAILED
  }
}

async function listen(options: Options, settings: Settings, host: string): Promise<Sandport> {
  const { seed, runs, memories } = options
  const sizes: Partial<Sizes> = {
    ...(seed !== undefined && { seed }),
    ...(runs !== undefined && { runs }),
    ...(memories !== undefined && { memories }),
  }
  const port = options.port ?? settings.port
  if (options.data !== undefined && settings.services) {
    throw new StartError('--data is for the embedded database; leave it out, or unset DATABASE_URL and REDIS_URL.')
  }
  return startSandport({
    host,
    sizes,
    log: pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true })),
    ...(port !== undefined && { port }),
    ...(options.data !== undefined && { dataDirectory: options.data }),
    ...(settings.services && { services: settings.services }),
    ...(settings.publicUrl !== undefined && { publicUrl: settings.publicUrl }),
    ...(settings.adminToken !== undefined && { adminToken: settings.adminToken }),
  })
}

/** Who reaches the server commands it, so beyond loopback somebody has to say who may. */
function refuseOpen(host: string, { adminToken, isOpen }: Settings): void {
  if (isLoopback(host) || adminToken !== undefined || isOpen) return
  throw new StartError(
    `listening on ${host} lets others command this server. Set SANDPORT_ADMIN_TOKEN to a secret, or to "off" where only you can reach it.`,
  )
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false
    const onSignal = () => {
      if (isTold) process.exit(130)
      isTold = true
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}

/** One line for what whoever started the server can mend; undefined for what they cannot. */
function explain(error: unknown): string | undefined {
  if (error instanceof StartError || error instanceof DataDirectoryError || error instanceof ServiceError) {
    return error.message
  }
  if (!(error instanceof Error)) return undefined
  const { code, port, address, hostname }: ListenError = error
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use. Stop the program that has it, or choose another with --port (0 is any free one).`
    case 'EACCES':
      return `not allowed to listen on port ${port}. Choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${address ?? hostname} is no address of this machine. Choose another with --host.`
    default:
      return undefined
  }
}
type ListenError = Error & { code?: string; port?: number; address?: string; hostname?: string }

function port(text: string): number {
  try {
    return readPort('it', text)
  } catch {
    throw new InvalidArgumentError('Use a number from 0 to 65535; 0 is any free port.')
  }
}

/** What an unset variable in a shell makes of an option is none. */
function given(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return text
}

function wholeNumber(most: number) {
  return (text: string): number => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (!(value <= most)) throw new InvalidArgumentError(`Use a whole number from 0 to ${most}.`)
    return value
  }
}
