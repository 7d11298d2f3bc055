import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startStore } from './store.ts'

type Request = { method: string; path: string; query: URLSearchParams }
/** What becomes of a request: it is answered with a status, or breaks off halfway; undefined where it is served. */
type Fault = (request: Request) => number | 'break' | undefined

/**
 * An S3 store of a test's own that a test can let fail. It also knows the uploads in parts that were begun and have not
 * ended, and lists them, which the store behind it does not.
 */
export async function faultyStore() {
  const store = await startStore()
  const uploads = new Map<string, string>()
  let fault: Fault = () => undefined
  const behind = new URL(new URL(store.env.FILES_URL).searchParams.get('endpoint') ?? '')

  const server = createServer(async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', behind)
    const { method = '' } = request
    const act = fault({ method, path: pathname, query })
    if (act === 'break' && method !== 'GET') {
      if (method === 'PUT') await once(request, 'data')
      return void request.destroy()
    }
    const body = Buffer.concat(await request.toArray())
    if (typeof act === 'number') return void response.writeHead(act).end()
    if (method === 'GET' && query.has('uploads')) return void response.end(listed(query.get('prefix') ?? ''))
    const found = await forward(request, body)
    const answer = Buffer.concat(await found.toArray())
    const uploadId = query.get('uploadId')
    if (uploadId !== null && method !== 'PUT') uploads.delete(uploadId)
    if (method === 'POST' && query.has('uploads')) {
      uploads.set(/<UploadId>(.*)<\/UploadId>/.exec(`${answer}`)?.[1] ?? '', keyOf(pathname))
    }
    response.writeHead(found.statusCode ?? 500, found.headers)
    if (act !== 'break') return void response.end(answer)
    response.write(answer.subarray(0, answer.length / 2), () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await store.stop()
  })

  async function forward({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    const sent = send({ host: behind.hostname, port: behind.port, method, path, headers })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return answer
  }

  function listed(prefix: string): string {
    const own = [...uploads].filter(([, key]) => key.startsWith(prefix))
    const items = own.map(([id, key]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
    return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`
  }

  const url = new URL(store.env.FILES_URL)
  url.searchParams.set('endpoint', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return {
    env: { ...store.env, FILES_URL: url.href },
    /** Uploads in parts that have not ended. */
    unfinished: () => [...uploads.values()],
    /** The keys of what is whole. */
    async objects(): Promise<string[]> {
      const list = await fetch(new URL(`/${url.hostname}?list-type=2`, behind))
      return [...(await list.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key)
    },
    fail(next: Fault): void {
      fault = next
    },
    mend(): void {
      fault = () => undefined
    },
  }
}

function keyOf(path: string): string {
  return decodeURIComponent(path).split('/').slice(2).join('/')
}
