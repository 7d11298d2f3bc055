import type { Step } from './control/scripts/grammar.ts'
import type { Caller } from './sandbox/caller.ts'

/** One request of a vendor's API and its response, as they go on. What is left of it in the end is in the journal. */
export type Exchange = {
  /** The value of the answer's `Sandport-Exchange` header. */
  readonly id: string
  /** The vendor's call, such as `syft.exportRuns`; undefined where the path or the method is none of the API's. */
  readonly operation: string | undefined
  /** Whether it is known by now whose it is, or that it is nobody's. */
  isIdentified: boolean
  /** Whose journal it belongs to; undefined where no sandbox has any of the keys in it. */
  owner: Caller | undefined
  /** Who asks: the owner of the key that counts, where it is valid. */
  caller: Caller | undefined
  /** The keys that were found in it, the one that counts first. */
  readonly keys: readonly FoundKey[]
  /** When it came, in microseconds of real time, as the database told it; and as `performance.now()`. */
  openedUs: number
  openedMs: number
  /** The revision of the sandbox when it began. */
  beganAt: number
  /** The revision of the sandbox that was read for the answer. */
  revision: number
  /** The motion that it is about. */
  readonly motionId: string | undefined
  /** The export that it is about. */
  exportId: string | undefined
  /** What was served: the ids and versions of runs, under the name that the ledger has for them. */
  served: { key: string; items: readonly [id: string, version: number][] } | undefined
  /** What the API says of it, for judging the client: JSON. */
  facts: Record<string, unknown>
  /** The beginning of the request's body. */
  requestBody: string | undefined
  /** The step of a script that it has taken. */
  taken: { scriptId: string; index: number; step: Step; turn: number } | undefined
  /** Whether what is sent differs from what the API would send. */
  isAltered: boolean
  /** Who ended it, where it was not the end of the answer. */
  cutBy: 'client' | 'script' | 'server' | undefined
  /** Whether every byte is sent that the answer's length announces: the client may have it all before the end is noticed. */
  isSent: boolean
  /**
   * As `performance.now()`, just before the system was given the whole answer at once: from then on the client may have it and
   * go on, long before this process gets to note the end. Undefined where it was sent in parts.
   */
  sentMs: number | undefined
  /** Gets it into the journal, unless it is there. */
  end(): void
  /** Bytes of the body that were sent. */
  bytes: number
  /** The body of the answer, where it is short. */
  responseBody: string | undefined
}

/** A key, and where it was: the name of a header, or `query:` and the name of a parameter. */
export type FoundKey = {
  where: string
  key: string
  /** Whether it is the one that the API goes by. */
  counts: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a vendor's API; control calls have none. */
    exchange: Exchange
  }
  interface FastifyContextConfig {
    /** The vendor's call that a route is. */
    operation?: string
  }
}
