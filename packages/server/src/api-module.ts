import type { IncomingHttpHeaders } from 'node:http'
import type { Static, TObject } from '@sinclair/typebox'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { FastifyError, FastifyPluginAsync } from 'fastify'
import type { Deps } from './deps.ts'
import type { Judge } from './judging.ts'
import type { Db } from './ports/database/database.ts'
import type { CopiedAs, SandboxTable } from './ports/database/insert.ts'
import type { ExportJob } from './ports/queue/queue.ts'
import type { Action } from './sandbox/action.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Scenario } from './sandbox/scenario.ts'
import type { Subject } from './subject.ts'

/** One of the APIs that Sandport is a server of: a folder under `apis/` and a line in `app.ts`. */
export interface ApiModule<Data extends TObject = TObject> {
  readonly name: string
  /** The path that all of its own routes begin with. */
  readonly prefix: string
  /** What a sandbox holds of it, and a copy too. Each begins with `sandbox_id`. */
  readonly tables: readonly SandboxTable[]
  /** What is remembered of what a sandbox held: never copied, and forgotten when the sandbox is reset or restored. */
  readonly pastTables: readonly SandboxTable[]
  /** What is not copied as it is, such as who is at work on a row. */
  readonly copiedAs?: ReadonlyMap<SandboxTable, CopiedAs>
  /** The vendor's routes, below `prefix`. */
  readonly routes: FastifyPluginAsync<Deps>
  /** What its OpenAPI document says beside what its routes do. */
  readonly subject: Subject
  /** The methods that a path takes; undefined for a path that the API does not have. */
  allowedMethods(path: string): readonly string[] | undefined
  /** The names of the vendor's calls, such as `syft.exportRuns`; each route says which one it is in its `config`. */
  readonly operations: readonly string[]
  /** The key that decides who asks, as the API reads it. */
  readKey(headers: IncomingHttpHeaders): string | undefined
  /** What scripts and timelines can do to the API's data, by name. */
  readonly actions: Readonly<Record<string, Action>>
  /** What any error, of whoever's making, looks like in this API. */
  formatError(error: FastifyError): { status: number; body: unknown }
  /** The body that the API has for an error status that somebody wants answered. */
  faultBody(status: number): unknown
  readonly errors: {
    pathNotFound(): FastifyError
    methodNotAllowed(): FastifyError
  }
  /** What tests command, below `/_sandport/sandboxes/{id}/{name}`. */
  readonly controlRoutes: FastifyPluginAsync<Deps>
  readonly keys: KeyRules
  /** How its clients are judged. */
  readonly judge: Judge
  /** Starting points that a sandbox can be created at, by name. */
  readonly scenarios: readonly Scenario[]
  /** The data that a sandbox can be created with, under the API's name. */
  readonly dataSchema: Data
  /** Gets ready to make up data of a seed, which takes a while the first time. */
  prepare(seed: number): Promise<unknown>
  /** Fills a new sandbox: what every sandbox begins with, then `data`, which `dataSchema` has checked. */
  begin(tx: Db, sandbox: Sandbox, options: { data: Static<Data>; wellKnown: boolean }): Promise<AfterCommit[]>
  readonly description: Description
  /** The earliest thing due by an instant of sandbox time. */
  nextDue?(db: Db, sandboxId: string, until: Date): Promise<DueThing | undefined>
  /** How many things a walk to `until` would do. */
  countDue?(db: Db, sandboxId: string, until: Date): Promise<number>
  /** Puts in the queue what is due and that nobody was told of. */
  wakeDue?(deps: Deps): Promise<void>
  /** Does what a job of the queue is about. */
  work?(deps: Deps, job: ExportJob): Promise<void>
  /** How many jobs there are in each status, of all sandboxes together. */
  countJobs?(db: Db): Promise<{ status: string; count: number }[]>
  /** How much the files of a sandbox hold together. */
  fileBytes?(db: Db, sandboxId: string): Promise<number>
  /** Removes what nothing refers to any more. */
  tidy?(deps: Deps): Promise<void>
  /** Takes back what a process that died had taken; only where no other process can be at work. */
  recover?(deps: Deps): Promise<void>
  /** Removes what no row knows of. */
  sweep?(deps: Deps): Promise<void>
}

/** What a client needs to know of a sandbox to use an API. */
export type Description = {
  /** What there is in the sandbox, as one JSON value, so that one query can ask it of all APIs. */
  of(db: Db, sandboxId: string): SQL<unknown>
  /** What is shown of it. `keys` are those that the sandbox began with, by their owners. */
  show(there: unknown, options: { baseUrl: string; keys: ReadonlyMap<string, string> }): Record<string, unknown>
}

/** What is left to do once the transaction that it belongs to is committed. */
export type AfterCommit = (deps: Deps) => Promise<void>

/** Something that happens at an instant of sandbox time. */
export type DueThing = {
  at: Date
  /** Makes it happen, with the sandbox's clock standing at `at`. Rejects with nothing half done. */
  fire(deps: Deps): Promise<void>
}

/** How an API's keys look, whom they speak for and what they may do. */
export type KeyRules = {
  /** What made-up keys begin with, as the vendor's do (X-KEY-1c). */
  readonly prefix: string
  /** The header that it is sent in, as the vendor's page shows it. */
  readonly sentAs: string
  /** The key that the sandbox `default` has, so that a copied line works. */
  readonly wellKnown: string
  /** The name of its owner's id in control bodies. */
  readonly ownerField: 'organizationId' | 'workspaceId'
  /** What a key can be allowed; the first ones are those of a key that nothing is said of. */
  readonly permissions: readonly string[]
  /** The owner with this id, or the sandbox's first one. Throws where there is none. */
  findOwner(db: Db, sandboxId: string, ownerId: string | undefined): Promise<{ id: string }>
  /** The query for the sandbox's first owner, with its `id`. */
  firstOwner(db: Db, sandboxId: string): SQLWrapper
  /** What that throws, for the document. */
  readonly refusals: readonly FastifyError[]
}
