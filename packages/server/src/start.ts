import { type AddressInfo, isIPv4 } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { buildServer, buildWorkerServer, modules } from './app.ts'
import { publicQuotas } from './control/quotas/quotas.ts'
import { deleteTemplates } from './control/sandboxes/remove.ts'
import {
  createDefaultSandbox,
  defaultSizes,
  followReading,
  hasDefaultSandbox,
  renewDefaultToken,
  type Sizes,
} from './default-sandbox.ts'
import type { Deps, Logger } from './deps.ts'
import { openEmbedded } from './embedded/open.ts'
import type { Fixture } from './fixture.ts'
import { createMetrics } from './metrics.ts'
import type { OnBroken } from './ports/database/pglite-broken.ts'
import type { Reading } from './sandbox/sandbox.ts'
import { openServices, type Services } from './services.ts'
import { StartError } from './start-error.ts'
import { version } from './version.ts'
import { startWorker } from './worker.ts'

export type StartOptions = {
  /** 0 is any free port. */
  port?: number
  host?: string
  /** Where everything is kept, and found again; in memory without it. */
  dataDirectory?: string
  /** Postgres, Redis and files instead of the embedded ones. */
  services?: Services
  /** Leaves the exports to workers, which are other processes on the same services. */
  withoutWorker?: boolean
  /** What the sandbox `default` is made with; where it is there already, it must not be given. */
  sizes?: Partial<Sizes>
  /** What `default` is filled with, as `readFixture` has checked it; likewise. */
  fixture?: Fixture
  /**
   * How `default`, and sandboxes that are created from now on and say nothing else, read the vendors. Others that are there
   * keep their readings.
   */
  reading?: Partial<Reading>
  publicUrl?: string
  adminToken?: string
  /** As many exchanges of a sandbox are kept in the journal: 10,000 if not given, and none with 0. */
  journalLimit?: number
  /** Sends traces to where the environment says, as OpenTelemetry names it. */
  isTraced?: boolean
  log: Logger
  /**
   * Called at once where the embedded database can do nothing more, as on a full disk: from then on the server answers with
   * errors alone, so it is best ended.
   */
  onBroken?: OnBroken
}

export type Sandport = {
  /** The origin of both APIs, such as `http://127.0.0.1:4646`. */
  url: string
  port: number
  /** Finishes what is under way, for a few seconds at most, and lets go of everything. */
  close(): Promise<void>
}

/** How long requests and renders under way may take to finish on close. */
const GRACE_MS = 5000

/** Starts a server with everything in it: API and worker, on embedded or given services. */
export async function startSandport({
  port = 4646,
  host = '127.0.0.1',
  sizes = {},
  withoutWorker = false,
  journalLimit,
  ...options
}: StartOptions): Promise<Sandport> {
  if (withoutWorker && !options.services) throw new StartError(NEEDS_SERVICES)
  const ground = await openGround({ host, sizes, ...options })
  const { deps } = ground
  try {
    const app = await buildServer(deps, { ...(journalLimit !== undefined && { mostExchanges: journalLimit }) })
    await app.listen({ port, host, listenTextResolver })
    const worker = withoutWorker ? undefined : await startWorker(deps, modules).catch((error) => endApp(app, error))
    const address = app.server.address() as AddressInfo
    return {
      url: `http://${hostOf(address)}:${address.port}`,
      port: address.port,
      close: () => ground.close([app], worker),
    }
  } catch (error) {
    await ground.close()
    throw error
  }
}

export type WorkerOptions = Pick<StartOptions, 'port' | 'host' | 'adminToken' | 'isTraced' | 'reading' | 'log'> & {
  services: Services
}

/** What is left of a server that is only a worker: it answers nothing but how it is. */
export type SandportWorker = Partial<Pick<Sandport, 'url' | 'port'>> & Pick<Sandport, 'close'>

