import type { CallOptions, Http, Request } from './http.ts'

/** A call of the control API, as it is sent. */
type Call = Pick<Request, 'body' | 'query' | 'repeatable' | 'timeoutMs'> & CallOptions

/** What all calls of the control API are made of. */
export function callsOf(http: Http, root: string) {
  const send = async <T>(method: string, path: string, call: Call = {}) =>
    (await http.json<T>({ method, path: `${root}${path}`, ...call })).body

  return {
    send,
    get: <T>(path: string, call?: Call) => send<T>('GET', path, call),
    post: <T>(path: string, call?: Call) => send<T>('POST', path, call),
    put: <T>(path: string, body: unknown, call?: CallOptions) => send<T>('PUT', path, { body, ...call }),
    patch: <T>(path: string, body: unknown, call?: CallOptions) => send<T>('PATCH', path, { body, ...call }),
    delete: (path: string, call?: CallOptions) => send<void>('DELETE', path, call),
    /** All of a list, page by page. */
    async list<T>(path: string, { query = {}, ...call }: Call = {}): Promise<T[]> {
      const items: T[] = []
      let cursor: string | undefined
      do {
        const page = await send<{ items: T[]; nextCursor?: string | null }>('GET', path, {
          ...call,
          query: { limit: 1000, ...query, cursor },
        })
        items.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      return items
    },
  }
}
export type Calls = ReturnType<typeof callsOf>

/** Objects of one kind. What is not given of a new one is made up from the sandbox's seed. */
export type Collection<Item, One, Many, Patch, Made> = {
  /** Creates one, and answers it whole. */
  create(input?: One, options?: CallOptions): Promise<Item>
  /** Creates `items` one by one, or `count` alike: all of them, or none. A run, memory or export is answered by its id. */
  createMany(input: Many & ({ items: One[] } | { count: number }), options?: CallOptions): Promise<Made[]>
  /** All of them, by id; of one motion or workspace, where that is given. */
  list(query?: { motionId?: string; workspaceId?: string } & CallOptions): Promise<Item[]>
  get(id: string, options?: CallOptions): Promise<Item>
  /** Changes what is given, and answers the object as it is then. */
  update(id: string, patch: Patch, options?: CallOptions): Promise<Item>
  delete(id: string, options?: CallOptions): Promise<void>
}
