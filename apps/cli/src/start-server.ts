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
import { type Fixture, refusedFixture } from '@sandport/server/fixture'
import { pino } from 'pino'
import { describeServer, describeWorker, toJson, workerToJson } from './banner.ts'
import { readFixtureAlone, UnusableFixture } from './fixture-file.ts'

/** What `sandport start` takes. */
export type StartOptions = {
  port?: number
  host?: string
  data?: string
  seed?: number
  runs?: number
  memories?: number
  fixture?: string
  reading?: string
  role: 'all' | 'api' | 'worker'
  json?: boolean
}

/** Runs the server, or the part of it that this process is to be, until it is told to stop. Answers the exit code. */
export function start({ role, json = false, ...options }: StartOptions, env: NodeJS.ProcessEnv): Promise<number> {
  return runUntilStopped({
    async start({ onBroken }) {
      const settings = readAll(options, env)
      refuseOpen(settings)
      const log = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }))
      if (role === 'worker') {
        refuseData(options)
        const services = servicesOfWorker(settings)
        const worker = await startSandportWorker({ ...settings, services, log })
        return { ...worker, text: () => (json ? workerToJson(worker) : describeWorker(worker, services)) }
      }
      const filled = await fill(options)
      const isApi = role === 'api'
      const server = await startSandport({ ...settings, ...filled, withoutWorker: isApi, log, onBroken }).catch(
        (error) => {
          const refused = filled.fixture && refusedFixture(error)
          throw refused
            ? new StartError(`${options.fixture} is no fixture that can be used: ${refused.message}`)
            : error
        },
      )
      const shown = { ...settings, ...filled }
      return { ...server, text: () => (json ? toJson(server, shown) : describeServer(server, shown)) }
    },
    announce: ({ text }) => console.log(text()),
  })
}

/** The environment, and the options, which win. */
function readAll(
  { port, host, data, reading, fixture, ...options }: Omit<StartOptions, 'role' | 'json'>,
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

/** The fixture of `--fixture`, and the motion in it, which is what there is to be shown then. */
async function fill({ fixture: path, runs, memories }: Omit<StartOptions, 'role' | 'json'>): Promise<Filled> {
  if (path === undefined) return {}
  const fixture = await readFixtureAlone(path, { runs, memories }).catch((error) => {
    throw error instanceof UnusableFixture ? new StartError(error.message, { cause: error }) : error
  })
  const motionId = fixture.syft?.motions?.[0]?.id
  return { fixture, ...(motionId !== undefined && { motionId }) }
}

type Filled = { fixture?: Fixture; motionId?: string }

function refuseData({ seed, runs, memories, fixture }: Omit<StartOptions, 'role'>): void {
  for (const [name, value] of Object.entries({ seed, runs, memories, fixture })) {
    if (value !== undefined) throw new StartError(`--${name} is for the server; a worker makes no data.`)
  }
}
