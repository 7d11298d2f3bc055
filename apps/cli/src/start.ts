import {
  readPort,
  readSettings,
  refuseOpen,
  runUntilStopped,
  type Sizes,
  StartError,
  servicesOfWorker,
  startSandport,
  startSandportWorker,
} from '@sandport/server'
import { Command, InvalidArgumentError, Option } from 'commander'
import { pino } from 'pino'
import { describeServer, describeWorker, toJson, workerToJson } from './banner.ts'

type Options = {
  port?: number
  host?: string
  data?: string
  seed?: number
  runs?: number
  memories?: number
  role: 'all' | 'api' | 'worker'
  json?: boolean
}

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
    .addOption(
      new Option('--role <role>', 'what this process does; api and worker need Postgres and Redis')
        .choices(['all', 'api', 'worker'])
        .default('all'),
    )
    .option('--json', 'print one line of JSON for other programs')
    .addHelpText('after', HELP)
    .action(async (options: Options) => exit(await start(options, env)))
}

const HELP = `
Environment:
  PORT, HOST              as the options, which win
  DATABASE_URL, REDIS_URL Postgres and Redis instead of the embedded ones
  FILES_URL               beside those, where export files are: a directory, or s3://bucket/prefix?endpoint=…
  PUBLIC_URL              the origin that clients reach the server at, where it is not the one it listens on
  SANDPORT_ADMIN_TOKEN    what control calls need; required beyond loopback, "off" to do without
  JOURNAL_LIMIT           how many exchanges of a sandbox are remembered (default: 10000); 0 for none
  LOG_LEVEL               debug, info, warn (default), error or silent; logs go to stderr

Examples:
  sandport start --port 0 --json
  sandport start --data ./sandport-data
  sandport start --seed 7 --runs 100000`

function start({ role, json = false, ...options }: Options, env: NodeJS.ProcessEnv): Promise<number> {
  return runUntilStopped({
    async start() {
      const settings = readAll(options, env)
      refuseOpen(settings)
      const log = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
      if (role === 'worker') {
        refuseSizes(options)
        const services = servicesOfWorker(settings)
        const worker = await startSandportWorker({ ...settings, services, log })
        return { ...worker, text: () => (json ? workerToJson(worker) : describeWorker(worker, services)) }
      }
      const server = await startSandport({ ...settings, withoutWorker: role === 'api', log })
      return { ...server, text: () => (json ? toJson(server, settings) : describeServer(server, settings)) }
    },
    announce: ({ text }) => console.log(text()),
  })
}

/** The environment, and the options, which win. */
function readAll({ port, host, data, ...options }: Omit<Options, 'role' | 'json'>, env: NodeJS.ProcessEnv) {
  const settings = readSettings(env)
  if (data !== undefined && settings.services) {
    throw new StartError('--data is for the embedded database; leave it out, or unset DATABASE_URL and REDIS_URL.')
  }
  const sizes: Partial<Sizes> = options
  return {
    ...settings,
    sizes,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(data !== undefined && { dataDirectory: data }),
  }
}

function refuseSizes({ seed, runs, memories }: Omit<Options, 'role'>): void {
  for (const [name, value] of Object.entries({ seed, runs, memories })) {
    if (value !== undefined) throw new StartError(`--${name} is for the server; a worker makes no data.`)
  }
}

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
