import { expectTypeOf } from 'vitest'
import type {
  ApiError,
  Checkpoint,
  ControlClient,
  Export,
  Followed,
  Memory,
  MemsolusClient,
  Run,
  SandboxEvent,
  SyftClient,
} from './index.ts'

declare const syft: SyftClient
declare const memsolus: MemsolusClient
declare const control: ControlClient

// Pages have the fields that were asked for, and no others.
expectTypeOf(await syft.page('m'))
  .toHaveProperty('items')
  .toEqualTypeOf<Pick<Run, keyof Run>[]>()
const { items } = await syft.page('m', { fields: ['status', 'error'] })
expectTypeOf(items).toEqualTypeOf<Pick<Run, 'runId' | 'status' | 'error'>[]>()
expectTypeOf<Run['completedAt']>().toEqualTypeOf<string | null>()
expectTypeOf<Run['contacts']>().toBeArray()
// @ts-expect-error There is no such field.
void syft.page('m', { fields: ['state'] })
// @ts-expect-error There is no such order.
void syft.page('m', { order: 'up' })

// A poll always has the instant of the update, and checkpoints go through JSON.
const poll = syft.poll('m', { fields: ['status'] })
expectTypeOf(poll).toEqualTypeOf<AsyncGenerator<Followed<'status'>, void, undefined>>()
expectTypeOf<Followed<'status'>['runs'][number]>().toEqualTypeOf<Pick<Run, 'runId' | 'status' | 'updatedAt'>>()
void syft.poll('m', { checkpoint: JSON.parse('null') as Checkpoint | null })

// Filters and statuses are what the API documents.
expectTypeOf<Export['status']>().toEqualTypeOf<'PENDING' | 'PROCESSING' | 'READY' | 'FAILED' | 'EXPIRED'>()
expectTypeOf(await memsolus.create({ format: 'csv', created_after: new Date(0) })).toEqualTypeOf<Export>()
expectTypeOf(await (await memsolus.download('e')).memories()).toEqualTypeOf<Memory[]>()
expectTypeOf<Memory['metadata']>().toEqualTypeOf<Record<string, unknown>>()
// @ts-expect-error There is no such format.
void memsolus.create({ format: 'xml' })
// @ts-expect-error There is no such priority.
void memsolus.create({ priority: 'high' })

// Of the control API, too, names are checked.
const own = control.sandbox('default')
expectTypeOf((await control.sandboxes.create()).syft.secretKey).toEqualTypeOf<string>()
expectTypeOf((await own.findings.list())[0]?.severity).toEqualTypeOf<'error' | 'warning' | 'note' | undefined>()
void own.scripts.create({ operation: 'syft.exportRuns', steps: [{ then: [{ insertRuns: { count: 1 } }] }] })
// @ts-expect-error There is no such action.
void own.scripts.create({ operation: 'syft.exportRuns', steps: [{ then: [{ insertRun: { count: 1 } }] }] })
// @ts-expect-error There is no such operation.
void own.requests.verify({ operation: 'syft.export' })
// @ts-expect-error Many need items, or how many.
void own.syft.runs.createMany({ status: 'failed' })

// An event's type tells what it holds.
declare const event: SandboxEvent
if (event.type === 'export.transition') expectTypeOf(event.to).toEqualTypeOf<string>()

expectTypeOf<ApiError>().toExtend<Error>()
expectTypeOf<ApiError['retryAfterMs']>().toEqualTypeOf<number | undefined>()
