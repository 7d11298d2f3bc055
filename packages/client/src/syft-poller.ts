import { type Checkpoint, type Place, readCheckpoint, remember, type Seen, seenIn, versionOf } from './checkpoint.ts'
import type { Clock } from './clock.ts'
import { ApiError, InvalidResponse } from './errors.ts'
import type { CallOptions } from './http.ts'
import { isTemporary } from './retry.ts'
import type { RunField, RunPageOf, RunsQuery, RunWith } from './syft-wire.ts'

/** What is followed, and from where. */
export type ChangesOptions<F extends RunField = RunField> = {
  /** The last one that was stored; without it, everything from the beginning, or from `since`. */
  checkpoint?: Checkpoint | null | undefined
  /** Where to begin without a checkpoint: only what was updated after this instant of the server's. */
  since?: string | Date | undefined
  /** The status, or all the statuses, of the runs that are followed: `completed` if not given (S-STATUS-1). */
  status?: string | readonly string[] | undefined
  /** Only these fields, and `runId` and `updatedAt`. */
  fields?: readonly F[] | undefined
  /** How many runs a page may have: 100, which is the most, if not given. */
  limit?: number | undefined
  /**
   * How far behind the server's clock a checkpoint stays: 60,000 if not given. More than a request takes, than the server
   * takes to make an update visible after dating it, and than the clocks of its machines are apart.
   */
  overlapMs?: number | undefined
  /**
   * How many versions a checkpoint remembers: 10,000 if not given. If more than that are updated within `overlapMs` and a
   * pass, the rest of them come with the next pass (`deferred`).
   */
  maxSeen?: number | undefined
}

/** What is followed, and how often it is asked for. */
export type PollOptions<F extends RunField = RunField> = ChangesOptions<F> & {
  /** How long to wait after a pass: 60,000 if not given; the API is meant for no less (S-RATE-1). */
  intervalMs?: number | undefined
  /** Told what failed although it was tried again. The poller then goes on after `intervalMs`; without it, it throws. */
  onError?: ((error: unknown) => void) | undefined
}

/** A part of what was created or changed. */
export type Followed<F extends RunField = RunField> = {
  /** The versions that were not handed out before, oldest run first; sometimes none. */
  readonly runs: RunWith<F | 'updatedAt'>[]
  /** Store it when the runs are processed: what follows begins behind them. */
  readonly checkpoint: Checkpoint
  /** Whether this ends a pass: all that there was, if none was deferred. */
  readonly caughtUp: boolean
  /** How many versions of this batch are left for the next pass, because a checkpoint would become too large. */
  readonly deferred: number
}

/** What the poller needs of a client. */
export type Source = {
  getPage<F extends RunField>(
    motionId: string,
    query: RunsQuery<F> & CallOptions & { cursor?: string | undefined },
  ): Promise<{ page: RunPageOf<F>; headers: Headers }>
  readonly clock: Clock
  signalOf(call: CallOptions): AbortSignal | undefined
}

/**
 * One pass. What is updated while it is under way may be behind the page that is asked for next, so the next pass begins
 * where the server's clock was at the first page, not at the latest update that was seen; by `overlapMs` earlier, as updates
 * are seen later than they are dated. What comes again because of that is known by the versions in the checkpoint, and
 * since those include all of the boundary, ties are no matter, nor is whether `since` is inclusive (S-TIME-4c).
 */
export async function* changesOf<F extends RunField>(
  { getPage }: Source,
  motionId: string,
  options: ChangesOptions<F> & CallOptions,
): AsyncGenerator<Followed<F>, void, undefined> {
  const { limit, signal, overlapMs = 60_000, maxSeen = 10_000 } = options
  const statuses = statusesOf(options)
  const fields = options.fields?.length ? [...options.fields, 'updatedAt' as const] : undefined
  const start = readCheckpoint(options.checkpoint)
  const seen = seenIn(start)
  const fromMs = start.since === null ? undefined : Date.parse(start.since)
  // One millisecond before, as what is at the boundary may be new.
  const since = fromMs === undefined ? options.since : new Date(fromMs - 1)
  let place = statuses.includes(start.place?.status ?? '') ? start.place : undefined
  let isResumed = place !== undefined

  do {
    const status = place?.status ?? statuses[0]
    const query = { since, status, fields, limit, signal, cursor: place?.cursor ?? undefined }
    const found: PageFound<F> | undefined = await getPage<F | 'updatedAt'>(motionId, query).catch((error) => {
      // S-PAGE-8c: the cursor of a stored checkpoint may not be taken any more. Then the pass begins anew.
      if (isResumed && error instanceof ApiError && error.status === 400) return undefined
      throw error
    })
    isResumed = false
    if (!found) {
      place = undefined
      continue
    }
    const { items, nextCursor } = found.page
    const mark: string = place?.mark ?? markOf(found, { fromMs, overlapMs })
    const { runs, deferred } = pickNew(items, { seen, maxSeen, fromMs, markMs: Date.parse(mark) })
    place = placeAfter({ statuses, status, mark, nextCursor })
    const checkpoint: Checkpoint = place
      ? { version: 1, since: start.since, seen: remember(seen, Number.NEGATIVE_INFINITY), place }
      : { version: 1, since: mark, seen: remember(seen, Date.parse(mark)) }
    yield { runs, checkpoint, caughtUp: place === undefined, deferred }
    if (!place) return
  } while (true)
}

