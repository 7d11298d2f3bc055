import { Agent, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

type Call = { method?: string; headers?: Record<string, string>; body?: unknown }

// Connections stay open, and nothing but Node's own client is between the clock and the server.
const agent = new Agent({ keepAlive: true })

/** One call, answered with 2xx; the answer's body is still to be read. */
function open(url: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const json =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { ...json, ...headers } }, (answer) => {
      const { statusCode = 0 } = answer
      if (statusCode >= 200 && statusCode < 300) return resolve(answer)
      buffer(answer).then(
        (content) => reject(new Error(`${method} ${url} was answered with ${statusCode}: ${content.toString()}`)),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** The body of the answer to one call. */
export async function read(url: string, call: Call = {}): Promise<Buffer> {
  return buffer(await open(url, call))
}

/** What the answer to one call says in JSON. */
export async function readJson<T>(url: string, call: Call = {}): Promise<T> {
  return JSON.parse((await read(url, call)).toString()) as T
}

/** The number of bytes in the answer to one call, which are read and dropped. */
export async function drain(url: string, call: Call = {}): Promise<number> {
  let bytes = 0
  for await (const chunk of await open(url, call)) bytes += (chunk as Buffer).length
  return bytes
}
