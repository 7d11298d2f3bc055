import { type Static, Type } from '@sinclair/typebox'
import {
  bulkOf,
  DurationText,
  InstantRange,
  InstantText,
  Name,
  ObjectId,
  objectOf,
  oneOf,
} from '../../../wire/control-types.ts'
import { OutInstant } from '../../../wire/parameters.ts'
import { Behavior } from '../behavior.ts'
import { ExportAnswer, exportFormats, exportStatuses, outcomes, priorities } from '../schemas.ts'

const nullableText = Type.Union([Type.String({ maxLength: 1000, examples: ['user_17'] }), Type.Null()])

export const WorkspaceInput = objectOf({ id: Type.Optional(ObjectId), name: Type.Optional(Name) })
export type WorkspaceInput = Static<typeof WorkspaceInput>
export const WorkspacePatch = objectOf({ name: Type.Optional(Name) })
export const WorkspacesInput = bulkOf(
  {
    items: Type.Optional(Type.Array(WorkspaceInput, { maxItems: 1000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    ...WorkspaceInput.properties,
  },
  { $id: 'WorkspacesInput', examples: [{ name: 'Acme' }, { items: [{ id: 'w1' }, { id: 'w2' }] }, { count: 3 }] },
)
export type WorkspacesInput = Static<typeof WorkspacesInput>
export const Workspace = Type.Object(
  {
    id: Type.String({ examples: ['w1'] }),
    name: Type.String({ examples: ['Acme'] }),
    apiKey: Type.Optional(Type.String({ description: 'A key of its own, told once', examples: ['msk_live_sp_DAmL'] })),
  },
  { $id: 'Workspace', description: 'What holds memories; the new one, with its key' },
)

const memoryFields = {
  memory: Type.Optional(Type.String({ description: 'What is remembered', examples: ['Likes tea'] })),
  user_id: Type.Optional(nullableText),
  agent_id: Type.Optional(nullableText),
  session_id: Type.Optional(nullableText),
  priority: Type.Optional(oneOf(priorities)),
  categories: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200, examples: ['food'] }))),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  access_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  last_accessed_at: Type.Optional(Type.Union([InstantText, Type.Null()])),
  updated_at: Type.Optional(InstantText),
}

export const MemoryPatch = objectOf(
  { created_at: Type.Optional(InstantText), ...memoryFields },
  { $id: 'MemoryPatch', description: 'What is to change', examples: [{ memory: 'Likes coffee' }] },
)
export type MemoryPatch = Static<typeof MemoryPatch>

export const MemoryInput = objectOf(
  {
    id: Type.Optional(ObjectId),
    workspaceId: Type.Optional(ObjectId),
    created_at: Type.Optional(InstantText),
    ...memoryFields,
  },
  { $id: 'MemoryInput', description: 'A memory to create', examples: [{ memory: 'Likes tea', user_id: 'u1' }] },
)
export type MemoryInput = Static<typeof MemoryInput>

/** Memories to create: `items` one by one, `count` alike, or with neither a single one. */
export const MemoriesInput = bulkOf(
  {
    items: Type.Optional(Type.Array(MemoryInput, { maxItems: 200_000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000 })),
    id: Type.Optional(ObjectId),
    workspaceId: Type.Optional(ObjectId),
    created_at: Type.Optional(Type.Union([InstantText, InstantRange])),
    ...memoryFields,
  },
  {
    $id: 'MemoriesInput',
    examples: [
      { memory: 'Likes tea', user_id: 'u1', categories: ['food'] },
      { items: [{ id: 'm1' }, { id: 'm2' }] },
      { count: 200 },
    ],
  },
)
export type MemoriesInput = Static<typeof MemoriesInput>

