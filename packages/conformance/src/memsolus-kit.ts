import { NotTold, Unmet } from './case.ts'
import type { Call, Exchange, Send } from './exchange.ts'
import { expectStatus, shapeOf } from './expect.ts'
import { waitUntilReady } from './waiting.ts'

/** A Memsolus Exports API to verify. */
export type MemsolusTarget = {
  /** The origin that `/v1` is below. */
  baseUrl: string
  apiKey: string
}

/** An export, as far as reading it needs. */
export type ExportObject = Record<string, unknown> & { id: string; status: string }

/** The formats that there is an export of for all cases together: two, so that an account is not filled with them. */
const SHARED = ['json', 'csv'] as const
type SharedFormat = (typeof SHARED)[number]

/** What the creation of a shared export was answered with, and a download that was asked for right after it. */
type Shared = { creation: Exchange; early: Exchange | undefined }
/** A shared export that is ready, the answer that said so, and the statuses that it was read with. */
type Ready = { id: string; exchange: Exchange; statuses: readonly string[] }

type Query = Call['query']

export type MemsolusKit = {
  target: MemsolusTarget
  /** Asks for what is below `/v1/exports`, with the key unless there are other headers. Never creates an export. */
  ask(below?: string, call?: Partial<Call>): Promise<Exchange>
  /** Asks for a new export, of which so many may be made. What the shared ones need is kept for them. */
  create(query?: Query, call?: Partial<Call>): Promise<Exchange>
  /** The export that all cases share, of everything: made without any parameter as JSON, and as CSV with `format=csv`. */
  shared(format: SharedFormat): Promise<Shared>
  /** Waits for it. */
  ready(format: SharedFormat): Promise<Ready>
  /** What its download was answered with, once. */
  download(format: SharedFormat): Promise<Exchange>
  /** The same, where there is a file. */
  file(format: SharedFormat): Promise<Exchange>
}

export type MemsolusKitOptions = {
  /** How many exports may be created. */
  maxExports: number
  /** How long a shared export is waited for, in milliseconds. */
  readyWithinMs: number
  signal?: AbortSignal | undefined
}

export function createMemsolusKit(
  send: Send,
  target: MemsolusTarget,
  { maxExports, readyWithinMs, signal }: MemsolusKitOptions,
): MemsolusKit {
  const path = '/v1/exports'
  const headers = { 'x-api-key': target.apiKey }
  let left = maxExports
  const begun = new Set<SharedFormat>()

  async function spend(query: Query, call: Partial<Call>): Promise<Exchange> {
    left -= 1
    const exchange = await send({ method: 'POST', path, headers, query: query ?? '', ...call })
    // After any other answer there may be one.
    if (exchange.status >= 400 && exchange.status < 500) left += 1
    return exchange
  }

  const ask: MemsolusKit['ask'] = (below = '', call = {}) => send({ path: path + below, headers, ...call })

  const shared = remember(async (format): Promise<Shared> => {
    if (left < 1) throw spent(maxExports)
    begun.add(format)
    const creation = await spend(format === 'json' ? '' : { format }, {})
    const id = idIn(creation)
    return { creation, early: id === undefined ? undefined : await ask(`/${encodeURIComponent(id)}/download`) }
  })

  const ready = remember(async (format): Promise<Ready> => {
    const { creation } = await shared(format)
    const id = idIn(creation)
    if (id === undefined) throw new NotTold(`No export could be made: POST was answered with ${creation.status}.`)
    return { id, ...(await waitUntilReady(() => ask(`/${encodeURIComponent(id)}`), { readyWithinMs, signal })) }
  })

  const download = remember(async (format) => ask(`/${encodeURIComponent((await ready(format)).id)}/download`))

  return {
    target,
    ask,
    async create(query, call = {}) {
      if (left - (SHARED.length - begun.size) < 1) throw spent(maxExports)
      return spend(query, call)
    },
    shared,
    ready,
    download,
    async file(format) {
      const exchange = await download(format)
      if (exchange.status !== 200)
        throw new NotTold(`There is no file: its download was answered with ${exchange.status}.`)
      return exchange
    },
  }
}

/** An export in an answer of this status (M-OBJECT-1). */
export function readExport(exchange: Exchange, status = 200): ExportObject {
  expectStatus(exchange, status)
  const { request, body } = exchange
  if (isExport(body)) return body
  throw new Unmet({ request, expected: 'an export with an id and a status', actual: shapeOf(body) })
}

export function isExport(value: unknown): value is ExportObject {
  if (typeof value !== 'object' || value === null) return false
  const { id, status } = value as Partial<ExportObject>
  return typeof id === 'string' && typeof status === 'string'
}

/** Makes something once for each format. What went wrong goes wrong again, rather than that another export is made. */
function remember<T>(make: (format: SharedFormat) => Promise<T>): (format: SharedFormat) => Promise<T> {
  const made = new Map<SharedFormat, Promise<T>>()
  return (format) => {
    const found = made.get(format) ?? make(format)
    made.set(format, found)
    return found
  }
}

function idIn({ status, body }: Exchange): string | undefined {
  return status >= 200 && status < 300 && isExport(body) ? body.id : undefined
}

function spent(maxExports: number): NotTold {
  return new NotTold(`It would take another export, and no more than ${maxExports} may be made here (maxExports).`)
}
