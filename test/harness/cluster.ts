import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { onTestFinished } from 'vitest'
import { ownServices } from './own-services.ts'
import { ask } from './process.ts'
import type { Export } from './sandbox.ts'
import { type RoleProcess, startRole, startServer } from './server.ts'
import type { TestServices } from './services.ts'

const key = { 'x-api-key': 'msk_live_demo' }

/** Services of a test's own, reached through what can be cut, and processes on them; all of it ends with the test. */
export async function testCluster(services: TestServices | undefined) {
  if (!services) throw new Error('No services to test against')
  const { env, drop } = await ownServices(services, `sandport_${randomUUID().slice(0, 8)}`)
  onTestFinished(drop)
  const [database, redis] = await Promise.all([testLink(env.DATABASE_URL), testLink(env.REDIS_URL)])
  const through = { ...env, DATABASE_URL: database.url, REDIS_URL: redis.url }
  const ending = <T extends Pick<RoleProcess, 'stop'>>(process: T): T => {
    onTestFinished(async () => {
      await process.stop('SIGKILL')
    })
    return process
  }
  return {
    /** Straight to the services. */
    env,
    database,
    redis,
    start: async (role: 'api' | 'worker', more: NodeJS.ProcessEnv = {}, main?: string) =>
      ending(await startRole(role, { ...through, ...more }, main)),
    all: async (args: string[] = [], more: NodeJS.ProcessEnv = {}) =>
      ending(await startServer(args, { ...through, ...more })),
  }
}

/** What a client does with the exports of `default`, through one of the processes. */
export function clientOf({ url }: Pick<RoleProcess, 'url'>) {
  return {
    create: (query = '') => ask<Export>(`${url}/v1/exports${query}`, { method: 'POST', headers: key }),
    async status(id: string): Promise<string> {
      return (await ask<Export>(`${url}/v1/exports/${id}`, { headers: key })).body.status
    },
    download: <T = unknown>(id: string) => ask<T>(`${url}/v1/exports/${id}/download`, { headers: key }),
    control: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
      ask<T>(`${url}/_sandport${path}`, { method, body }),
  }
}

/** A way to a service that can be slow, or be cut: connections break, and new ones are refused until it is mended. */
async function testLink(target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let isCut = false
  let most = Number.POSITIVE_INFINITY
  const answers = () => {
    let bytes = 0
    return new Transform({
      transform(piece: Buffer, _encoding, pass) {
        bytes += piece.length
        const tryPass = () => void (bytes <= most ? pass(null, piece) : waiting.add(tryPass))
        tryPass()
      },
    })
  }
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const upstream = connect(Number(port), hostname)
    client.pipe(upstream)
    upstream.pipe(answers()).pipe(client)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = `${(server.address() as AddressInfo).port}`
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  onTestFinished(() => {
    breakAll()
    server.close()
  })
  return {
    url: url.href,
    /** Breaks what is connected; new connections are made. */
    breakAll,
    /** Lets each connection have so much of its answers, and the rest when it may have more. */
    passUpTo(bytes: number) {
      most = bytes
      const left = [...waiting]
      waiting.clear()
      for (const tryPass of left) tryPass()
    },
    cut() {
      isCut = true
      breakAll()
    },
    mend() {
      isCut = false
    },
  }
}
