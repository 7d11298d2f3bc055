import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** One address for several servers: each connection goes to the next of them. `to` names them once they are known. */
export async function startBalancer(): Promise<Balancer> {
  let urls: readonly URL[] = []
  let turn = 0
  const server = createServer((client) => {
    turn += 1
    const { hostname, port } = urls[turn % urls.length] ?? new URL('http://127.0.0.1:0')
    const upstream = connect(Number(port), hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to(servers) {
      urls = servers.map((url) => new URL(url))
    },
    close: () => void server.close(),
  }
}

type Balancer = { url: string; to(urls: readonly string[]): void; close(): void }
