import { and, eq, sql } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { nextRevision, sandboxFields } from '../../sandbox/queries.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { realTime } from '../clock/queries.ts'
import { armScripts } from '../scenarios/scenarios.ts'
import { beginningOf, type Makers, prepareData } from './create.ts'
import { listKeyRows, type SandboxRow, sandboxColumns } from './queries.ts'
import { emptySandbox } from './remove.ts'
import { fill, madeByTemplate, templateFields } from './templates.ts'

/** What a sandbox begins with that nobody has done anything to. */
const untouched = {
  settings: {},
  policy: {},
  allowedFindings: [],
  walkTo: null,
  timelineAt: null,
  isScripted: false,
}

/** Makes a sandbox what it was when it was created. It keeps its id, its keys, its token and its snapshots. */
export async function resetSandbox(makers: Makers, sandboxId: string): Promise<SandboxRow> {
  const { deps, modules } = makers
  const [before] = await deps.db
    .select({ seed: sandboxes.seed, origin: sandboxes.origin, realTime })
    .from(sandboxes)
    .where(eq(sandboxes.id, sandboxId))
  if (!before) throw new SandboxNotFound(sandboxId)
  const { seed, origin } = before
  const begins = beginningOf(origin, before.realTime)
  await prepareData(modules, seed, origin)
  const { reset, finish } = await deps.db.transaction(async (tx) => {
    const [sandbox] = await tx
      .update(sandboxes)
      .set({
        ...begins,
        ...untouched,
        revision: nextRevision,
        journalFrom: sql`${sandboxes.revision} + 1`,
        made: madeByTemplate(seed, origin),
      })
      .where(eq(sandboxes.id, sandboxId))
      .returning({ ...sandboxColumns, ...sandboxFields, ...templateFields(seed, origin) })
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    await emptySandbox(tx, modules, sandboxId)
    const left = await fill(tx, modules, { ...sandbox, now: begins.clockAt }, origin)
    await restoreKeys(tx, modules, sandboxId)
    await armScripts(tx, sandbox, origin)
    return { reset: sandbox, finish: left }
  })
  for (const done of finish) await done(deps)
  for (const module of modules) await module.tidy?.(deps)
  return reset
}

/** Keys stay as long as there is whom they speak for; the first ones are valid again if they were revoked. */
async function restoreKeys(tx: Db, modules: readonly ApiModule[], sandboxId: string): Promise<void> {
  const rows = await listKeyRows(tx, sandboxId)
  if (rows.some(({ initial, revokedAt }) => initial && revokedAt !== null)) {
    await tx
      .update(apiKeys)
      .set({ revokedAt: null })
      .where(and(eq(apiKeys.sandboxId, sandboxId), eq(apiKeys.initial, true)))
  }
  // The owners of the first keys are there again. Others may have come, and gone with the reset.
  const later = rows.filter(({ initial }) => !initial)
  const owners = new Map(later.map(({ api, ownerId }) => [`${api} ${ownerId}`, { api, ownerId }]))
  for (const { api, ownerId } of owners.values()) {
    const rules = modules.find(({ name }) => name === api)?.keys
    const owner = await rules?.findOwner(tx, sandboxId, ownerId).catch(() => undefined)
    if (owner) continue
    const ofOwner = and(eq(apiKeys.sandboxId, sandboxId), eq(apiKeys.api, api), eq(apiKeys.ownerId, ownerId))
    await tx.delete(apiKeys).where(ofOwner)
  }
}
