import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import createError from '@fastify/error'
import type { ConnectionError, FastifyError } from 'fastify'
import type { ApiModule } from './api-module.ts'

const NotHttp = createError('BAD_REQUEST', 'Bad request: it is not HTTP as it must be sent', 400)
const TooSlow = createError('REQUEST_TIMEOUT', 'The request did not come to its end in time', 408)
const TooLong = createError('HEADERS_TOO_LARGE', 'The URL and the headers together are too long', 431)

/** How long what still comes is passed over, so that a client which is sending gets to read the answer. */
const LINGER_MS = 1000

/**
 * Answers what cannot be read as a request, and so has no route: in the form of the API that its first line names, as
 * far as that came in the packet that broke it (S-ERR-2c, M-ERR-2c), and with an exchange (X-ALIEN-1c).
 */
export function answerUnreadable(modules: readonly ApiModule[], cause: ConnectionError, socket: Socket): void {
  // What follows on a connection that was answered so is as unreadable.
  if (cause.code === 'ECONNRESET' || socket.destroyed || socket.writableEnded) return
  const error = errorOf(cause)
  const target = readTarget(cause)
  const module = modules.find(({ prefix }) => target.startsWith(`${prefix}/`))
  const { statusCode = 400, code, message } = error
  const { status, body } = module?.formatError(error) ?? { status: statusCode, body: { error: code, message } }
  const text = JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `sandport-exchange: ex_${randomUUID()}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`)
  const late = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(late))
}

function errorOf({ code }: ConnectionError): FastifyError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new TooSlow()
  return code === 'HPE_HEADER_OVERFLOW' ? new TooLong() : new NotHttp()
}

function readTarget({ rawPacket }: ConnectionError): string {
  // A buffer, whatever its type says; there is none where nothing came.
  const packet: unknown = rawPacket
  return (Buffer.isBuffer(packet) && /^\S+ (\S+)/.exec(packet.toString('latin1'))?.[1]) || ''
}
