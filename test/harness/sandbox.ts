import { holdToDocuments } from './documents.ts'
import { serverUrl } from './url.ts'

export type Query = Record<string, string | number> | string

/** An answer, read to its end. `body` is what its JSON says, or its text where it is none. */
export type Answer<T> = { status: number; headers: Headers; text: string; body: T }

export type Item = Record<string, unknown> & { runId: string; createdAt: string; updatedAt: string; status: string }
export type Page = { items: Item[]; nextCursor: string | null; hasMore: boolean }
export type Export = {
  id: string
  format: string
  status: 'PENDING' | 'PROCESSING' | 'READY' | 'FAILED' | 'EXPIRED'
  created_at: string
  updated_at: string
} & Record<string, unknown>
export type ExportList = {
  data: Export[]
  meta: { current_page: number; per_page: number; total: number; last_page: number }
}
export type ApiError = { error: string; message?: string; statusCode?: number; path?: string }

/** One request to the server under test; nothing is retried, and no status is an error. */
export async function request<T = unknown>(path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(serverUrl() + path, init)
  const text = await response.text()
  await holdToDocuments({
    method: init.method ?? 'GET',
    path,
    requestHeaders: Object.fromEntries(new Headers(init.headers)),
    requestBody: typeof init.body === 'string' ? init.body : undefined,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
  })
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson && text ? JSON.parse(text) : text) as T,
  }
}

/** A call of the control API. */
export function control<T = ApiError>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return request<T>(`/_sandport${path}`, { method, ...json })
}

/** Every item of a list of the control API, in pages of a size. */
export async function listAll<T>(path: string, limit = 1000): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`
    const { status, text, body }: Answer<List<T>> = await control('GET', `${path}?limit=${limit}${next}`)
    if (status !== 200) throw new Error(`A list was answered with ${status}: ${text}`)
    items.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  return items
}
export type List<T> = { items: T[]; nextCursor: string | null }

export type Key = {
  key: string
  api: string
  organizationId?: string
  workspaceId?: string
  permissions: string[]
  createdAt: string
  revokedAt: string | null
}

export type SandboxView = {
  id: string
  name: string
  group: string | null
  token: string
  seed: number
  ttl: string | null
  expiresAt: string | null
  clock: { now: string; frozen: boolean; rate: number }
  syft: { baseUrl: string; secretKey: string; motions: { id: string; name: string; organizationId: string }[] }
  memsolus: { baseUrl: string; apiKey: string; workspaceId: string }
  keys: Key[]
}

const search = (query: Query = {}) => {
  const text =
    typeof query === 'string'
      ? query
      : new URLSearchParams(
          Object.entries(query).map(([name, value]): [string, string] => [name, `${value}`]),
        ).toString()
  return text === '' ? '' : `?${text}`
}

/** A sandbox of its own for a test, and the calls a test makes of it. */
export async function testSandbox(input: Record<string, unknown> = {}) {
  const created = await control<SandboxView>('POST', '/sandboxes', input)
  if (created.status !== 201) throw new Error(`Failed to create a sandbox: ${created.text}`)
  return callsOf(created.body)
}

/** The calls a test makes of a sandbox, whatever it was made by. */
export function callsOf(view: SandboxView) {
  const { id, syft, memsolus } = view
  const motionId = syft.motions[0]?.id ?? ''
  const own = <T = ApiError>(method: string, path: string, body?: unknown) =>
    control<T>(method, `/sandboxes/${id}${path}`, body)

  const page = (query: Query = {}, { key = syft.secretKey, motion = motionId, headers = {} }: SyftCall = {}) =>
    request<Page & ApiError>(`/api/motion/${motion}/export${search(query)}`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
  const memsolusCall = <T>(method: string, path: string, { key = memsolus.apiKey, headers = {} }: MemsolusCall = {}) =>
    request<T>(`/v1${path}`, { method, headers: { 'x-api-key': key, ...headers } })

  return {
    ...view,
    view,
    motionId,
    control: own,
    syft: {
      page,
      /** Every run of a query, by following cursors; and the pages they came in. */
      async all(query: Record<string, string | number> = {}, call: SyftCall = {}) {
        const pages: Page[] = []
        let cursor: string | null = null
        do {
          const { status, text, body }: Answer<Page> = await page(
            { ...query, ...(cursor === null ? {} : { cursor }) },
            call,
          )
          if (status !== 200) throw new Error(`A page was answered with ${status}: ${text}`)
          pages.push(body)
          cursor = body.nextCursor
        } while (cursor !== null)
        return { pages, items: pages.flatMap(({ items }) => items) }
      },
    },
    memsolus: {
      create: (query: Query = {}, call: MemsolusCall = {}) =>
        memsolusCall<Export & ApiError>('POST', `/exports${search(query)}`, call),
      list: (query: Query = {}, call: MemsolusCall = {}) =>
        memsolusCall<ExportList & ApiError>('GET', `/exports${search(query)}`, call),
      get: (exportId: string, call: MemsolusCall = {}) =>
        memsolusCall<Export & ApiError>('GET', `/exports/${exportId}`, call),
      download: (exportId: string, call: MemsolusCall = {}) =>
        memsolusCall<ApiError & string>('GET', `/exports/${exportId}/download`, call),
      /** Creates an export and brings it to its end without waiting: the clock moves and renders what is due. */
      async finished(query: Query = {}): Promise<Export> {
        const { status, text, body } = await memsolusCall<Export>('POST', `/exports${search(query)}`)
        if (status !== 202) throw new Error(`An export was answered with ${status}: ${text}`)
        await own('POST', '/clock/advance', { by: '0s' })
        return (await memsolusCall<Export>('GET', `/exports/${body.id}`)).body
      },
    },
    /** Every item of a list of the sandbox, in pages of a size. */
    all: <T>(path: string, limit?: number) => listAll<T>(`/sandboxes/${id}${path}`, limit),
    advance: (by: string) => own<Advanced & ApiError>('POST', '/clock/advance', { by }),
    advanceTo: (to: string) => own<Advanced & ApiError>('POST', '/clock/advance', { to }),
    addRuns: (body: unknown) => own<{ items: { runId: string }[] }>('POST', '/syft/runs', body),
    addMemories: (body: unknown) => own<{ items: { id: string }[] }>('POST', '/memsolus/memories', body),
  }
}
export type Advanced = { now: string; events: ({ at: string; type: string } & Record<string, unknown>)[] }
type SyftCall = { key?: string; motion?: string; headers?: Record<string, string> }
type MemsolusCall = { key?: string; headers?: Record<string, string> }
export type TestSandbox = ReturnType<typeof callsOf>
