import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { holdToDocuments } from './documents.ts'
import { serverUrl } from './url.ts'

/** An answer as it came over the wire. Header names are in lower case, each line of a header by itself. */
export type RawAnswer = { status: number; headers: [name: string, value: string][]; body: string }

/** Sends a request line and header lines as they are, where `fetch` would tidy them up; bytes are written as Latin-1. */
export async function rawRequest(requestLine: string, headerLines: readonly string[] = [], body = '') {
  const { hostname, port, host } = new URL(serverUrl())
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const lines = [requestLine, `Host: ${host}`, 'Connection: close', ...headerLines, '', body]
  socket.write(lines.join('\r\n'), 'latin1')
  const answer = readAnswer(await text(socket))
  await holdWhole(requestLine, headerLines, answer)
  return answer
}

/** The statuses of what is refused before it is a request of any API. */
const UNREADABLE = [400, 431]

/** An answer of a known length to a request that could be read is held to the documents as any other. */
async function holdWhole(requestLine: string, headerLines: readonly string[], answer: RawAnswer): Promise<void> {
  const [method = '', path = ''] = requestLine.split(' ')
  const headers = Object.fromEntries(answer.headers)
  if (!path.startsWith('/') || headers['content-length'] === undefined || UNREADABLE.includes(answer.status)) return
  const requestHeaders = Object.fromEntries(headerLines.map((line) => [line.split(':')[0] ?? '', line]))
  await holdToDocuments({ ...answer, method, path, requestHeaders, headers, text: answer.body })
}

function readAnswer(received: string): RawAnswer {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) throw new Error(`No whole answer came: ${JSON.stringify(received)}`)
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(statusLine.split(' ')[1]), headers, body: received.slice(end + 4) }
}

/** The values of a header, one for each time that it came. */
export function headerValues({ headers }: RawAnswer, name: string): string[] {
  return headers.filter(([given]) => given === name).map(([, value]) => value)
}
