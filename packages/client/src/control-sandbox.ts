import { type Calls, type Collection, callsOf } from './control-calls.ts'
import { type EventsOptions, followEvents } from './control-events.ts'
import type * as wire from './control-wire.ts'
import { type CallOptions, type Http, segment } from './http.ts'
import type { Memory } from './memsolus-wire.ts'

type Journal = {
  /** The exchanges of clients, in the order in which they ended. `status` is one, or a class such as `5xx`. */
  list(
    query?: { operation?: wire.Operation; status?: number | string; exchange?: string; after?: string } & CallOptions,
  ): Promise<wire.Exchange[]>
  /** One exchange, with the ids and versions of the runs that were served in it. */
  get(exchange: string, options?: CallOptions): Promise<wire.WholeExchangeView>
  /** Whether as many requests came as were to come; waits for them up to `within`, a duration of real time. */
  verify(
    input: Omit<wire.VerifyInput, 'operation'> & { operation: wire.Operation },
    options?: CallOptions,
  ): Promise<wire.Verified>
  /** All of it as HAR 1.2, parsed. */
  har(options?: CallOptions): Promise<Record<string, unknown>>
  /** Begins anew, also with the findings. */
  clear(options?: CallOptions): Promise<void>
}

type Exports = Omit<
  Collection<wire.ExportView, wire.ExportInput, wire.ExportsInput, never, { id: string }>,
  'update' | 'delete'
> & {
  /** Makes its next transition now. One that is held stays held in its new status. */
  step(exportId: string, options?: CallOptions): Promise<wire.ExportView>
  /** Holds it where it is. */
  hold(exportId: string, options?: CallOptions): Promise<wire.ExportView>
  /** Lets it go on. */
  release(exportId: string, options?: CallOptions): Promise<wire.ExportView>
  /** Fails it, and says why. */
  fail(exportId: string, input?: { message?: string }, options?: CallOptions): Promise<wire.ExportView>
  /** Expires it, if it is `READY`. */
  expire(exportId: string, options?: CallOptions): Promise<wire.ExportView>
  /** Loses its file, if it is `READY`. */
  loseFile(exportId: string, options?: CallOptions): Promise<wire.ExportView>
}

type Setting<T, Input = T> = {
  get(options?: CallOptions): Promise<T>
  /** Replaces it (of a clock, what is given), and answers what it is then. */
  set(input: Input, options?: CallOptions): Promise<T>
}

/** The calls about one sandbox. Instants and durations are texts: `2026-03-01T12:00:00Z`, `now+5m`; `500ms`, `30s`, `72h`. */
export type SandboxControl = {
  get(options?: CallOptions): Promise<wire.Sandbox>
  /** Puts back the data, the clock and the behavior that it was created with. */
  reset(options?: CallOptions): Promise<wire.Sandbox>
  /** Another sandbox in the same state, with keys of its own. */
  clone(input?: wire.CloneInput, options?: CallOptions): Promise<wire.Sandbox>
  delete(options?: CallOptions): Promise<void>
  snapshots: {
    create(name: string, options?: CallOptions): Promise<wire.Snapshot>
    list(options?: CallOptions): Promise<wire.Snapshot[]>
    restore(name: string, options?: CallOptions): Promise<wire.Sandbox>
    delete(name: string, options?: CallOptions): Promise<void>
  }
  clock: Setting<wire.ClockState, wire.ClockInput> & {
    /** Goes forward by a duration, or `{ to }` an instant; answers when all that was due on the way has happened. */
    advance(by: string | wire.AdvanceInput, options?: CallOptions): Promise<wire.Advanced>
  }
  timeline: {
    create(items: wire.TimelineInput[], options?: CallOptions): Promise<wire.TimelineItem[]>
    list(options?: CallOptions): Promise<wire.TimelineItem[]>
    delete(id: string, options?: CallOptions): Promise<void>
  }
  keys: {
    issue(input: wire.KeyInput, options?: CallOptions): Promise<wire.Key>
    list(options?: CallOptions): Promise<wire.Key[]>
    revoke(key: string, options?: CallOptions): Promise<void>
  }
  syft: {
    organizations: Collection<
      wire.OrganizationView,
      wire.OrganizationInput,
      wire.OrganizationsInput,
      wire.OrganizationChange,
      wire.OrganizationView
    >
    motions: Collection<wire.MotionView, wire.MotionInput, wire.MotionsInput, wire.MotionChange, wire.MotionView>
    runs: Collection<wire.RunView, wire.RunInput, wire.RunsInput, wire.RunPatch, { runId: string }>
    /** Its rate limit; `{}` is none. */
    policy: Setting<wire.Policy>
  }
  memsolus: {
    workspaces: Collection<
      wire.WorkspaceView,
      wire.WorkspaceInput,
      wire.WorkspacesInput,
      wire.WorkspaceChange,
      wire.WorkspaceView
    >
    memories: Collection<Memory, wire.MemoryInput, wire.MemoriesInput, wire.MemoryPatch, { id: string }>
    exports: Exports
    /** How exports behave that are created from now on. */
    behavior: Setting<wire.Behavior>
    /** Its rate limit; `{}` is none. */
    policy: Setting<wire.Policy>
  }
  scripts: {
    create(input: wire.ScriptInput, options?: CallOptions): Promise<wire.Script>
    list(options?: CallOptions): Promise<wire.Script[]>
    get(scriptId: string, options?: CallOptions): Promise<wire.Script>
    /** Lets go of every request that it holds now. */
    release(scriptId: string, options?: CallOptions): Promise<wire.Script>
    delete(scriptId: string, options?: CallOptions): Promise<void>
  }
  requests: Journal
  findings: {
    /** What its clients did that is questionable, in that order. */
    list(
      query?: { code?: wire.FindingCode; severity?: wire.Finding['severity'] } & CallOptions,
    ): Promise<wire.Finding[]>
    /** The codes that are not reported. */
    allowed: Setting<wire.FindingCode[]>
  }
  /**
   * What happens, as it happens, without end. It is connected with the first event that is asked for, and again where the
   * connection ends, behind the last one. It ends with the signal, or with the sandbox: ApiError `SANDBOX_NOT_FOUND`.
   */
  events(options?: EventsOptions): AsyncGenerator<wire.SandboxEvent, void, undefined>
}

