import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { and, eq, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { lockSandbox } from '../../sandbox/queries.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { storedFiles } from '../../sandbox/tables.ts'
import type { ExportRow } from './exports.ts'
import { removeFile } from './files.ts'
import { renderFile } from './render/render.ts'
import type { ExportStatus } from './schemas.ts'
import { exportJobs } from './tables.ts'
import { isExport, transition } from './transitions.ts'

/** M-LIFE-5c: how often a render is tried. */
const MAX_ATTEMPTS = 3
const CLAIM = sql`interval '15 seconds'`

export type ExportId = { sandboxId: string; exportId: string }

/** How far one export came, and what it waits for now. */
export type Outcome =
  /** Nothing is due; `row` is as it is now, undefined where it is gone. */
  | { done: true; row: ExportRow | undefined }
  /** Something is due that somebody else is doing, or that failed and is to be tried again in a while. */
  | { done: false; row: ExportRow }

type MoveOptions = {
  /** Makes the next transition now, due or not. */
  force?: boolean
  /** Only the export that has this number: one that was put back in its place, by a restore, has another. */
  ordinal?: number
  /** Does not wait for a failed render's backoff. */
  retryNow?: boolean
  /** Without it, a render that is due is left to others. */
  rendering?: boolean
}
type AdvanceOptions = MoveOptions & {
  /** Only from this status. */
  from?: ExportStatus
}

/**
 * Makes the one transition of an export that is due at sandbox time now, if there is one. It may be called twice, at
 * once, late or never: what is due is read under the sandbox's lock, and what was claimed is nobody else's to finish.
 */
async function advanceExport(
  deps: Deps,
  id: ExportId,
  options: AdvanceOptions = {},
): Promise<Outcome & { moved: boolean }> {
  const step = await deps.db.transaction((tx) => takeStep(tx, id, options))
  if (step.kind === 'render') return render(deps, step)
  if (step.kind === 'moved' && step.fileKey !== null) await removeFile(deps, step.fileKey)
  const moved = step.kind === 'moved'
  if (moved) deps.metrics.transitions.inc({ to: step.row.status })
  return step.kind === 'busy' ? { done: false, row: step.row, moved } : { done: true, row: step.row, moved }
}

/**
 * Makes all transitions of an export that are due, one after the other, as far as nobody else is at it; without
 * `rendering`, only those that take no time.
 */
export async function settleExport(deps: Deps, id: ExportId, { rendering = true } = {}): Promise<Outcome> {
  for (;;) {
    const { moved, ...outcome } = await advanceExport(deps, id, { rendering })
    if (!moved) return outcome
  }
}

const LOOK_AGAIN_MS = 10

/**
 * Makes the next transition of an export and waits until it is made, by whomever; due or not, unless `whenDue`. Failed
 * renders are tried again without backoff. Answers the export as it is then, or what is in its place; undefined where it
 * is gone.
 */
export async function finishExport(
  deps: Deps,
  id: ExportId,
  { from, ordinal, whenDue = false }: { from: ExportStatus; ordinal?: number; whenDue?: boolean },
): Promise<ExportRow | undefined> {
  let own = ordinal
  for (;;) {
    deps.stopping.throwIfAborted()
    const row = await readExport(deps.db, id)
    own ??= row?.ordinal
    if (!row || row.status !== from || row.ordinal !== own) return row
    const outcome = await advanceExport(deps, id, { force: !whenDue, retryNow: true, from, ordinal: own })
    if (outcome.done || outcome.moved) return outcome.row
    await setTimeout(LOOK_AGAIN_MS)
  }
}

type Step =
  | { kind: 'none'; row: ExportRow | undefined }
  | { kind: 'moved'; row: ExportRow; fileKey: string | null }
  | { kind: 'busy'; row: ExportRow }
  /** `left` is the claim of somebody who died over it, or has stalled. */
  | { kind: 'render'; row: ExportRow; claim: string; left: string | null }

async function takeStep(
  tx: Db,
  { sandboxId, exportId }: ExportId,
  { from, ordinal, ...options }: AdvanceOptions,
): Promise<Step> {
  const sandbox = await lockSandbox(tx, sandboxId)
  const row = sandbox && (await readExport(tx, { sandboxId, exportId }))
  if (!row || (from && row.status !== from)) return { kind: 'none', row }
  if (ordinal !== undefined && row.ordinal !== ordinal) return { kind: 'none', row }
  return moveExport(tx, sandbox, row, options)
}

/** Makes the transition of an export that is due at the sandbox's instant, under its lock, or says what it waits for. */
export async function moveExport(
  tx: Db,
  sandbox: Sandbox,
  row: ExportRow,
  { force = false, retryNow = force, rendering = true }: MoveOptions,
): Promise<Step> {
  const isDue = force || (row.nextAt !== null && row.nextAt <= sandbox.now)
  if (!isDue) return { kind: 'none', row }
  // What was due before now is dated as of then, so that what is seen late is as it would have been seen in time.
  const at = force || row.nextAt === null ? sandbox.now : row.nextAt
  if (row.status === 'PENDING') {
    // Only a step by hand moves what is held, and it stays held.
    const hold = row.hold === 'PENDING' ? 'PROCESSING' : row.hold
    return { kind: 'moved', row: await transition(tx, row, 'PROCESSING', at, { hold }), fileKey: null }
  }
  if (row.status === 'READY') {
    return { kind: 'moved', row: await transition(tx, row, 'EXPIRED', at), fileKey: row.fileKey }
  }
  if (row.status !== 'PROCESSING') return { kind: 'none', row }
  // One that was created READY as data does not fail, whatever its behavior says.
  if (row.outcome === 'fail' && row.readyAt === null)
    return { kind: 'moved', row: await transition(tx, row, 'FAILED', at), fileKey: null }
  if (!rendering) return { kind: 'busy', row }
  const claim = randomUUID()
  const claimed = await takeClaim(tx, row, claim, { retryNow })
  return claimed ? { kind: 'render', row: claimed, claim, left: row.claim } : { kind: 'busy', row }
}

async function readExport(db: Db, { sandboxId, exportId }: ExportId): Promise<ExportRow | undefined> {
  const [row] = await db
    .select()
    .from(exportJobs)
    .where(isExport({ sandboxId, id: exportId }))
  return row
}

/** Whoever holds the claim renders; it lapses where it is not renewed, and no other can finish what it began. */
async function takeClaim(tx: Db, row: ExportRow, claim: string, { retryNow }: { retryNow: boolean }) {
  const isFree = sql`coalesce(${exportJobs.claimUntil} < ${realNow}, true)`
  const mayRetry = retryNow ? undefined : sql`coalesce(${exportJobs.retryAt} <= ${realNow}, true)`
  const [claimed] = await tx
    .update(exportJobs)
    .set({
      claim,
      claimUntil: sql`${realNow} + ${CLAIM}`,
      attempts: sql`${exportJobs.attempts} + 1`,
      rowsDone: 0,
      rowsTotal: null,
    })
    .where(and(isExport(row), isFree, mayRetry))
    .returning()
  if (claimed)
    await tx.insert(storedFiles).values({ key: keyOf(claimed, claim), writingUntil: sql`${realNow} + ${CLAIM}` })
  return claimed
}

function keyOf({ id }: ExportRow, claim: string): string {
  return `${id}.${claim}`
}

async function render(deps: Deps, { row, claim, left }: Extract<Step, { kind: 'render' }>) {
  const key = keyOf(row, claim)
  const renew = (rowsDone: number) => renewClaim(deps.db, row, { claim, key, rowsDone })
  const { metrics } = deps
  const measured = metrics.renders.startTimer({ format: row.format })
  // What was begun can never be finished, as its claim is lost.
  if (left !== null) await removeFile(deps, keyOf(row, left))
  try {
    const bytes = await renderFile(deps, { row, key, renew })
    const ready = await deps.db.transaction((tx) => finish(tx, row, { claim, key, bytes }))
    measured({ result: ready ? 'ready' : 'lost' })
    if (ready) {
      metrics.renderedRows.inc(ready.rowsDone)
      metrics.transitions.inc({ to: ready.status })
    }
    if (!ready || ready.fileKey === null) await removeFile(deps, key)
    deps.log.info({ sandboxId: row.sandboxId, exportId: row.id, bytes, rows: ready?.rowsDone }, 'export rendered')
    return { done: true as const, row: ready ?? (await readExport(deps.db, idOf(row))), moved: ready !== undefined }
  } catch (error) {
    if (deps.stopping.aborted) return leave(deps, { row, key, claim })
    measured({ result: 'failed' })
    deps.log.error(
      { err: error, sandboxId: row.sandboxId, exportId: row.id, attempt: row.attempts },
      'export render failed',
    )
    await removeFile(deps, key)
    const outcome = await deps.db.transaction((tx) => giveBack(tx, row, claim))
    if (outcome.moved) metrics.transitions.inc({ to: 'FAILED' })
    return outcome
  }
}

/** Breaks off a render, which does not count as a try, so that whoever comes next begins it at once. */
async function leave(deps: Deps, { row, key, claim }: { row: ExportRow; key: string; claim: string }) {
  await deps.db
    .update(exportJobs)
    .set({ claim: null, claimUntil: null, wokenAt: null, attempts: sql`${exportJobs.attempts} - 1` })
    .where(and(isExport(row), eq(exportJobs.claim, claim)))
  await removeFile(deps, key)
  return { done: false as const, row, moved: false }
}

/** READY and the file are one decision: whoever lost the claim has rendered in vain. */
async function finish(
  tx: Db,
  { sandboxId, id }: ExportRow,
  { claim, key, bytes }: { claim: string; key: string; bytes: number },
) {
  const sandbox = await lockSandbox(tx, sandboxId)
  const row = sandbox && (await readExport(tx, { sandboxId, exportId: id }))
  if (!row || row.claim !== claim || row.status !== 'PROCESSING') return undefined
  await tx.update(storedFiles).set({ writingUntil: null }).where(eq(storedFiles.key, key))
  const isLost = row.outcome === 'lose-file'
  // What was created READY as data has been so since the instant that was given.
  const { readyAt, expiresAt } = row
  return transition(tx, row, 'READY', sandbox.now, {
    ...(readyAt && { readyAt, expiresAt, updatedAt: readyAt }),
    fileKey: isLost ? null : key,
    fileBytes: bytes,
    rowsTotal: row.rowsDone,
  })
}

/** After a failed try: back to wait for the next one, or FAILED where it was the last (M-LIFE-5c). */
async function giveBack(tx: Db, { sandboxId, id }: ExportRow, claim: string) {
  const sandbox = await lockSandbox(tx, sandboxId)
  const row = sandbox && (await readExport(tx, { sandboxId, exportId: id }))
  if (!row || row.claim !== claim) return { done: true as const, row, moved: false }
  if (row.attempts >= MAX_ATTEMPTS) {
    return { done: true as const, row: await transition(tx, row, 'FAILED', sandbox.now), moved: true }
  }
  const backoff = sql`${realNow} + ${2 ** (row.attempts - 1)} * interval '1 second'`
  const waiting = { claim: null, claimUntil: null, wokenAt: null, retryAt: backoff }
  await tx.update(exportJobs).set(waiting).where(isExport(row))
  return { done: false as const, row, moved: false }
}

/** Says that the render is alive and how far it is; throws where the claim is another's by now. */
async function renewClaim(
  db: Db,
  row: ExportRow,
  { claim, key, rowsDone }: { claim: string; key: string; rowsDone: number },
) {
  const until = sql`${realNow} + ${CLAIM}`
  const renewed = await db
    .update(exportJobs)
    .set({ claimUntil: until, rowsDone })
    .where(and(isExport(row), eq(exportJobs.claim, claim)))
    .returning({ id: exportJobs.id })
  if (renewed.length === 0) throw new Error(`Lost the claim on export ${row.id}: it is rendered elsewhere, or gone`)
  await db.update(storedFiles).set({ writingUntil: until }).where(eq(storedFiles.key, key))
}

function idOf({ sandboxId, id }: ExportRow): ExportId {
  return { sandboxId, exportId: id }
}
