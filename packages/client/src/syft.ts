import { InvalidResponse } from './errors.ts'
import { type CallOptions, type ClientOptions, codeOfStatus, createHttp, segment, textOf } from './http.ts'
import { type ChangesOptions, changesOf, type Followed, type PollOptions, pollOf } from './syft-poller.ts'
import { fillIn, type RunField, type RunPageOf, type RunsQuery, type RunWith } from './syft-wire.ts'

export type SyftClientOptions = ClientOptions & {
  /** An organization's secret key, `sk_live_…` (S-AUTH-1). */
  secretKey: string
}

/** A client of the Syft Export API. All calls are reads, and retried. They reject with `ApiError` and `ConnectionError`. */
export type SyftClient = {
  /**
   * One page of a motion's runs; `cursor` is the `nextCursor` of the page before, and the query the same as for that.
   *
   * @throws ApiError with the status 401, 403 (the plan has no API access), 404 (no such motion) or 400
   */
  page<F extends RunField = RunField>(
    motionId: string,
    query?: RunsQuery<F> & CallOptions & { cursor?: string | undefined },
  ): Promise<RunPageOf<F>>

  /** The pages of a query one after the other, from the first one or from `cursor` to the last (S-PAGE-5). */
  pages<F extends RunField = RunField>(
    motionId: string,
    query?: RunsQuery<F> & CallOptions & { cursor?: string | undefined },
  ): AsyncGenerator<RunPageOf<F>, void, undefined>

  /** Every run of a query, in order, each once; pages are fetched as they are needed. */
  runs<F extends RunField = RunField>(
    motionId: string,
    query?: RunsQuery<F> & CallOptions,
  ): AsyncGenerator<RunWith<F>, void, undefined>

  /**
   * What was created or changed since a checkpoint, up to now, in batches: for a job that runs by schedule. Each batch has
   * the checkpoint to store once its runs are processed. See `poll` for what it promises.
   */
  changes<F extends RunField = RunField>(
    motionId: string,
    options?: ChangesOptions<F> & CallOptions,
  ): AsyncGenerator<Followed<F>, void, undefined>

  /**
   * Follows a motion without end: all there is, then whatever is created or changed, asking once a minute (S-RATE-1).
   *
   * No version of a run is left out, whatever is inserted or updated meanwhile, also between two pages and at the very
   * instant of a checkpoint; and none comes twice, unless the process ends between processing a batch and storing its
   * checkpoint. A version that is replaced before it is asked for is never seen: the API shows only what is.
   *
   * It ends with the signal, whose reason it throws, or with an error. Begin again from the last checkpoint.
   */
  poll<F extends RunField = RunField>(
    motionId: string,
    options?: PollOptions<F> & CallOptions,
  ): AsyncGenerator<Followed<F>, void, undefined>
}

/** A client of the Syft Export API at `baseUrl`. It sends nothing until it is called. */
export function createSyftClient({ secretKey, ...options }: SyftClientOptions): SyftClient {
  const http = createHttp({
    ...options,
    headers: { authorization: `Bearer ${secretKey}`, accept: 'application/json' },
    readError: (body, status) => ({
      code: codeOfStatus(status),
      message: textOf(body, 'error') ?? 'The body says nothing',
    }),
  })

  async function getPage<F extends RunField>(
    motionId: string,
    query: RunsQuery<F> & CallOptions & { cursor?: string | undefined },
  ) {
    const { signal, cursor, since, until, status, order, limit = 100 } = query
    const fields = query.fields?.length ? query.fields : undefined
    const path = `/api/motion/${segment(motionId)}/export`
    const { body, headers } = await http.json<RunPageOf<F>>({
      path,
      signal,
      query: {
        limit,
        since: toText(since),
        until: toText(until),
        status,
        order,
        fields: fields?.join(','),
        cursor,
      },
    })
    const { items, ...rest } = checked(body, path, cursor)
    return { page: { ...rest, items: items.map((run) => fillIn(run, fields)) }, headers }
  }

  const page: SyftClient['page'] = async (motionId, query = {}) => (await getPage(motionId, query)).page

  async function* pages<F extends RunField>(motionId: string, query: Parameters<typeof getPage<F>>[1] = {}) {
    let cursor = query.cursor
    do {
      const found = await page<F>(motionId, { ...query, cursor })
      yield found
      cursor = found.nextCursor ?? undefined
    } while (cursor !== undefined)
  }

  const source = { getPage, clock: http.clock, signalOf: http.signalOf }
  return {
    page,
    pages,
    async *runs(motionId, query = {}) {
      for await (const { items } of pages(motionId, query)) yield* items
    },
    changes: (motionId, query = {}) => changesOf(source, motionId, query),
    poll: (motionId, query = {}) => pollOf(source, motionId, query),
  }
}

/** S-PAGE-4: what a page has to be, so that following it neither stops early nor goes round in circles. */
function checked<F extends RunField>(page: RunPageOf<F>, path: string, cursor: string | undefined): RunPageOf<F> {
  const wrong = (what: string) => new InvalidResponse(`GET ${path} was answered with no page of runs: ${what}`)
  if (typeof page !== 'object' || page === null || !Array.isArray(page.items)) throw wrong('it has no "items"')
  if (page.hasMore && typeof page.nextCursor !== 'string') throw wrong('it has more, and no "nextCursor"')
  if (page.hasMore && page.nextCursor === cursor) throw wrong('its "nextCursor" leads to itself')
  return page.hasMore ? page : { ...page, nextCursor: null }
}

/** An instant as the API reads it. A `Date` that is none would become a filter that finds nothing. */
function toText(instant: string | Date | undefined): string | undefined {
  return instant instanceof Date ? instant.toISOString() : instant
}
