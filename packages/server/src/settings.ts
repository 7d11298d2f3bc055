import { readFilesUrl } from './files-url.ts'
import { readReadingFile } from './reading.ts'
import type { Reading } from './sandbox/sandbox.ts'
import type { Services } from './services.ts'
import { isLoopback } from './start.ts'
import { StartError } from './start-error.ts'

/** What the environment says, checked; the messages name the variable. */
export type Settings = {
  port?: number
  host?: string
  logLevel: string
  publicUrl?: string
  adminToken?: string
  /** The explicit word that a server beyond loopback needs no token. */
  isOpen: boolean
  services?: Services
  /** How sandboxes that say nothing else read the vendors. */
  reading?: Partial<Reading>
  /** As many exchanges of a sandbox are kept. */
  journalLimit?: number
  /** Whether the environment says where traces go. */
  isTraced: boolean
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Reads the environment once; `logLevel` is for where it names none. Throws a `StartError` for a value that cannot be used. */
export function readSettings(env: NodeJS.ProcessEnv, { logLevel = 'warn' } = {}): Settings {
  const { PORT, HOST, LOG_LEVEL, PUBLIC_URL, SANDPORT_ADMIN_TOKEN } = withoutEmpty(env)
  const { JOURNAL_LIMIT, SANDPORT_READING } = withoutEmpty(env)
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = withoutEmpty(env)
  if (LOG_LEVEL !== undefined && !LOG_LEVELS.includes(LOG_LEVEL)) {
    throw new StartError(`LOG_LEVEL is "${LOG_LEVEL}"; use one of ${LOG_LEVELS.join(', ')}.`)
  }
  if (SANDPORT_ADMIN_TOKEN !== undefined && !/^[\x21-\x7e]+$/.test(SANDPORT_ADMIN_TOKEN)) {
    throw new StartError('SANDPORT_ADMIN_TOKEN holds what a header cannot: use letters, digits and signs, no spaces.')
  }
  const isOpen = SANDPORT_ADMIN_TOKEN === 'off'
  const services = readServices(withoutEmpty(env))
  return {
    logLevel: LOG_LEVEL ?? logLevel,
    isOpen,
    isTraced: OTEL_EXPORTER_OTLP_ENDPOINT !== undefined || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined,
    ...(JOURNAL_LIMIT !== undefined && { journalLimit: readJournalLimit(JOURNAL_LIMIT) }),
    ...(PORT !== undefined && { port: readPort('PORT', PORT) }),
    ...(HOST !== undefined && { host: HOST }),
    ...(PUBLIC_URL !== undefined && { publicUrl: readOrigin(PUBLIC_URL) }),
    ...(SANDPORT_ADMIN_TOKEN !== undefined && !isOpen && { adminToken: SANDPORT_ADMIN_TOKEN }),
    ...(SANDPORT_READING !== undefined && { reading: readReadingFile('SANDPORT_READING', SANDPORT_READING) }),
    ...(services && { services }),
  }
}

/** Who reaches the server commands it, so beyond loopback somebody has to say who may. Throws a `StartError`. */
export function refuseOpen({ host = '127.0.0.1', adminToken, isOpen }: Settings): void {
  if (isLoopback(host) || adminToken !== undefined || isOpen) return
  throw new StartError(
    `listening on ${host} lets others command this server. Set SANDPORT_ADMIN_TOKEN to a secret, or to "off" where only you can reach it.`,
  )
}

/** The services of the server whose worker this is to be. Throws a `StartError` where there are none. */
export function servicesOfWorker({ services }: Settings): Services {
  if (services) return services
  throw new StartError('a worker needs the services of its server: set DATABASE_URL and REDIS_URL.')
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}

function readServices(env: NodeJS.ProcessEnv): Services | undefined {
  const { DATABASE_URL, REDIS_URL, FILES_URL } = env
  if (DATABASE_URL === undefined && REDIS_URL === undefined) {
    if (FILES_URL !== undefined)
      throw new StartError('FILES_URL goes with DATABASE_URL and REDIS_URL; use --data without them.')
    return undefined
  }
  if (DATABASE_URL === undefined)
    throw new StartError('REDIS_URL is set and DATABASE_URL is not: give both, or neither.')
  if (REDIS_URL === undefined) throw new StartError('DATABASE_URL is set and REDIS_URL is not: give both, or neither.')
  checkUrl('DATABASE_URL', DATABASE_URL, ['postgres:', 'postgresql:'])
  checkUrl('REDIS_URL', REDIS_URL, ['redis:', 'rediss:'])
  return { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL, files: readFilesUrl(FILES_URL ?? 'sandport-files', env) }
}

function checkUrl(name: string, text: string, protocols: readonly string[]): void {
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new StartError(`${name} is not a URL that begins with ${protocols[0]}//.`)
  }
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new StartError(`PUBLIC_URL is "${text}"; give an origin such as https://sandport.example.com.`)
  }
  return url.href.replace(/\/$/, '')
}

function readJournalLimit(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw new StartError(`JOURNAL_LIMIT is "${text}"; use a number of exchanges from 0 (none is kept) to 9999999.`)
}

/** A port from text; `name` is what a message calls it. */
function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535))
    throw new StartError(`${name} is "${text}"; use a number from 0 to 65535, 0 for any free port.`)
  return port
}
