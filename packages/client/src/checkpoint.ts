/**
 * How far a motion has been followed: a small value for JSON, to be stored as it is. Its inside is for the poller alone.
 */
export type Checkpoint = {
  readonly version: 1
  /** Every version that was updated before this instant has been handed out; null before the end of the first pass. */
  readonly since: string | null
  /** Of later ones, those that have been: by the instant of their update, the run and a digest of what it was. */
  readonly seen: Readonly<Record<string, readonly string[]>>
  /** Within a pass: where it goes on. */
  readonly place?: Place
}

/** A page within a pass. */
export type Place = {
  /** What `since` will be at the end of the pass. */
  readonly mark: string
  readonly status: string
  /** Null for the first page of the status. */
  readonly cursor: string | null
}

/** The versions that were handed out, of those that can come again: by the instant of their update. */
export type Seen = Map<string, Set<string>>

/** Reads a checkpoint that was stored. Throws a `TypeError` where it is not one. */
export function readCheckpoint(stored: Checkpoint | null | undefined): Checkpoint {
  if (stored === undefined || stored === null) return { version: 1, since: null, seen: {} }
  const { version, since, seen } = stored
  const isOne = version === 1 && typeof seen === 'object' && seen !== null
  if (!isOne || (since !== null && Number.isNaN(Date.parse(since)))) {
    throw new TypeError(`Not a checkpoint of this client: ${JSON.stringify(stored)?.slice(0, 100)}`)
  }
  return stored
}

/** The versions that a checkpoint remembers, to which more can be added. */
export function seenIn({ seen }: Checkpoint): Seen {
  return new Map(Object.entries(seen).map(([at, versions]) => [at, new Set(versions)]))
}

/** What a checkpoint is to remember: the versions of an instant or later. */
export function remember(seen: Seen, fromMs: number): Checkpoint['seen'] {
  const kept = [...seen].filter(([at]) => Date.parse(at) >= fromMs)
  return Object.fromEntries(kept.map(([at, versions]) => [at, [...versions]]))
}

/**
 * Names a version of a run. What it holds is part of its name: a run that is changed twice within a millisecond is another
 * one although its `updatedAt` is the same.
 */
export function versionOf(run: { runId: string }): string {
  return `${run.runId}:${digestOf(JSON.stringify(run)).toString(36)}`
}

/** 53 bits of a text (cyrb53, which is in the public domain): enough to tell the states of one run apart. */
function digestOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 2 ** 32 * (2_097_151 & low) + (high >>> 0)
}
