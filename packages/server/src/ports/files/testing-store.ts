import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { startFauxqs } from 'fauxqs'

type Request = { method: string; path: string; query: URLSearchParams; bytes: number }
/** Answers whether it has dealt with a request itself. */
type Fault = (request: Request, response: ServerResponse) => boolean

const BUCKET = 'files'
const UPLOADS_A_PAGE = 2

/**
 * An S3 store in this process, in front of which a test can put faults. It also lists uploads in parts, as it has seen them
 * begin and end: the store behind it does not, and pages are as small as a test wants them.
 */
export async function openTestStore() {
  const store = await startFauxqs({ port: 0, logger: false })
  store.createBucket(BUCKET)
  const requests: Request[] = []
  const uploads = new Map<string, string>()
  const faults: Fault[] = []
  const front = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = Buffer.concat(await request.toArray())
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://store')
    const path = decodeURIComponent(pathname)
    const seen = { method: request.method ?? '', path, query, bytes: body.length }
    requests.push(seen)
    if (faults.some((fault) => fault(seen, response))) return
    if (seen.method === 'GET' && query.has('uploads')) {
      response.end(listUploads(query))
      return
    }
    const found = await forward(request, body)
    const uploadId = query.get('uploadId')
    const ends = seen.method === 'DELETE' || seen.method === 'POST'
    if (uploadId !== null && ends && found.statusCode !== undefined && found.statusCode < 300) uploads.delete(uploadId)
    response.writeHead(found.statusCode ?? 500, found.headers)
    if (!(seen.method === 'POST' && query.has('uploads'))) {
      found.pipe(response)
      return
    }
    const begun = Buffer.concat(await found.toArray())
    uploads.set(/<UploadId>(.*)<\/UploadId>/.exec(`${begun}`)?.[1] ?? '', path.slice(`/${BUCKET}/`.length))
    response.end(begun)
  }

  function forward({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const to = { host: '127.0.0.1', port: store.port, method, path, headers }
      send(to, resolve).on('error', reject).end(body)
    })
  }

  function listUploads(query: URLSearchParams): string {
    const all = [...uploads].filter(([, key]) => key.startsWith(query.get('prefix') ?? ''))
    const from = all.findIndex(([id]) => id === query.get('upload-id-marker')) + 1
    const page = all.slice(from, from + UPLOADS_A_PAGE)
    const [lastId, lastKey] = page.at(-1) ?? []
    const items = page.map(([id, key]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
    const isTruncated = from + page.length < all.length
    const next = `<NextKeyMarker>${lastKey}</NextKeyMarker><NextUploadIdMarker>${lastId}</NextUploadIdMarker>`
    return `<ListMultipartUploadsResult><IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? next : ''}${items.join('')}</ListMultipartUploadsResult>`
  }

  const address = front.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    place: (prefix: string) => ({
      bucket: BUCKET,
      prefix,
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      forcePathStyle: true,
    }),
    /** Every request so far. */
    requests,
    /** The keys of uploads in parts that have begun and not ended. */
    unfinished: () => [...uploads.values()],
    /** Puts a fault before the store. Answers what takes it away. */
    fail(fault: Fault) {
      faults.push(fault)
      return () => void faults.splice(faults.indexOf(fault), 1)
    },
    async close() {
      front.closeAllConnections()
      front.close()
      await store.stop()
    },
  }
}