/** The calls about the sandbox at `root`. */
export function sandboxControl(http: Http, root: string): SandboxControl {
  const calls = callsOf(http, root)
  const { get, post, list } = calls
  const script = (id: string) => `/scripts/${segment(id)}`
  return {
    get: (call) => get('', call),
    reset: (call) => post('/reset', call),
    clone: (input = {}, call) => post('/clone', { body: input, ...call }),
    delete: (call) => calls.delete('', call),
    snapshots: {
      create: (name, call) => post('/snapshots', { body: { name }, ...call }),
      list: (call) => list('/snapshots', call),
      restore: (name, call) => post(`/snapshots/${segment(name)}/restore`, call),
      delete: (name, call) => calls.delete(`/snapshots/${segment(name)}`, call),
    },
    clock: {
      ...setting<wire.ClockState, wire.ClockInput>(calls, '/clock'),
      advance: (by, call) =>
        post('/clock/advance', { body: typeof by === 'string' ? { by } : by, timeoutMs: null, ...call }),
    },
    timeline: {
      create: async (items, call) =>
        (await post<{ items: wire.TimelineItem[] }>('/timeline', { body: { items }, ...call })).items,
      list: (call) => list('/timeline', call),
      delete: (id, call) => calls.delete(`/timeline/${segment(id)}`, call),
    },
    keys: {
      issue: (input, call) => post('/keys', { body: input, ...call }),
      list: async (call) => (await get<{ items: wire.Key[] }>('/keys', call)).items,
      revoke: (key, call) => calls.delete(`/keys/${segment(key)}`, call),
    },
    syft: {
      organizations: collection(calls, '/syft/organizations'),
      motions: collection(calls, '/syft/motions'),
      runs: collection(calls, '/syft/runs'),
      policy: setting(calls, '/syft/policy'),
    },
    memsolus: {
      workspaces: collection(calls, '/memsolus/workspaces'),
      memories: collection(calls, '/memsolus/memories'),
      exports: exportsOf(calls),
      behavior: setting(calls, '/memsolus/behavior'),
      policy: setting(calls, '/memsolus/policy'),
    },
    scripts: {
      create: (input, call) => post('/scripts', { body: input, ...call }),
      list: (call) => list('/scripts', call),
      get: (id, call) => get(script(id), call),
      release: (id, call) => post(`${script(id)}/release`, call),
      delete: (id, call) => calls.delete(script(id), call),
    },
    requests: {
      list: ({ signal, ...query } = {}) => list('/requests', { query, signal }),
      get: (exchange, call) => get(`/requests/${segment(exchange)}`, call),
      verify: (input, call) =>
        post('/requests/verify', { body: input, repeatable: 'always', timeoutMs: null, ...call }),
      har: (call) => get('/requests.har', call),
      clear: (call) => calls.delete('/requests', call),
    },
    findings: {
      list: ({ signal, ...query } = {}) => list('/findings', { query, signal }),
      allowed: {
        get: async (call) => (await get<{ codes: wire.FindingCode[] }>('/findings/allow', call)).codes,
        set: async (codes, call) =>
          (await calls.put<{ codes: wire.FindingCode[] }>('/findings/allow', { codes }, call)).codes,
      },
    },
    events: (options = {}) => followEvents(http, `${root}/events`, options),
  }
}

function setting<T, Input = T>({ get, put }: Calls, path: string): Setting<T, Input> {
  return { get: (call) => get<T>(path, call), set: (input, call) => put<T>(path, input, call) }
}

function collection<Item, One, Many, Patch, Made>(
  calls: Calls,
  path: string,
): Collection<Item, One, Many, Patch, Made> {
  const one = (id: string) => `${path}/${segment(id)}`
  return {
    create: (input, call) => calls.post<Item>(path, { body: input ?? {}, ...call }),
    createMany: async (input, call) => (await calls.post<{ items: Made[] }>(path, { body: input, ...call })).items,
    list: ({ signal, ...query } = {}) => calls.list<Item>(path, { query, signal }),
    get: (id, call) => calls.get<Item>(one(id), call),
    update: (id, patch, call) => calls.patch<Item>(one(id), patch, call),
    delete: (id, call) => calls.delete(one(id), call),
  }
}

function exportsOf(calls: Calls): Exports {
  const path = '/memsolus/exports'
  const { create, createMany, list, get } = collection<
    wire.ExportView,
    wire.ExportInput,
    wire.ExportsInput,
    never,
    { id: string }
  >(calls, path)
  const byHand = (verb: string) => (exportId: string, call?: CallOptions) =>
    calls.post<wire.ExportView>(`${path}/${segment(exportId)}/${verb}`, call)
  return {
    create,
    createMany,
    list,
    get,
    step: byHand('step'),
    hold: byHand('hold'),
    release: byHand('release'),
    fail: (exportId, input = {}, call) => calls.post(`${path}/${segment(exportId)}/fail`, { body: input, ...call }),
    expire: byHand('expire'),
    loseFile: byHand('lose-file'),
  }
}
