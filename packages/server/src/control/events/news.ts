import { setTimeout } from 'node:timers/promises'
import type { Deps } from '../../deps.ts'
import { NEWS } from '../../sandbox/news.ts'

/** Whoever waits for what happens in a sandbox, in whichever process. */
export type Follower = {
  /** Waits until something has happened since the last call, for a while at most. Answers whether something has. */
  news(withinMs: number): Promise<boolean>
  /** Aborted when there is nothing to wait for: the client is gone, or the server stops. */
  readonly gone: AbortSignal
  stop(): void
}

export type News = {
  /** Follows a sandbox until it is stopped. What happens from now on wakes it. */
  follow(sandboxId: string, client: AbortSignal): Promise<Follower>
  /** Lets everybody go. */
  close(): Promise<void>
}

/** What happens, as the database tells of it. One connection listens for all, from the first follower on. */
export function createNews({ listen }: Pick<Deps, 'listen'>): News {
  const wakers = new Map<string, Set<() => void>>()
  const closing = new AbortController()
  let listening: Promise<() => Promise<void>> | undefined

  function hear(sandboxId: string | undefined): void {
    const heard = sandboxId === undefined ? [...wakers.values()] : [wakers.get(sandboxId) ?? []]
    for (const waker of heard.flatMap((set) => [...set])) waker()
  }

  async function ensureListening(): Promise<void> {
    listening ??= listen(NEWS, hear)
    try {
      await listening
    } catch (error) {
      listening = undefined
      throw error
    }
  }

  return {
    async follow(sandboxId, client) {
      await ensureListening()
      const gone = AbortSignal.any([client, closing.signal])
      let isWoken = false
      let woken = new AbortController()
      const wake = () => {
        isWoken = true
        woken.abort()
      }
      const ofSandbox = wakers.get(sandboxId) ?? new Set()
      wakers.set(sandboxId, ofSandbox.add(wake))
      return {
        gone,
        async news(withinMs) {
          const signal = AbortSignal.any([woken.signal, gone])
          if (!isWoken) await setTimeout(withinMs, undefined, { signal }).catch(() => {})
          const isNews = isWoken
          isWoken = false
          woken = new AbortController()
          return isNews
        },
        stop() {
          ofSandbox.delete(wake)
          if (ofSandbox.size === 0 && wakers.get(sandboxId) === ofSandbox) wakers.delete(sandboxId)
        },
      }
    },
    async close() {
      closing.abort()
      const unlisten = await listening?.catch(() => undefined)
      await unlisten?.()
    },
  }
}
