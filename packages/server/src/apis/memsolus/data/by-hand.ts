import type { Deps } from '../../../deps.ts'
import type { Db } from '../../../ports/database/database.ts'
import { SandboxNotFound } from '../../../sandbox/errors.ts'
import { findSandbox, lockSandbox } from '../../../sandbox/queries.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { NotPossible } from '../errors.ts'
import { type ExportRow, statusAt } from '../exports.ts'
import { removeUnreferencedFiles } from '../files.ts'
import { finishExport, settleExport } from '../lifecycle.ts'
import { exportJobs } from '../tables.ts'
import { dueAt, isExport, transition } from '../transitions.ts'
import { wakeExport } from '../wake.ts'
import { getExportRow } from './exports.ts'

type Target = { sandboxId: string; id: string }
const isLive = (status: string): status is 'PENDING' | 'PROCESSING' => status === 'PENDING' || status === 'PROCESSING'

/** Keeps an export in its status until it is released or stepped. A render that is under way is in vain. */
export async function hold(deps: Deps, target: Target): Promise<void> {
  await changeExport(deps, target, async (tx, row, status) => {
    if (!isLive(status))
      throw new NotPossible('hold', row.id, status, 'Only a PENDING or PROCESSING export can be held.')
    const set = { hold: status, nextAt: null, claim: null, claimUntil: null }
    await tx.update(exportJobs).set(set).where(isExport(row))
  })
}

/** Lets an export go on as it would have; what became due in the meantime is due now. */
export async function release(deps: Deps, target: Target): Promise<void> {
  const released = await changeExport(deps, target, async (tx, row, _status, { now }) => {
    const due = dueAt({ ...row, hold: null })
    // It has been seen held until now, so nothing that follows is dated before.
    const nextAt = due && due < now ? now : due
    await tx.update(exportJobs).set({ hold: null, nextAt }).where(isExport(row))
    return { ...row, nextAt, now }
  })
  await wakeExport(deps, released, released.now)
}

/** Makes an export's next transition now and waits for it; one that was held is held in its new status. */
export async function step(deps: Deps, { sandboxId, id }: Target): Promise<void> {
  const sandbox = await findSandbox(deps.db, sandboxId)
  if (!sandbox) throw new SandboxNotFound(sandboxId)
  const from = statusAt(await getExportRow(deps.db, sandboxId, id), sandbox.now)
  if (from === 'FAILED' || from === 'EXPIRED') throw new NotPossible('step', id, from, 'Nothing follows.')
  await finishExport(deps, { sandboxId, exportId: id }, { from })
}

/** Fails an export now, with a message for whoever asks for its file. */
export async function fail(deps: Deps, target: Target, { message }: { message?: string }): Promise<void> {
  await changeExport(deps, target, async (tx, row, status, { now }) => {
    if (!isLive(status)) throw new NotPossible('fail', row.id, status, 'Only a PENDING or PROCESSING export can fail.')
    const processing = row.status === 'PENDING' ? await transition(tx, row, 'PROCESSING', now) : row
    const failure = message ?? row.failure ?? 'It was told to fail'
    await transition(tx, processing, 'FAILED', now, { failure })
  })
}

/** Expires a READY export now. */
export async function expire(deps: Deps, target: Target): Promise<void> {
  await changeExport(deps, target, async (tx, row, status, { now }) => {
    if (status !== 'READY') throw new NotPossible('expire', row.id, status, 'Only a READY export can expire.')
    await transition(tx, row, 'EXPIRED', now)
  })
  await removeUnreferencedFiles(deps)
}

/** Loses the file of a READY export, which stays READY. */
export async function loseFile(deps: Deps, target: Target): Promise<void> {
  await changeExport(deps, target, async (tx, row, status) => {
    if (status !== 'READY') throw new NotPossible('lose the file of', row.id, status, 'Only a READY export has a file.')
    await tx.update(exportJobs).set({ fileKey: null }).where(isExport(row))
  })
  await removeUnreferencedFiles(deps)
}

/** Changes an export as it is now, with what was due done, under the sandbox's lock. */
async function changeExport<T>(
  deps: Deps,
  { sandboxId, id }: Target,
  change: (tx: Db, row: ExportRow, status: ExportRow['status'], sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  await settleExport(deps, { sandboxId, exportId: id }, { rendering: false })
  return deps.db.transaction(async (tx) => {
    const sandbox = await lockSandbox(tx, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    const row = await getExportRow(tx, sandboxId, id)
    return change(tx, row, statusAt(row, sandbox.now), sandbox)
  })
}
