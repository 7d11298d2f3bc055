import { callsOf } from './control-calls.ts'
import { type SandboxControl, sandboxControl } from './control-sandbox.ts'
import type { FindingKind, Health, Sandbox, SandboxInput, Scenario, Summary, Unmatched } from './control-wire.ts'
import { ApiError } from './errors.ts'
import { type CallOptions, type ClientOptions, codeOfStatus, createHttp, segment, textOf } from './http.ts'

export type ControlClientOptions = ClientOptions & {
  /** The server's admin token, or the `token` of the one sandbox that is commanded. None is needed without an admin token. */
  token?: string
}

/** A client of the control API. Calls reject with `ApiError`, whose `code` is the API's and whose `body` may name a `path`. */
export type ControlClient = {
  /** How the server and its parts are; also where it is down. */
  health(options?: CallOptions): Promise<Health>
  /** Requests whose key belongs to no sandbox, and why; the newest first. */
  unmatched(options?: CallOptions): Promise<Unmatched[]>
  /** What can be found about a client, and what each code means. */
  findingKinds(options?: CallOptions): Promise<FindingKind[]>
  /** What sandboxes can be created as, and what each asks of a client. */
  scenarios(options?: CallOptions): Promise<Scenario[]>
  sandboxes: {
    /** Creates a sandbox, with keys, data and a clock of its own. */
    create(input?: SandboxInput, options?: CallOptions): Promise<Sandbox>
    /** All sandboxes, or those of a group. */
    list(query?: { group?: string } & CallOptions): Promise<Summary[]>
    get(sandboxId: string, options?: CallOptions): Promise<Sandbox>
    delete(sandboxId: string, options?: CallOptions): Promise<void>
    /** Deletes all sandboxes of a group, and answers how many they were. */
    deleteGroup(group: string, options?: CallOptions): Promise<number>
  }
  /** The calls about one sandbox. Sends nothing. */
  sandbox(sandboxId: string): SandboxControl
}

/** A client of the control API of the server at `baseUrl`, an origin without `/_sandport`. */
export function createControlClient({ token, ...options }: ControlClientOptions): ControlClient {
  const http = createHttp({
    ...options,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    readError: (body, status) => ({
      code: (typeof body === 'object' && textOf(body, 'error')) || codeOfStatus(status),
      message: textOf(body, 'message') ?? 'The body says nothing',
    }),
  })
  const calls = callsOf(http, '/_sandport')
  return {
    async health(call) {
      try {
        return await calls.get<Health>('/health', { ...call, repeatable: 'never' })
      } catch (error) {
        const isAnswer =
          error instanceof ApiError && error.status === 503 && textOf(error.body, 'database') !== undefined
        if (isAnswer) return error.body as Health
        throw error
      }
    },
    unmatched: (call) => calls.list<Unmatched>('/requests/unmatched', call),
    findingKinds: async (call) => (await calls.get<{ items: FindingKind[] }>('/findings', call)).items,
    scenarios: async (call) => (await calls.get<{ items: Scenario[] }>('/scenarios', call)).items,
    sandboxes: {
      create: (input, call) => calls.post<Sandbox>('/sandboxes', { body: input ?? {}, ...call }),
      list: ({ group, ...call } = {}) => calls.list<Summary>('/sandboxes', { query: { group }, ...call }),
      get: (sandboxId, call) => calls.get<Sandbox>(`/sandboxes/${segment(sandboxId)}`, call),
      delete: (sandboxId, call) => calls.delete(`/sandboxes/${segment(sandboxId)}`, call),
      deleteGroup: async (group, call) =>
        (await calls.send<{ deleted: number }>('DELETE', '/sandboxes', { query: { group }, ...call })).deleted,
    },
    sandbox: (sandboxId) => sandboxControl(http, `/_sandport/sandboxes/${segment(sandboxId)}`),
  }
}
