import type { Static } from '@sinclair/typebox'
import type {
  ExportInput,
  ExportsInput,
  ExportView,
  FailInput,
  MemoriesInput,
  MemoryInput,
  MemoryPatch,
  MemsolusData,
  Workspace,
  WorkspaceInput,
  WorkspacePatch,
  WorkspacesInput,
} from '../../server/src/apis/memsolus/data/schemas.ts'
import type {
  Motion,
  MotionInput,
  MotionPatch,
  MotionsInput,
  Organization,
  OrganizationInput,
  OrganizationPatch,
  OrganizationsInput,
  RunInput,
  RunPatch,
  RunsInput,
  Run as StoredRun,
  SyftData,
} from '../../server/src/apis/syft/data/schemas.ts'
import type { AdvanceInput, AdvanceResult } from '../../server/src/control/clock/schemas.ts'
import type { CatalogueEntry, Finding as FindingSchema } from '../../server/src/control/findings/schemas.ts'
import type {
  ExchangeView,
  UnmatchedView,
  VerifyInput,
  VerifyResult,
  WholeExchange,
} from '../../server/src/control/journal/schemas.ts'
import type { keyInput } from '../../server/src/control/keys/schemas.ts'
import type { Policy as PolicySchema } from '../../server/src/control/policy/schemas.ts'
import type {
  ClockInput,
  Clock as ClockSchema,
  CloneInput,
  Key as KeySchema,
  SandboxSummary,
  SandboxView,
  SandboxInput as WideSandboxInput,
} from '../../server/src/control/sandboxes/schemas.ts'
import type { Scenario as ScenarioSchema } from '../../server/src/control/scenarios/schemas.ts'
import type { Health as HealthSchema } from '../../server/src/control/schemas.ts'
import type {
  Script as ScriptSchema,
  ScriptInput as WideScriptInput,
} from '../../server/src/control/scripts/schemas.ts'
import type { Snapshot as SnapshotSchema } from '../../server/src/control/snapshots/schemas.ts'
import type { TimelineItem } from '../../server/src/control/timeline/schemas.ts'

export type {
  AdvanceInput,
  ClockInput,
  CloneInput,
  ExchangeView as Exchange,
  ExportInput,
  ExportsInput,
  ExportView,
  MemoriesInput,
  MemoryInput,
  MemoryPatch,
  MotionInput,
  MotionsInput,
  OrganizationInput,
  OrganizationsInput,
  RunInput,
  RunPatch,
  RunsInput,
  TimelineItem,
  VerifyInput,
  WorkspaceInput,
  WorkspacesInput,
}
export type ClockState = Static<typeof ClockSchema>
export type Advanced = Static<typeof AdvanceResult>
export type Behavior = NonNullable<MemsolusData['behavior']>
export type Finding = Static<typeof FindingSchema>
export type FindingKind = Static<typeof CatalogueEntry>
export type FindingCode = Finding['code']
export type Health = Static<typeof HealthSchema>
export type Key = Static<typeof KeySchema>
export type Policy = Static<typeof PolicySchema>
export type Script = Static<typeof ScriptSchema>
export type Snapshot = Static<typeof SnapshotSchema>
export type MotionView = Static<typeof Motion>
export type MotionChange = Static<typeof MotionPatch>
export type OrganizationView = Static<typeof Organization>
export type OrganizationChange = Static<typeof OrganizationPatch>
export type RunView = Static<typeof StoredRun>
export type WorkspaceView = Static<typeof Workspace>
export type WorkspaceChange = Static<typeof WorkspacePatch>
export type Unmatched = Static<typeof UnmatchedView>
export type Verified = Static<typeof VerifyResult>
export type WholeExchangeView = Static<typeof WholeExchange>
export type Summary = Static<typeof SandboxSummary>
export type Scenario = Static<typeof ScenarioSchema>

/** What a client needs of a sandbox: its keys, and what each API is called by. */
export type Sandbox = Static<typeof SandboxView> & {
  syft: { baseUrl: string; secretKey: string; motions: MotionView[] }
  memsolus: { baseUrl: string; apiKey: string; workspaceId: string }
}

/** What a sandbox is filled with. */
export type Fixture = { $schema?: string; syft?: SyftData; memsolus?: MemsolusData }

/** What a sandbox is created from; all of it is optional. Durations are texts such as `30s` and `72h`. */
export type SandboxInput = Omit<WideSandboxInput, 'data'> & { data?: Fixture }

/** The vendors' calls, as journal, scripts and findings name them. */
export type Operation =
  | 'syft.exportRuns'
  | 'memsolus.createExport'
  | 'memsolus.listExports'
  | 'memsolus.getExport'
  | 'memsolus.downloadExport'

type OfExport = { exportId?: string }

/** What each action of a script or a timeline takes, by its name. */
export type ActionBodies = {
  insertRuns: RunsInput
  updateRuns: RunPatch & { runIds: string[] }
  deleteRuns: { runIds: string[] }
  insertMotions: MotionsInput
  deleteMotion: { motionId: string }
  insertOrganizations: OrganizationsInput
  changeOrganization: OrganizationChange & { organizationId?: string }
  insertMemories: MemoriesInput
  updateMemories: MemoryPatch & { ids: string[] }
  deleteMemories: { ids: string[] }
  insertWorkspaces: WorkspacesInput
  insertExports: ExportsInput
  setBehavior: Behavior
  holdExport: OfExport
  releaseExport: OfExport
  stepExport: OfExport
  failExport: OfExport & FailInput
  expireExport: OfExport
  loseFile: OfExport
  revokeKey: { key: string }
  advanceClock: AdvanceInput
  setClock: ClockInput
}

/** An object of one member: an action's name, and its body. */
export type Action = { [Name in keyof ActionBodies]: { [Only in Name]: ActionBodies[Only] } }[keyof ActionBodies]

type WideStep = WideScriptInput['steps'][number]
export type ScriptStep = Omit<WideStep, 'before' | 'then'> & { before?: Action[]; then?: Action[] }

/** What happens to the requests of an operation that are to come: each takes a step. */
export type ScriptInput = Omit<WideScriptInput, 'operation' | 'steps'> & { operation: Operation; steps: ScriptStep[] }

/** What happens by itself: once, `at` an instant, or `every` so often. Instants may be `now+90s`. */
export type TimelineInput = { do: Action[] } & ({ at: string } | { every: string; from?: string; times?: number })

/** Which API a key is for, and whose it is: of the first organization or workspace, if not said. */
export type KeyInput = Omit<Static<ReturnType<typeof keyInput>>, 'api'> & { api: 'syft' | 'memsolus' }

/** The kinds of events, by which a stream of them can be narrowed. */
export type EventKind = 'exchange' | 'finding' | 'export' | 'clock' | 'data' | 'script' | 'timeline' | 'action'

type Told<Type extends string> = { type: Type; at: string } & Record<string, unknown>

/** Something that happened in a sandbox. `id` is what a stream of events can be resumed after. */
export type SandboxEvent = { id: string } & (
  | ({ type: 'exchange' } & ExchangeView)
  | ({ type: 'finding' } & Omit<Finding, 'operation'>)
  | { type: 'export.transition'; at: string; exportId: string; from: string; to: string }
  | { type: 'data.changed'; at: string; what: string; how: string; count: number }
  | Told<'clock.changed'>
  | Told<'script.step'>
  | Told<'timeline.fired'>
  | Told<'action.failed'>
)
