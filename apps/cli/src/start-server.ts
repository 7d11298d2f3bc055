import {
  readReadingFile,
  readSettings,
  refuseOpen,
  runUntilStopped,
  type Sizes,
  StartError,
  servicesOfWorker,
  startSandport,
  startSandportWorker,
} from '@sandport/server'
import { pino } from 'pino'
import { describeServer, describeWorker, toJson, workerToJson } from './banner.ts'

/** What `sandport start` takes. */
export type StartOptions = {
  port?: number
  host?: string
  data?: string
  seed?: number
  runs?: number
  memories?: number
  reading?: string
  role: 'all' | 'api' | 'worker'
  json?: boolean
}

/** Runs the server, or the part of it that this process is to be, until it is told to stop. Answers the exit code. */
export function start({ role, json = false, ...options }: StartOptions, env: NodeJS.ProcessEnv): Promise<number> {
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
function readAll(
  { port, host, data, reading, ...options }: Omit<StartOptions, 'role' | 'json'>,
  env: NodeJS.ProcessEnv,
) {
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
    ...(reading !== undefined && { reading: readReadingFile('--reading', reading) }),
  }
}

function refuseSizes({ seed, runs, memories }: Omit<StartOptions, 'role'>): void {
  for (const [name, value] of Object.entries({ seed, runs, memories })) {
    if (value !== undefined) throw new StartError(`--${name} is for the server; a worker makes no data.`)
  }
}