/** Starts a worker alone, of which there may be any number. It listens only where it is given a port. */
export async function startSandportWorker({
  port,
  host = '127.0.0.1',
  ...options
}: WorkerOptions): Promise<SandportWorker> {
  const ground = await openGround({ host, sizes: {}, ...options })
  const { deps } = ground
  try {
    const app = port === undefined ? undefined : buildWorkerServer(deps)
    await app?.listen({ port: port ?? 0, host, listenTextResolver })
    const worker = await startWorker(deps, modules).catch((error) => endApp(app, error))
    const address = app && (app.server.address() as AddressInfo)
    return {
      ...(address && { url: `http://${hostOf(address)}:${address.port}`, port: address.port }),
      close: () => ground.close(app ? [app] : [], worker),
    }
  } catch (error) {
    await ground.close()
    throw error
  }
}

const listenTextResolver = (address: string) => `listening at ${address}`

const NEEDS_SERVICES =
  'a server without a worker needs services that workers share with it: set DATABASE_URL and REDIS_URL.'

async function endApp(app: FastifyInstance | undefined, error: unknown): Promise<never> {
  await app?.close()
  throw error
}

type GroundOptions = Omit<StartOptions, 'port' | 'withoutWorker' | 'journalLimit'> & {
  host: string
  sizes: Partial<Sizes>
}

/** What every process stands on: the services, open, and the data that a server begins with. */
async function openGround({
  services,
  dataDirectory,
  log,
  sizes,
  fixture,
  host,
  publicUrl,
  adminToken,
  reading,
  isTraced = false,
  onBroken,
}: GroundOptions) {
  const base = await (services ? openServices(services, log) : openEmbedded({ dataDirectory, log, onBroken }))
  const stopping = new AbortController()
  const tracing = isTraced ? (await import('./otlp.ts')).openTracing(version) : undefined
  const deps: Deps = {
    db: base.database.db,
    ping: () => base.database.ping(),
    listen: base.database.listen,
    ...(base.database.readSnapshot && { readSnapshot: base.database.readSnapshot }),
    queue: base.queue,
    files: base.files,
    log,
    metrics: createMetrics(),
    ...(tracing && { tracing }),
    isAlone: base.isAlone,
    version,
    stopping: stopping.signal,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(adminToken !== undefined && { adminToken }),
    ...(reading && { reading }),
    ...(adminToken !== undefined && !isLoopback(host) && { quotas: publicQuotas }),
  }
  try {
    await base.exclusively(async () => {
      await prepareData(deps, base, { sizes, fixture })
      await followReading({ deps, modules })
    })
    await base.settle()
  } catch (error) {
    await base.close()
    throw error
  }
  return {
    deps,
    async close(apps: FastifyInstance[] = [], worker?: { stop(): Promise<void> }) {
      const late = setTimeout(() => {
        stopping.abort()
        for (const app of apps) app.server.closeAllConnections()
      }, GRACE_MS)
      for (const app of apps) await app.close()
      await worker?.stop()
      clearTimeout(late)
      await base.close()
      await tracing?.close()
    },
  }
}

/** Whether only this machine reaches what listens on a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** A host to reach an address by: one that stands for all of them is none to connect to. */
function hostOf({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return family === 'IPv6' ? `[${address}]` : address
}

/** Brings what is there into the state that a server begins with. */
async function prepareData(
  deps: Deps,
  base: { isImage: boolean },
  { sizes, fixture }: { sizes: Partial<Sizes>; fixture?: Fixture | undefined },
): Promise<void> {
  const makers = { deps, modules }
  const asked = { ...defaultSizes, ...sizes }
  const isUsual = Object.entries(defaultSizes).every(([name, value]) => asked[name as keyof Sizes] === value)
  if (base.isImage) {
    if (isUsual && !fixture) await renewDefaultToken(makers)
    else await createDefaultSandbox(makers, asked, fixture)
    return
  }
  if (await hasDefaultSandbox(makers)) {
    const [given] = Object.keys({ ...sizes, ...(fixture && { fixture }) })
    if (given) {
      throw new StartError(
        `--${given} is for new data, and the sandbox default is there already. Leave it out, or choose new data.`,
      )
    }
  } else {
    await createDefaultSandbox(makers, asked, fixture)
  }
  await deleteTemplates(deps.db, modules)
  // Nobody else can be at work on data that only this process has open: what claims there are, the dead have left.
  if (deps.isAlone) for (const module of modules) await module.recover?.(deps)
}
