import { type AddressInfo, isIPv4 } from 'node:net'
import { buildServer, modules } from './app.ts'
import { publicQuotas } from './control/quotas/quotas.ts'
import { deleteTemplates } from './control/sandboxes/remove.ts'
import {
  createDefaultSandbox,
  defaultSizes,
  hasDefaultSandbox,
  renewDefaultToken,
  type Sizes,
} from './default-sandbox.ts'
import type { Deps, Logger } from './deps.ts'
import { openEmbedded } from './embedded/open.ts'
import { openServices, type Services } from './services.ts'
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
  /** What the sandbox `default` is made with; where it is there already, it must not be given. */
  sizes?: Partial<Sizes>
  publicUrl?: string
  adminToken?: string
  log: Logger
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

/** Raised where options do not go together with what is there; the message is for whoever started the server. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Starts a server with everything in it: API and worker, on embedded or given services. */
export async function startSandport({
  port = 4646,
  host = '127.0.0.1',
  dataDirectory,
  services,
  sizes = {},
  publicUrl,
  adminToken,
  log,
}: StartOptions): Promise<Sandport> {
  const base = await (services ? openServices(services, log) : openEmbedded({ dataDirectory, log }))
  const stopping = new AbortController()
  try {
    const deps: Deps = {
      db: base.database.db,
      ping: () => base.database.ping(),
      listen: base.database.listen,
      queue: base.queue,
      files: base.files,
      log,
      version,
      stopping: stopping.signal,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(adminToken !== undefined && { adminToken }),
      ...(adminToken !== undefined && !isLoopback(host) && { quotas: publicQuotas }),
    }
    await prepareData(deps, base, sizes)
    await base.settle()
    const app = await buildServer(deps)
    await app.listen({ port, host })
    const worker = await startWorker(deps, modules).catch(async (error) => {
      await app.close()
      throw error
    })
    const address = app.server.address() as AddressInfo
    return {
      url: `http://${hostOf(address)}:${address.port}`,
      port: address.port,
      async close() {
        const late = setTimeout(() => {
          stopping.abort()
          app.server.closeAllConnections()
        }, GRACE_MS)
        await app.close()
        await worker.stop()
        clearTimeout(late)
        await base.close()
      },
    }
  } catch (error) {
    await base.close()
    throw error
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
  base: { isImage: boolean; isAlone: boolean },
  sizes: Partial<Sizes>,
): Promise<void> {
  const makers = { deps, modules }
  const asked = { ...defaultSizes, ...sizes }
  const isUsual = Object.entries(defaultSizes).every(([name, value]) => asked[name as keyof Sizes] === value)
  if (base.isImage) {
    if (isUsual) await renewDefaultToken(makers)
    else await createDefaultSandbox(makers, asked)
    return
  }
  if (await hasDefaultSandbox(makers)) {
    const [given] = Object.keys(sizes)
    if (given) {
      throw new StartError(
        `--${given} is for new data, and the sandbox default is there already. Leave it out, or choose new data.`,
      )
    }
  } else {
    await createDefaultSandbox(makers, asked)
  }
  await deleteTemplates(deps.db, modules)
  // Nobody else can be at work on data that only this process has open: what claims there are, the dead have left.
  if (base.isAlone) for (const module of modules) await module.recover?.(deps)
}
