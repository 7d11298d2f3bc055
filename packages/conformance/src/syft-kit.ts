import { Unmet } from './case.ts'
import type { Call, Exchange, Send } from './exchange.ts'
import { expectStatus, expectThat, shapeOf } from './expect.ts'

/** A Syft Export API to verify. */
export type SyftTarget = {
  /** The origin that `/api` is below. */
  baseUrl: string
  secretKey: string
  motionId: string
}

export type Item = Record<string, unknown> & { runId: string; status: string; createdAt: string; updatedAt: string }
export type Page = { items: Item[]; nextCursor: string | null; hasMore: boolean }
/** All pages of a query, and the answers that they came in. */
type Walk = { items: Item[]; pages: Page[]; exchanges: Exchange[] }

type Query = Readonly<Record<string, string | number>>

export type SyftKit = {
  target: SyftTarget
  /** Asks for runs of the motion, with the key in `Authorization` unless there are other headers. */
  ask(query?: Query | string, call?: Partial<Call>): Promise<Exchange>
  /** Asks and reads the page. */
  page(query?: Query): Promise<Page & { exchange: Exchange }>
  /** Follows cursors to the end. */
  walk(query?: Query): Promise<Walk>
  /** Completed runs, oldest first, as far as they matter for choosing what to ask: asked for once and kept. */
  sample(): Promise<Item[]>
  /** The pages, of up to `SAMPLED` runs, that the sample came in. */
  sampled(): Promise<Walk>
}

/** More pages than this are another service's whole history. */
const MOST_PAGES = 20

const NARROW = 'status,createdAt,updatedAt,completedAt,error'
/** The limit that the sample is asked for with. */
export const SAMPLED = 100

export function createSyftKit(send: Send, target: SyftTarget): SyftKit {
  const path = `/api/motion/${encodeURIComponent(target.motionId)}/export`
  const headers = { authorization: `Bearer ${target.secretKey}` }
  const ask: SyftKit['ask'] = (query = {}, call = {}) => send({ path, query, headers, ...call })
  let kept: Promise<Walk> | undefined

  async function page(query: Query = {}) {
    const exchange = await ask(query)
    return { ...readPage(exchange), exchange }
  }

  async function walk(query: Query = {}): Promise<Walk> {
    const found: Walk = { items: [], pages: [], exchanges: [] }
    let cursor: string | null = null
    do {
      const { exchange, ...read }: Page & { exchange: Exchange } = await page(
        cursor === null ? query : { ...query, cursor },
      )
      found.items.push(...read.items)
      found.pages.push(read)
      found.exchanges.push(exchange)
      cursor = read.nextCursor
    } while (cursor !== null && found.pages.length < MOST_PAGES)
    return found
  }

  function sampled(): Promise<Walk> {
    kept ??= walk({ limit: SAMPLED, fields: NARROW })
    return kept
  }

  return {
    target,
    ask,
    page,
    walk,
    sample: () => sampled().then(({ items }) => items),
    sampled,
  }
}

/** A page, held to its documented shape as far as reading it needs (S-PAGE-4). */
function readPage(exchange: Exchange): Page {
  expectStatus(exchange, 200)
  const { request, body } = exchange
  if (!isPage(body)) {
    throw new Unmet({
      request,
      expected: '{items: list, nextCursor: text or null, hasMore: boolean}',
      actual: shapeOf(body),
    })
  }
  for (const item of body.items) {
    expectThat(exchange, typeof item === 'object' && item !== null && typeof item.runId === 'string', {
      expected: 'items that have a runId',
      actual: shapeOf(item),
    })
  }
  return body
}

function isPage(body: unknown): body is Page {
  if (typeof body !== 'object' || body === null) return false
  const { items, nextCursor, hasMore } = body as Partial<Page>
  return Array.isArray(items) && (nextCursor === null || typeof nextCursor === 'string') && typeof hasMore === 'boolean'
}
