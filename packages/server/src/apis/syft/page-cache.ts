import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../../sandbox/caller.ts'
import type { PageFacts } from './page.ts'

const CACHE_BYTES = 64 * 1024 * 1024

/** A page as it was read: its body, the revision it is of, and what the journal keeps of it. */
export type ReadPage = {
  revision: number
  body: Buffer
  items: [id: string, version: number][]
  facts: Omit<PageFacts, 'isSteady'>
}
type CachedPage = ReadPage & { served: Exchange['served'] }

/**
 * Pages by the revision they were read at. A page asked for at a revision is the page read at that revision, so an answer
 * is never older than the last write that was acknowledged before its request.
 */
export function createPageCache() {
  const pages = new LRUCache<string, CachedPage>({ maxSize: CACHE_BYTES, sizeCalculation: ({ body }) => body.length })
  return {
    async get({ sandbox, ownerId }: Caller, url: string, read: () => Promise<ReadPage>): Promise<CachedPage> {
      const keyAt = (revision: number) => `${revision} ${ownerId} ${url}`
      const cached = pages.get(keyAt(sandbox.revision))
      if (cached) return cached
      const page = await read()
      const digest = createHash('sha256').update(keyAt(page.revision)).digest('base64url').slice(0, 22)
      const named = { ...page, served: { key: `${page.revision}.${digest}`, items: page.items } }
      // Revisions are never used twice, by any sandbox, so one says all that a page depends on. Where there was a change
      // meanwhile, what was looked up before the page is older than the page is.
      if (page.revision === sandbox.revision) pages.set(keyAt(page.revision), named)
      return named
    },
  }
}
