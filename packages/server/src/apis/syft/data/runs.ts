import { and, asc, eq, gt } from 'drizzle-orm'
import type { Db } from '../../../ports/database/database.ts'
import { insertRows, isAmong } from '../../../ports/database/insert.ts'
import { expandBulk, type Interval, inPieces, refuseTwice } from '../../../sandbox/bulk.ts'
import { takeNumbers } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { formatInstant } from '../../../wire/instant.ts'
import { RunExists, RunNotFound } from '../errors.ts'
import { run, runColumns } from '../page-query.ts'
import { runFields } from '../schemas.ts'
import { loadSyftPools, makeRun } from '../seed.ts'
import { accounts, contacts, runs, sessions } from '../tables.ts'
import { changeRun, completeRun, type DocumentRow } from './make-run.ts'
import { resolveMotions } from './motions.ts'
import type { RunInput, RunPatch, RunsInput } from './schemas.ts'
import { keepVersions } from './versions.ts'

const documentTables = { account: accounts, contact: contacts, session: sessions }

/**
 * Creates runs and answers their ids in order. What is not given is made up from the seed. Without instants a run has
 * ended just now, or is somewhere in `spread`.
 */
export async function createRuns(tx: Db, sandbox: Sandbox, input: RunsInput, spread?: Interval): Promise<string[]> {
  const inputs: RunInput[] = expandBulk(input, {
    idField: 'runId',
    ownerField: 'motionId',
    createdField: 'createdAt',
    spread,
  })
  const motionIds = await resolveMotions(tx, sandbox.id, inputs)
  const first = await takeNumbers(tx, sandbox.id, inputs.length)
  const pools = await loadSyftPools(sandbox.seed)
  const created: string[] = []
  for (const piece of inPieces(inputs)) {
    const completed = piece.map(([run, position]) => {
      const { status, targetType, triggerSource } = run
      const made = makeRun(pools, { seed: sandbox.seed, index: first + position, status, targetType, triggerSource })
      const path = input.items ? `/items/${position}` : ''
      return completeRun(sandbox, run, { made, motionId: motionIds[position] ?? '', path })
    })
    const ids = completed.map(({ row }) => row.id)
    await refuseKnown(tx, sandbox.id, ids)
    await storeDocuments(
      tx,
      sandbox.id,
      completed.flatMap(({ documents }) => documents),
    )
    await insertRows(
      tx,
      runs,
      completed.map(({ row }) => row),
    )
    created.push(...ids)
  }
  return created
}

/** Changes a run (S-DATA-1c). Throws where there is none. */
export async function updateRun(tx: Db, sandbox: Sandbox, runId: string, patch: RunPatch): Promise<void> {
  const isRun = and(eq(runs.sandboxId, sandbox.id), eq(runs.id, runId))
  const [before] = await tx.select().from(runs).where(isRun)
  if (!before) throw new RunNotFound(runId)
  const { row, documents } = changeRun(before, patch, sandbox)
  await storeDocuments(tx, sandbox.id, documents)
  await keepVersions(tx, sandbox, eq(runs.id, runId))
  await tx.update(runs).set(row).where(isRun)
}

/** Changes runs alike, each once. Throws where one of them is not there. */
export async function updateRuns(tx: Db, sandbox: Sandbox, runIds: readonly string[], patch: RunPatch): Promise<void> {
  for (const runId of new Set(runIds)) await updateRun(tx, sandbox, runId, patch)
}

/** Deletes runs, of which clients see no trace. Throws where one of them is not there. */
export async function deleteRuns(tx: Db, sandbox: Sandbox, runIds: readonly string[]): Promise<void> {
  const are = isAmong(runs.id, runIds)
  await keepVersions(tx, sandbox, are)
  const deleted = await tx
    .delete(runs)
    .where(and(eq(runs.sandboxId, sandbox.id), are))
    .returning({ id: runs.id })
  const gone = new Set(deleted.map(({ id }) => id))
  const missing = runIds.find((id) => !gone.has(id))
  if (missing !== undefined) throw new RunNotFound(missing)
}

/** Runs by id, as they are shown, after the one with the id `after`. */
export async function listRuns(db: Db, sandboxId: string, { motionId, after, limit }: ListOptions) {
  const isListed = motionId === undefined ? undefined : eq(run.motionId, motionId)
  const rows = await selectRuns(db)
    .where(and(eq(run.sandboxId, sandboxId), isListed, gt(run.id, after)))
    .orderBy(asc(run.id))
    .limit(limit)
  return rows.map(showRun)
}
type ListOptions = { motionId?: string | undefined; after: string; limit: number }

/** A run, as it is shown. Throws where there is none. */
export async function getRun(db: Db, sandboxId: string, runId: string) {
  const [found] = await selectRuns(db).where(and(eq(run.sandboxId, sandboxId), eq(run.id, runId)))
  if (!found) throw new RunNotFound(runId)
  return showRun(found)
}

type Shown = Awaited<ReturnType<typeof selectRuns>>[number]
const selectRuns = (db: Db) =>
  db.select({ motionId: run.motionId, version: run.version, ...runColumns(new Set(runFields)) }).from(run)

function showRun({ account, contacts, session, createdAt, updatedAt, completedAt, ...run }: Shown) {
  return {
    ...run,
    createdAt: formatInstant(createdAt.getTime()),
    updatedAt: formatInstant(updatedAt.getTime()),
    completedAt: completedAt && formatInstant(completedAt.getTime()),
    account: JSON.parse(account ?? 'null'),
    contacts: JSON.parse(`[${contacts ?? ''}]`),
    session: JSON.parse(session ?? 'null'),
  }
}

async function refuseKnown(tx: Db, sandboxId: string, ids: readonly string[]) {
  refuseTwice(ids, RunExists)
  const [known] = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.sandboxId, sandboxId), isAmong(runs.id, ids)))
    .limit(1)
  if (known) throw new RunExists(known.id)
}

/** Stores what is not stored yet: equal objects have equal ids. */
async function storeDocuments(tx: Db, sandboxId: string, documents: readonly DocumentRow[]) {
  for (const [kind, table] of Object.entries(documentTables)) {
    const rows = new Map(
      documents.filter((document) => document.kind === kind).map((document) => [document.id, document]),
    )
    await insertRows(
      tx,
      table,
      [...rows.values()].map(({ id, doc, from, to }) => ({ sandboxId, id, doc, from, to })),
      { ignoreKnown: true },
    )
  }
}
