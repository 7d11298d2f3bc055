import type { Send } from './exchange.ts'
import type { SandboxKit } from './kit.ts'
import { createMemsolusKit } from './memsolus-kit.ts'
import { type Reading, usualReading } from './readings.ts'
import { createSyftKit } from './syft-kit.ts'

/** The control API of a Sandport. */
export type ControlTarget = {
  /** The origin that `/_sandport` is below. */
  url: string
  /** The admin token, where the server wants one. */
  token?: string
}

type View = {
  id: string
  syft: { secretKey: string; motions: [{ id: string }] }
  memsolus: { apiKey: string }
}

/** What a case wants of its sandbox, as `POST sandboxes` takes it. */
export type SandboxData = Record<string, unknown> & { reading?: Partial<Reading> }

/** So that none is left for long where a run is killed. */
const TTL = '10m'

/** Makes sandboxes for cases, and removes them. What is commanded is no part of what is verified, so it is not paced. */
export function createSandboxes(
  { url, token }: ControlTarget,
  {
    fetch,
    senderOf,
    readyWithinMs,
  }: { fetch: typeof globalThis.fetch; senderOf: (baseUrl: string) => Send; readyWithinMs: number },
) {
  const origin = new URL(url).href.replace(/\/+$/, '')
  let made: string[] = []

  async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${origin}/_sandport${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} /_sandport${path} was refused with ${response.status}: ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  return {
    /** It has the usual readings where it is told no others, though the server may have been started with others. */
    async create({ reading, ...data }: SandboxData = {}): Promise<SandboxKit> {
      const { id, syft, memsolus } = await control<View>('POST', '/sandboxes', {
        group: 'conformance',
        ttl: TTL,
        ...data,
        reading: { ...usualReading, ...reading },
      })
      made.push(id)
      // It is reached where the control API is, whatever address it gives itself.
      const send = senderOf(origin)
      const { secretKey, motions } = syft
      return {
        syft: createSyftKit(send, { baseUrl: origin, secretKey, motionId: motions[0].id }),
        memsolus: createMemsolusKit(
          send,
          { baseUrl: origin, apiKey: memsolus.apiKey },
          { maxExports: Number.POSITIVE_INFINITY, readyWithinMs },
        ),
        control: (method, path, body) => control(method, `/sandboxes/${id}${path}`, body),
      }
    },
    /** Removes what was made since the last time. */
    async removeAll(): Promise<void> {
      const ids = made
      made = []
      // One that cannot be removed now says nothing of the case, and goes by its ttl.
      for (const id of ids) await control('DELETE', `/sandboxes/${id}`).catch(() => undefined)
    },
  }
}
