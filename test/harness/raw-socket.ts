import { connect } from 'node:net'
import { serverUrl } from './url.ts'

/** What a client gets on the wire, as Latin-1, and how the connection ended: closed by the server, or reset. */
export type Received = { head: string; body: string; ending: 'FIN' | 'RST' }

/** Sends a request as it is, and reads on until the server ends the connection. */
export async function receive(requestLine: string, headerLines: readonly string[] = []): Promise<Received> {
  const { hostname, port, host } = new URL(serverUrl())
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: false })
  let received = ''
  let ending: Received['ending'] = 'FIN'
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET') throw error
    ending = 'RST'
  })
  socket.write([requestLine, `Host: ${host}`, ...headerLines, '', ''].join('\r\n'), 'latin1')
  await new Promise((resolve) => socket.once('close', resolve))
  const end = received.indexOf('\r\n\r\n')
  return end < 0
    ? { head: '', body: received, ending }
    : { head: received.slice(0, end), body: received.slice(end + 4), ending }
}

/** The value of a header; undefined where there is none. */
export function headerOf({ head }: Received, name: string): string | undefined {
  const line = head.split('\r\n').find((each) => each.toLowerCase().startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim()
}
