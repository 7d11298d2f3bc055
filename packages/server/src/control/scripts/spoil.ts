import { STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { parseDuration } from '../../wire/duration.ts'
import { findCut } from './cut.ts'
import type { Step } from './grammar.ts'
import { mergePatch } from './merge-patch.ts'
import { pause } from './wait.ts'

type Answer = { request: FastifyRequest; reply: FastifyReply; payload: unknown }

/** Does to an answer what a step says. Answers the payload that is sent in its place. */
export async function spoil(deps: Deps, step: Step, answer: Answer): Promise<unknown> {
  if (step.alter) return alter(step.alter, answer)
  if (step.corrupt) return corrupt(step.corrupt, answer)
  if (step.truncate) return truncate(step.truncate, answer)
  if (step.stall) return stall(deps, step.stall, answer)
  return answer.payload
}

/** Changes the status, the headers, and by a JSON merge patch (RFC 7396) the body: all of it, or each of its items. */
async function alter(
  { status, headers = {}, merge, mergeItems }: NonNullable<Step['alter']>,
  { request, reply, payload }: Answer,
): Promise<unknown> {
  request.exchange.isAltered = true
  if (status !== undefined) reply.status(status)
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) reply.removeHeader(name)
    else reply.header(name, value)
  }
  if (!merge && !mergeItems) return payload
  const bytes = await wholeBody(payload)
  const body = parseJson(bytes)
  if (body === undefined) return replaceBody(reply, bytes)
  const merged = mergeItems ? withItems(body, (item) => mergePatch(item, mergeItems)) : body
  return replaceBody(reply, Buffer.from(JSON.stringify(merge ? mergePatch(merged, merge) : merged)))
}

/** The items of a page, of a list, or of a file. */
function withItems(body: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(body)) return body.map(change)
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.map(change) : value]),
  )
}

const HTML = `<!DOCTYPE html>
<html><head><title>${STATUS_CODES[502]}</title></head><body><h1>502 ${STATUS_CODES[502]}</h1></body></html>
`

/** Makes a body that cannot be read as what it says it is, of a length that says nothing. */
async function corrupt(how: 'json' | 'html' | 'encoding', { request, reply, payload }: Answer): Promise<Buffer> {
  request.exchange.isAltered = true
  const bytes = await wholeBody(payload)
  if (how === 'html') {
    reply.status(200).header('content-type', 'text/html; charset=utf-8')
    return replaceBody(reply, Buffer.from(HTML))
  }
  // A byte that is nowhere in UTF-8, in the middle; or JSON with its end gone.
  const broken =
    how === 'encoding'
      ? Buffer.concat([bytes.subarray(0, bytes.length >> 1), Buffer.of(0xff), bytes.subarray(bytes.length >> 1)])
      : bytes.subarray(0, Math.max(0, bytes.toString('latin1').trimEnd().length - 1))
  return replaceBody(reply, broken)
}

/**
 * Sends only the beginning of the body. With the length `kept` or none at all the connection ends where the body does, which
 * a client can notice only in the first case; with a `fixed` length it cannot.
 */
async function truncate(
  { after = 0.5, inside, contentLength = 'kept' }: NonNullable<Step['truncate']>,
  { request, reply, payload }: Answer,
): Promise<unknown> {
  request.exchange.isAltered = true
  request.exchange.cutBy = 'script'
  const bytes = await wholeBody(payload)
  const cut = findCut(bytes, { after, inside })
  const { raw } = reply
  const { socket } = raw
  if (contentLength === 'none') {
    reply.removeHeader('content-length')
    raw.useChunkedEncodingByDefault = false
    raw.shouldKeepAlive = false
  } else {
    reply.header('content-length', contentLength === 'kept' ? bytes.length : cut)
    if (contentLength === 'kept') raw.once('finish', () => socket?.destroySoon())
  }
  // As a stream, because Fastify would not send a payload whose length is another than the header's.
  return Readable.from([bytes.subarray(0, cut)], { objectMode: false })
}

/** Sends the beginning of the body, and the rest after a while. */
async function stall(
  { stopping }: Deps,
  { after = 0.5, for: duration }: NonNullable<Step['stall']>,
  { reply, payload }: Answer,
): Promise<unknown> {
  const bytes = await wholeBody(payload)
  const cut = findCut(bytes, { after })
  reply.header('content-length', bytes.length)
  return Readable.from(parts(), { objectMode: false })

  async function* parts() {
    if (cut > 0) yield bytes.subarray(0, cut)
    else reply.raw.flushHeaders()
    await pause(reply.raw, parseDuration(duration) ?? 0, stopping)
    if (cut < bytes.length) yield bytes.subarray(cut)
  }
}

function wholeBody(payload: unknown): Promise<Buffer> | Buffer {
  if (payload instanceof Readable) return buffer(payload)
  return Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '')
}

function replaceBody(reply: FastifyReply, bytes: Buffer): Buffer {
  reply.header('content-length', bytes.length)
  return bytes
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
