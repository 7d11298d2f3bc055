import { LRUCache } from 'lru-cache'
import type { Sandbox } from '../../sandbox/sandbox.ts'

const CACHE_BYTES = 64 * 1024 * 1024

/**
 * Pages by the revision they were read at. A page asked for at a revision is the page read at that revision, so an answer
 * is never older than the last write that was acknowledged before its request.
 */
export function createPageCache() {
  const bodies = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES, sizeCalculation: (body) => body.length })
  return {
    async get(
      { sandbox, organizationId, url }: { sandbox: Sandbox; organizationId: string; url: string },
      read: () => Promise<{ revision: number; body: string }>,
    ): Promise<Buffer> {
      const keyAt = (revision: number) => `${revision} ${organizationId} ${url}`
      const cached = bodies.get(keyAt(sandbox.revision))
      if (cached) return cached
      const { revision, body } = await read()
      const bytes = Buffer.from(body)
      // Revisions are never used twice, by any sandbox, so one says all that a page depends on. Where there was a change
      // meanwhile, what was looked up before the page is older than the page is.
      if (revision === sandbox.revision) bodies.set(keyAt(revision), bytes)
      return bytes
    },
  }
}
