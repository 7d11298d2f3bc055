import { type Clock, machineClock } from './clock.ts'
import { ApiError, ConnectionError, InvalidResponse } from './errors.ts'
import { type Repeatable, type RetryOptions, readRetryAfter, withRetries } from './retry.ts'

/** What every client is made with. */
export type ClientOptions = {
  /** The origin that the API's paths are below, such as `http://127.0.0.1:4646`. */
  baseUrl: string
  /** What requests are sent with; the global `fetch` if not given. */
  fetch?: typeof globalThis.fetch
  retry?: RetryOptions
  /** How long one try may take, up to the end of its answer (of a stream, to its headers): 30,000 if not given. */
  timeoutMs?: number
  /** Ends whatever the client does: calls reject with its reason. */
  signal?: AbortSignal
  /** For tests: what time it is, and how to wait. */
  clock?: Clock
}

/** What every call takes beside its own options. */
export type CallOptions = {
  /** Ends this call, which rejects with its reason. */
  signal?: AbortSignal | undefined
}

type QueryValue = string | number | boolean | undefined
export type Request = CallOptions & {
  method?: string
  path: string
  /** What is undefined is left out. */
  query?: Readonly<Record<string, QueryValue>>
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  body?: unknown
  repeatable?: Repeatable
  /** How long a try may take where it is not what the client was told; null for any time. */
  timeoutMs?: number | null
}

/** How an API says what is wrong. */
export type ErrorReader = (body: unknown, status: number) => { code: string; message: string }

export type Http = {
  readonly clock: Clock
  /** A JSON answer, undefined where it has no body, and the answer's headers. */
  json<T>(request: Request): Promise<{ body: T; headers: Headers }>
  /** An answer with a good status, as soon as its headers are there. */
  stream(request: Request): Promise<Response>
  /** What ends a call: the signal of the client, that of the call, or either. */
  signalOf(call: CallOptions): AbortSignal | undefined
}

/** What all three clients send their requests with. */
export function createHttp(
  options: ClientOptions & { headers: Readonly<Record<string, string>>; readError: ErrorReader },
): Http {
  const { baseUrl, headers, readError, retry = {}, timeoutMs = 30_000, clock = machineClock } = options
  const origin = new URL(baseUrl).href.replace(/\/+$/, '')
  const signalOf = ({ signal }: CallOptions) =>
    signal && options.signal ? AbortSignal.any([signal, options.signal]) : (signal ?? options.signal)

  async function send<T>(request: Request, read: (response: Response) => Promise<T>): Promise<T> {
    const { method = 'GET', path, query = {}, body, repeatable = method === 'GET' ? 'always' : 'refused' } = request
    const signal = signalOf(request)
    const limitMs = request.timeoutMs === undefined ? timeoutMs : request.timeoutMs
    const init = {
      method,
      headers: { ...headers, ...request.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    const attempt = () =>
      within({ limitMs, signal, what: `${method} ${path}` }, async (limited) => {
        // The global is looked up with each request, so that it can be replaced while the client is in use.
        const response = await (options.fetch ?? globalThis.fetch)(`${origin}${path}${searchOf(query)}`, {
          ...init,
          signal: limited,
        })
        if (!response.ok) throw await errorOf(response, `${method} ${path}`)
        return read(response)
      })
    return withRetries(attempt, { repeatable, retry, clock, signal })
  }

  async function errorOf(response: Response, request: string): Promise<ApiError> {
    const { status } = response
    const body = parseOr(await response.text())
    const { code, message } = readError(body, status)
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), clock.now())
    return new ApiError(message, { request, status, code, retryAfterMs, requestId: requestIdOf(response), body })
  }

  return {
    clock,
    signalOf,
    json: <T>(request: Request) =>
      send(request, async (response) => {
        const text = await response.text()
        return { body: readJson<T>(text, `${request.method ?? 'GET'} ${request.path}`), headers: response.headers }
      }),
    stream: (request) => send(request, async (response) => response),
  }
}

/** A part of a path, which may hold any characters. */
export function segment(text: string): string {
  if (text === '' || text === '.' || text === '..') throw new TypeError(`"${text}" cannot be part of a path`)
  return encodeURIComponent(text)
}

type Limits = { limitMs: number | null; signal: AbortSignal | undefined; what: string }

/** Runs what must be over in time. An abort by the caller is thrown as its reason, all else as what failed. */
async function within<T>({ limitMs, signal, what }: Limits, act: (limited: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted()
  const timing = new AbortController()
  const late = new ConnectionError('TIMEOUT', `${what} took longer than ${limitMs} ms`)
  const timer = limitMs === null ? undefined : setTimeout(() => timing.abort(late), limitMs)
  try {
    return await act(signal ? AbortSignal.any([timing.signal, signal]) : timing.signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (timing.signal.aborted) throw late
    if (error instanceof ApiError || error instanceof InvalidResponse) throw error
    throw new ConnectionError('CONNECTION_FAILED', `${what} failed: ${reasonOf(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`
  // Node says in the cause what has happened.
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}

function searchOf(query: Readonly<Record<string, QueryValue>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, `${value}`]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function readJson<T>(text: string, what: string): T {
  if (text === '') return undefined as T
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidResponse(`${what} was answered with what is no JSON: ${text.slice(0, 100)}`, { cause })
  }
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function requestIdOf({ headers }: Response): string | undefined {
  return headers.get('sandport-exchange') ?? headers.get('x-request-id') ?? undefined
}

const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  429: 'RATE_LIMIT',
}

/** A code for a status, where the body has none. */
export function codeOfStatus(status: number): string {
  return CODES[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'UNKNOWN_ERROR')
}

/** A text that a body has under a name. */
export function textOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return typeof body === 'string' ? body.slice(0, 200) : undefined
  const value = Object.entries(body).find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? value : undefined
}
