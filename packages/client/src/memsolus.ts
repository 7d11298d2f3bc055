import { type Download, downloadOf } from './download.ts'
import { InvalidResponse } from './errors.ts'
import { type CallOptions, type ClientOptions, codeOfStatus, createHttp, segment, textOf } from './http.ts'
import { type Export, type ExportPage, fillInExport, type NewExport } from './memsolus-wire.ts'
import { type WaitOptions, waitFor } from './wait.ts'

export type MemsolusClientOptions = ClientOptions & {
  /** A key of the workspace, `msk_live_…` or `msk_test_…` (M-AUTH-1). */
  apiKey: string
}

/** A client of the Memsolus Exports API. Its calls reject with `ApiError`, whose `code` is the API's, and `ConnectionError`. */
export type MemsolusClient = {
  /**
   * Creates an export of the memories that match every filter (M-CREATE-2). It is tried again after a 429 alone: after any
   * other failure it may have been created, which `list` shows.
   *
   * @throws ApiError `INVALID_FORMAT`, `INVALID_PRIORITY`, `TOO_MANY_CATEGORIES`, `INVALID_DATE`, `FORBIDDEN`
   * @throws TypeError for a category with a comma in it, which the API takes for two
   */
  create(filters?: NewExport, options?: CallOptions): Promise<Export>

  /** A page of the account's exports, the newest first: page 1 of 20 if not given, at most 100 a page (M-LIST-1). */
  list(query?: { page?: number | undefined; pageSize?: number | undefined } & CallOptions): Promise<ExportPage>

  /**
   * Every export of the account, the newest first, each once, also where exports are created meanwhile, which moves the
   * others to later pages. Those new ones are not among them.
   */
  exports(query?: { pageSize?: number | undefined } & CallOptions): AsyncGenerator<Export, void, undefined>

  /** An export as it is now. @throws ApiError `EXPORT_NOT_FOUND` */
  get(exportId: string, options?: CallOptions): Promise<Export>

  /**
   * Asks until an export is `READY`, as often as `Retry-After` says or else ever more slowly, and answers it (M-LIFE-1).
   *
   * @throws ExportEnded where it is `FAILED` or `EXPIRED`
   * @throws DeadlineExceeded where it is not ready in time
   * @throws ApiError `EXPORT_NOT_FOUND`
   */
  waitUntilReady(exportId: string, options?: WaitOptions & CallOptions): Promise<Export>

  /**
   * The file of a `READY` export (M-DOWN-1), as a stream, a text or memories. It is never resumed by itself.
   *
   * @throws ApiError `EXPORT_NOT_READY` (also where it failed), `EXPORT_EXPIRED`, `EXPORT_NOT_FOUND`,
   *   `EXPORT_FILE_MISSING`
   */
  download(exportId: string, options?: CallOptions): Promise<Download>
}

/** A client of the Memsolus Exports API at `baseUrl`, which is the bare origin. It sends nothing until it is called. */
export function createMemsolusClient({ apiKey, ...options }: MemsolusClientOptions): MemsolusClient {
  const http = createHttp({
    ...options,
    headers: { 'x-api-key': apiKey },
    readError: (body, status) => ({
      // M-ERR-1
      code: (typeof body === 'object' && textOf(body, 'error')) || codeOfStatus(status),
      message: textOf(body, 'message') ?? 'The body says nothing',
    }),
  })
  const pathOf = (exportId: string) => `/v1/exports/${segment(exportId)}`

  async function ask(exportId: string, { signal }: CallOptions = {}) {
    const { body, headers } = await http.json<Export>({ path: pathOf(exportId), signal })
    return { found: checkedExport(body), headers }
  }

  const list: MemsolusClient['list'] = async ({ page = 1, pageSize = 20, signal } = {}) => {
    const { body } = await http.json<ExportPage>({ path: '/v1/exports', query: { page, page_size: pageSize }, signal })
    if (!Array.isArray(body?.data) || typeof body.meta?.last_page !== 'number') {
      throw new InvalidResponse('GET /v1/exports was answered with no page of exports')
    }
    return { ...body, data: body.data.map(checkedExport) }
  }

  return {
    list,
    async create(filters = {}, { signal } = {}) {
      const query = queryOf(filters)
      return checkedExport((await http.json<Export>({ method: 'POST', path: '/v1/exports', query, signal })).body)
    },
    async *exports({ pageSize = 100, signal } = {}) {
      const known = new Set<string>()
      let lastPage = 1
      for (let page = 1; page <= lastPage; page += 1) {
        const { data, meta } = await list({ page, pageSize, signal })
        const isNew = data.filter(({ id }) => !known.has(id))
        for (const { id } of isNew) known.add(id)
        yield* isNew
        lastPage = meta.last_page
      }
    },
    get: async (exportId, call) => (await ask(exportId, call)).found,
    waitUntilReady: (exportId, options = {}) =>
      waitFor(exportId, options, {
        ask: (id) => ask(id, options),
        clock: http.clock,
        signal: http.signalOf(options),
      }),
    async download(exportId, call = {}) {
      const response = await http.stream({ path: `${pathOf(exportId)}/download`, ...call })
      return downloadOf(response, http.signalOf(call))
    },
  }
}

/** M-CREATE-2: the filters are parameters, and the body holds nothing. */
function queryOf({ categories, created_after, created_before, ...filters }: NewExport) {
  const split = categories?.find((category) => category.includes(','))
  if (split !== undefined) throw new TypeError(`The category "${split}" has a comma in it, and would be taken for two`)
  const toText = (instant: string | Date | undefined) => (instant instanceof Date ? instant.toISOString() : instant)
  return {
    ...filters,
    categories: categories?.length ? categories.join(',') : undefined,
    created_after: toText(created_after),
    created_before: toText(created_before),
  }
}

function checkedExport(body: Export): Export {
  if (typeof body?.id !== 'string' || typeof body.status !== 'string') {
    throw new InvalidResponse('The server answered what is no export: it has no "id" or no "status"')
  }
  return fillInExport(body)
}