const nullableString = Type.Union([Type.String(), Type.Null()])
export const Memory = Type.Object(
  {
    id: Type.String({ examples: ['ee61c3a0-5d0c-4b27-8d7e-2f9d3c1a7b10'] }),
    memory: Type.String({ examples: ['Likes tea'] }),
    user_id: nullableString,
    agent_id: nullableString,
    session_id: nullableString,
    priority: oneOf(priorities),
    categories: Type.Array(Type.String({ examples: ['food'] })),
    metadata: Type.Record(Type.String(), Type.Unknown()),
    workspace_id: Type.String({ examples: ['w1'] }),
    access_count: Type.Integer({ minimum: 0 }),
    last_accessed_at: Type.Union([OutInstant(), Type.Null()]),
    created_at: OutInstant(),
    updated_at: OutInstant(),
  },
  { $id: 'Memory', description: 'A memory' },
)

/** M-DOWN-1: the file of an export, in each format. */
export const fileTypes = {
  'application/json': Type.Array(Memory),
  'text/csv': Type.String({ description: 'RFC 4180', examples: ['id,memory,user_id\r\nee61,Likes tea,u1\r\n'] }),
  'text/markdown': Type.String({ examples: ['# 1 memory\n'] }),
}

/** An export as data, at any status and age; `updated_at` is when it entered the status. */
const exportInput = {
  id: Type.Optional(
    Type.String({
      examples: ['0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'],
      pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    }),
  ),
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
}
export const ExportInput = objectOf(exportInput, {
  $id: 'ExportInput',
  description: 'An export to create, at any status and age',
  examples: [{ status: 'READY', format: 'markdown', updated_at: '2026-02-28T12:00:00Z' }],
})
export type ExportInput = Static<typeof ExportInput>
export const ExportsInput = bulkOf(
  {
    items: Type.Optional(Type.Array(ExportInput, { maxItems: 10_000 })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    ...exportInput,
    created_at: Type.Optional(Type.Union([InstantText, InstantRange])),
  },
  {
    $id: 'ExportsInput',
    examples: [{ status: 'READY', format: 'markdown' }, { items: [{ status: 'PENDING' }] }, { count: 3 }],
  },
)
export type ExportsInput = Static<typeof ExportsInput>

/** How an export is failed by hand. */
export const FailInput = objectOf(
  { message: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Why it failed' })) },
  { $id: 'FailInput', examples: [{ message: 'Disk full' }] },
)
export type FailInput = Static<typeof FailInput>

/** An export as a test sees it: what the API shows, how it behaves, how far it is and what happened to it. */
export const ExportView = Type.Composite(
  [
    ExportAnswer,
    Type.Object({
      workspaceId: Type.String({ examples: ['w1'] }),
      behavior: Type.Object({
        pendingFor: DurationText,
        processingFor: DurationText,
        polls: Type.Object({ pending: Type.Optional(Type.Integer()), processing: Type.Optional(Type.Integer()) }),
        hold: nullableString,
        outcome: oneOf(outcomes),
        failure: nullableString,
      }),
      nextAt: Type.Union([OutInstant(), Type.Null()], { description: 'When its next transition is due' }),
      expiresAt: Type.Union([OutInstant(), Type.Null()]),
      progress: Type.Object({
        rows: Type.Integer({ minimum: 0 }),
        total: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
      }),
      file: Type.Union([
        Type.Object({ key: Type.String({ examples: ['0d1d913a.a796'] }), bytes: Type.Integer({ examples: [11121] }) }),
        Type.Null(),
      ]),
      attempts: Type.Integer({ minimum: 0 }),
      timeline: Type.Array(Type.Object({ at: OutInstant(), status: Type.String({ examples: ['READY'] }) })),
    }),
  ],
  { $id: 'ExportView', description: 'An export as the API shows it, and what only a test may know' },
)
export type ExportView = Static<typeof ExportView>

/** What a sandbox can be created with. */
export const MemsolusData = objectOf(
  {
    workspaces: Type.Optional(Type.Array(WorkspaceInput)),
    memories: Type.Optional(MemoriesInput),
    exports: Type.Optional(Type.Array(ExportInput)),
    behavior: Type.Optional(Behavior),
  },
  { $id: 'MemsolusData', description: 'Data of Memsolus', examples: [{ memories: { count: 200 } }] },
)
export type MemsolusData = Static<typeof MemsolusData>
