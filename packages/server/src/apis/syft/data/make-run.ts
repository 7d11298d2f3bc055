import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { clampInstant, parseInstant } from '../../../wire/instant.ts'
import { invalid } from '../../../wire/validation.ts'
import type { MadeRun } from '../seed.ts'
import type { runs } from '../tables.ts'
import { type StoredObject, storeObject, type WebhookKind } from '../webhook-objects.ts'
import type { RunInput, RunPatch } from './schemas.ts'

export type RunRow = typeof runs.$inferInsert

/** A webhook object that runs refer to, with the instants it is stored under. */
export type DocumentRow = { kind: WebhookKind; id: string; doc: string; from: Date | null; to: Date | null }

const FINISHED: readonly string[] = ['completed', 'failed', 'skipped']

/** A run's row and the objects it refers to: what is given, and the rest as it was made up. */
export function completeRun(sandbox: Sandbox, input: RunInput, { made, motionId, path }: Completion) {
  const given = readPatch(input)
  const pooled = (kind: WebhookKind, object: StoredObject): DocumentRow => ({
    kind,
    ...object,
    from: object.from === null ? null : new Date(sandbox.startedAt.getTime() + object.from),
    to: object.to === null ? null : new Date(sandbox.startedAt.getTime() + object.to),
  })
  const documents = [
    ...given.documents,
    ...(input.account === undefined && made.account ? [pooled('account', made.account)] : []),
    ...(input.contacts === undefined ? made.contacts.map((contact) => pooled('contact', contact)) : []),
    ...(input.session === undefined && made.session ? [pooled('session', made.session)] : []),
  ]
  const { createdAt, updatedAt } = placeInTime(given.columns, made.durationMs, sandbox.now)
  const row: RunRow = {
    sandboxId: sandbox.id,
    id: input.runId ?? made.runId,
    motionId,
    status: made.status,
    targetType: made.targetType,
    triggerSource: made.triggerSource,
    accountId: made.account?.id ?? null,
    contactIds: made.contacts.map((contact) => contact.id),
    sessionId: made.session?.id ?? null,
    evaluationSummary: made.evaluationSummary,
    triggerReason: made.triggerReason,
    actionPlanSummary: made.actionPlanSummary,
    error: made.error,
    completedAt: FINISHED.includes(made.status) ? updatedAt : null,
    ...given.columns,
    createdAt,
    updatedAt,
    version: sandbox.revision,
  }
  refuseBackwards(row, path)
  return { row, documents }
}
type Completion = { made: MadeRun; motionId: string; path: string }

/** A changed run's columns and the objects that are new (S-DATA-1c: it is updated now, unless told otherwise). */
export function changeRun<T extends RunRow>(before: T, patch: RunPatch, { now, revision }: Sandbox) {
  const { columns, documents } = readPatch(patch)
  const after: T = { ...before, updatedAt: now, ...columns, version: revision }
  if (patch.status !== undefined) {
    const completedAt = FINISHED.includes(after.status) ? (before.completedAt ?? after.updatedAt) : null
    if (patch.completedAt === undefined) after.completedAt = completedAt
    if (patch.error === undefined && after.status !== 'failed') after.error = null
  }
  refuseBackwards(after, '')
  return { row: after, documents }
}

/**
 * When a run began and was last changed. With neither given it has ended just now; with its beginning given it took as
 * long as it takes, but has not ended later than now.
 */
function placeInTime(given: { createdAt?: Date; updatedAt?: Date }, durationMs: number, now: Date) {
  const updatedAt = given.updatedAt ?? (given.createdAt ? endOf(given.createdAt, durationMs, now) : now)
  return { createdAt: given.createdAt ?? new Date(clampInstant(updatedAt.getTime() - durationMs)), updatedAt }
}

function endOf(createdAt: Date, durationMs: number, now: Date): Date {
  const latest = Math.max(now.getTime(), createdAt.getTime())
  return new Date(Math.min(createdAt.getTime() + durationMs, latest))
}

/** The columns that a checked body gives, and the objects in it. */
function readPatch({ account, contacts, session, createdAt, updatedAt, completedAt, ...rest }: RunPatch & RunInput) {
  const { runId, motionId, ...texts } = rest
  const store = (kind: WebhookKind, object: Record<string, unknown>): DocumentRow => {
    const { from, to, ...stored } = storeObject(kind, object, epochOf)
    return { kind, ...stored, from: from === null ? null : new Date(from), to: to === null ? null : new Date(to) }
  }
  const newAccount = account && store('account', account)
  const newContacts = contacts?.map((contact) => store('contact', contact))
  const newSession = session && store('session', session)
  return {
    documents: [newAccount, ...(newContacts ?? []), newSession].filter((document) => document != null),
    columns: {
      ...texts,
      ...(account !== undefined && { accountId: newAccount?.id ?? null }),
      ...(newContacts && { contactIds: newContacts.map(({ id }) => id) }),
      ...(session !== undefined && { sessionId: newSession?.id ?? null }),
      ...(createdAt !== undefined && { createdAt: new Date(epochOf(createdAt)) }),
      ...(updatedAt !== undefined && { updatedAt: new Date(epochOf(updatedAt)) }),
      ...(completedAt !== undefined && { completedAt: completedAt === null ? null : new Date(epochOf(completedAt)) }),
    },
  }
}

/** An instant that the schema has checked, cut to milliseconds. */
function epochOf(text: string): number {
  const instant = parseInstant(text)
  if (!instant) throw new TypeError(`Not an instant, though it was checked: ${text}`)
  return instant.floor
}

function refuseBackwards({ createdAt, updatedAt }: RunRow, path: string) {
  if (updatedAt < createdAt) {
    const instants = `${updatedAt.toISOString()} is before ${createdAt.toISOString()}`
    throw invalid(`${path}/updatedAt`, `A run cannot be updated before it is created: ${instants}`)
  }
}
