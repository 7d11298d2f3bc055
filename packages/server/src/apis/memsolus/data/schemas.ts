import { type Static, Type } from '@sinclair/typebox'
import {
  DurationText,
  InstantRange,
  InstantText,
  Name,
  ObjectId,
  objectOf,
  oneOf,
} from '../../../wire/control-types.ts'
import { Behavior } from '../behavior.ts'
import { Export, exportFormats, exportStatuses, priorities } from '../schemas.ts'

const nullableText = Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])

export const WorkspaceInput = objectOf({ id: Type.Optional(ObjectId), name: Type.Optional(Name) })
export type WorkspaceInput = Static<typeof WorkspaceInput>
export const WorkspacePatch = objectOf({ name: Type.Optional(Name) })
export const WorkspacesInput = objectOf({
  items: Type.Optional(Type.Array(WorkspaceInput, { maxItems: 1000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  ...WorkspaceInput.properties,
})
export type WorkspacesInput = Static<typeof WorkspacesInput>
export const Workspace = Type.Object({
  id: Type.String(),
  name: Type.String(),
  apiKey: Type.Optional(Type.String({ description: 'A key of its own, told once' })),
})

const memoryFields = {
  memory: Type.Optional(Type.String()),
  user_id: Type.Optional(nullableText),
  agent_id: Type.Optional(nullableText),
  session_id: Type.Optional(nullableText),
  priority: Type.Optional(oneOf(priorities)),
  categories: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }))),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  access_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  last_accessed_at: Type.Optional(Type.Union([InstantText, Type.Null()])),
  updated_at: Type.Optional(InstantText),
}

export const MemoryPatch = objectOf({ created_at: Type.Optional(InstantText), ...memoryFields })
export type MemoryPatch = Static<typeof MemoryPatch>

export const MemoryInput = objectOf({
  id: Type.Optional(ObjectId),
  workspaceId: Type.Optional(ObjectId),
  created_at: Type.Optional(InstantText),
  ...memoryFields,
})
export type MemoryInput = Static<typeof MemoryInput>

/** Memories to create: `items` one by one, `count` alike, or with neither a single one. */
export const MemoriesInput = objectOf({
  items: Type.Optional(Type.Array(MemoryInput, { maxItems: 200_000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
  id: Type.Optional(ObjectId),
  workspaceId: Type.Optional(ObjectId),
  created_at: Type.Optional(Type.Union([InstantText, InstantRange])),
  ...memoryFields,
})
export type MemoriesInput = Static<typeof MemoriesInput>

const nullableString = Type.Union([Type.String(), Type.Null()])
export const Memory = Type.Object({
  id: Type.String(),
  memory: Type.String(),
  user_id: nullableString,
  agent_id: nullableString,
  session_id: nullableString,
  priority: Type.String(),
  categories: Type.Array(Type.String()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
  workspace_id: Type.String(),
  access_count: Type.Integer(),
  last_accessed_at: nullableString,
  created_at: Type.String(),
  updated_at: Type.String(),
})

/** An export as data, at any status and age; `updated_at` is when it entered the status. */
export const ExportInput = objectOf({
  id: Type.Optional(Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })),
  workspaceId: Type.Optional(ObjectId),
  format: Type.Optional(oneOf(exportFormats)),
  status: Type.Optional(oneOf(exportStatuses)),
  user_id: Type.Optional(nullableText),
  agent_id: Type.Optional(nullableText),
  session_id: Type.Optional(nullableText),
  priority: Type.Optional(Type.Union([oneOf(priorities), Type.Null()])),
  categories: Type.Optional(Type.Union([Type.Array(Type.String({ minLength: 1 }), { maxItems: 20 }), Type.Null()])),
  created_after: Type.Optional(Type.Union([InstantText, Type.Null()])),
  created_before: Type.Optional(Type.Union([InstantText, Type.Null()])),
  created_at: Type.Optional(InstantText),
  updated_at: Type.Optional(InstantText),
  behavior: Type.Optional(Behavior),
})
export type ExportInput = Static<typeof ExportInput>
export const ExportsInput = objectOf({
  items: Type.Optional(Type.Array(ExportInput, { maxItems: 10_000 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  ...ExportInput.properties,
  created_at: Type.Optional(Type.Union([InstantText, InstantRange])),
})
export type ExportsInput = Static<typeof ExportsInput>

/** How an export is failed by hand. */
export const FailInput = objectOf({ message: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) })
export type FailInput = Static<typeof FailInput>

/** An export as a test sees it: what the API shows, how it behaves, how far it is and what happened to it. */
export const ExportView = Type.Composite([
  Export,
  Type.Object({
    workspaceId: Type.String(),
    behavior: Type.Object({
      pendingFor: DurationText,
      processingFor: DurationText,
      polls: Type.Object({ pending: Type.Optional(Type.Integer()), processing: Type.Optional(Type.Integer()) }),
      hold: nullableString,
      outcome: Type.String(),
      failure: nullableString,
    }),
    nextAt: nullableString,
    expiresAt: nullableString,
    progress: Type.Object({ rows: Type.Integer(), total: Type.Union([Type.Integer(), Type.Null()]) }),
    file: Type.Union([Type.Object({ key: Type.String(), bytes: Type.Integer() }), Type.Null()]),
    attempts: Type.Integer(),
    timeline: Type.Array(Type.Object({ at: Type.String(), status: Type.String() })),
  }),
])
export type ExportView = Static<typeof ExportView>

/** What a sandbox can be created with. */
export const MemsolusData = objectOf({
  workspaces: Type.Optional(Type.Array(WorkspaceInput)),
  memories: Type.Optional(MemoriesInput),
  exports: Type.Optional(Type.Array(ExportInput)),
  behavior: Type.Optional(Behavior),
})
export type MemsolusData = Static<typeof MemsolusData>