/** Passes without end. */
export async function* pollOf<F extends RunField>(
  source: Source,
  motionId: string,
  { intervalMs = 60_000, onError, ...options }: PollOptions<F> & CallOptions,
): AsyncGenerator<Followed<F>, void, undefined> {
  const signal = source.signalOf(options)
  let { checkpoint } = options
  while (true) {
    try {
      for await (const batch of changesOf(source, motionId, { ...options, checkpoint })) {
        checkpoint = batch.checkpoint
        yield batch
      }
    } catch (error) {
      if (!onError || !isTemporary(error)) throw error
      onError(error)
    }
    await source.clock.sleep(intervalMs, signal)
  }
}

type PageFound<F extends RunField> = { page: RunPageOf<F | 'updatedAt'>; headers: Headers }
type Boundary = { seen: Seen; maxSeen: number; fromMs: number | undefined; markMs: number }

/** The runs of a page that were not handed out before. Those that the next pass will be given again are noted as seen. */
function pickNew<R extends { runId: string; updatedAt: string }>(
  items: readonly R[],
  { seen, maxSeen, fromMs, markMs }: Boundary,
): { runs: R[]; deferred: number } {
  let room = maxSeen
  for (const versions of seen.values()) room -= versions.size
  let deferred = 0
  const runs = items.filter((run) => {
    const atMs = instantOf(run)
    // The pass before has handed it out, and it is not remembered: `since` may be inclusive, or rounded by the server.
    if (fromMs !== undefined && atMs < fromMs) return false
    const known = seen.get(run.updatedAt)
    if (!known && atMs < markMs) return true
    const version = versionOf(run)
    if (known?.has(version)) return false
    if (atMs < markMs) return true
    if (room <= 0) {
      deferred += 1
      return false
    }
    room -= 1
    seen.set(run.updatedAt, (known ?? new Set()).add(version))
    return true
  })
  return { runs, deferred }
}

/** Where a pass goes on: at the next page, then with the next status; undefined at its end. */
function placeAfter({ statuses, status, mark, nextCursor }: Passed): Place | undefined {
  if (nextCursor !== null) return { mark, status, cursor: nextCursor }
  const next = statuses[statuses.indexOf(status) + 1]
  return next === undefined ? undefined : { mark, status: next, cursor: null }
}
type Passed = { statuses: readonly string[]; status: string; mark: string; nextCursor: string | null }

/**
 * What the next pass begins at. The clock is that of the server's `Date` (X-TIME-2c), which says whole seconds. Where that
 * cannot be read, as in a browser to which it is not exposed, the latest update on the page tells how late it is at least.
 */
function markOf(
  { page, headers }: { page: { items: readonly { updatedAt: string }[] }; headers: Headers },
  { fromMs, overlapMs }: { fromMs: number | undefined; overlapMs: number },
): string {
  const dateMs = Date.parse(headers.get('date') ?? '')
  const latestMs = Number.isNaN(dateMs) ? page.items.reduce((ms, run) => Math.max(ms, instantOf(run)), 0) : dateMs
  return new Date(Math.max(fromMs ?? 0, latestMs - overlapMs)).toISOString()
}

function statusesOf({ status = 'completed' }: ChangesOptions): readonly [string, ...string[]] {
  const [first, ...others] = new Set(typeof status === 'string' ? [status] : status)
  if (first === undefined) throw new TypeError('"status" names no status')
  return [first, ...others]
}

function instantOf({ updatedAt }: { updatedAt: string }): number {
  const atMs = Date.parse(updatedAt)
  if (Number.isNaN(atMs)) throw new InvalidResponse(`A run has no instant in "updatedAt": ${updatedAt}`)
  return atMs
}
