import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

const KEPT_ANSWER_BYTES = 2048

/** Notes how much of an answer's body is sent, and a short body itself. */
export function noteSending({ exchange, method }: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const { raw } = reply
  if (payload instanceof Readable) {
    const announced = Number(reply.getHeader('content-length') ?? Number.NaN)
    payload.once('error', () => {
      exchange.cutBy ??= 'server'
    })
    countWrites(raw, (bytes) => {
      exchange.bytes += bytes
      if (exchange.bytes !== announced) return
      exchange.isSent = true
      exchange.end()
    })
    return
  }
  if (method === 'HEAD' || (typeof payload !== 'string' && !Buffer.isBuffer(payload))) return
  const bytes = Buffer.byteLength(payload)
  if (bytes <= KEPT_ANSWER_BYTES) exchange.responseBody = payload.toString()
  noteSent(raw, (beforeMs) => {
    exchange.sentMs = beforeMs
  })
  raw.once('finish', () => {
    exchange.bytes = bytes
  })
}

/** Tells of an answer that the system takes at once when that was, just before. */
function noteSent(raw: ServerResponse, onSent: (beforeMs: number) => void): void {
  const end = raw.end.bind(raw) as (...given: unknown[]) => ServerResponse
  raw.end = (...given: unknown[]) => {
    const beforeMs = performance.now()
    const ended = end(...given)
    if (raw.socket?.writableLength === 0) onSent(beforeMs)
    return ended
  }
}

/** Tells of each write once the system has it. What is only waiting to be sent when a client goes away never was. */
function countWrites(raw: ServerResponse, onWritten: (bytes: number) => void): void {
  const write = raw.write.bind(raw) as (chunk: string | Buffer, done: (error?: Error | null) => void) => boolean
  // Only the pipe from the payload writes, and it gives a chunk alone.
  raw.write = (chunk: string | Buffer) =>
    write(chunk, (error) => {
      if (!error) onWritten(Buffer.byteLength(chunk))
    })
}
