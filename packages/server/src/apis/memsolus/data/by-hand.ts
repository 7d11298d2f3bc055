import type { AfterCommit } from '../../../api-module.ts'
import type { Db } from '../../../ports/database/database.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { NotPossible } from '../errors.ts'
import { type ExportRow, statusAt } from '../exports.ts'
import { removeUnreferencedFiles } from '../files.ts'
import { finishExport, moveExport } from '../lifecycle.ts'
import { exportJobs } from '../tables.ts'
import { dueAt, isExport, transition } from '../transitions.ts'
import { wakeExport } from '../wake.ts'
import { getExportRow } from './exports.ts'
import type { FailInput } from './schemas.ts'

/**
 * Something that is done to one export by hand, under its sandbox's lock and at the sandbox's instant. What takes time is
 * answered, to be done after the transaction.
 */
export type ByHand<Options = unknown> = (
  tx: Db,
  sandbox: Sandbox,
  exportId: string,
  options?: Options,
) => Promise<AfterCommit | undefined>

const isLive = (status: string): status is 'PENDING' | 'PROCESSING' => status === 'PENDING' || status === 'PROCESSING'

/** Keeps an export in its status until it is released or stepped. A render that is under way is in vain. */
export const hold: ByHand = async (tx, sandbox, exportId) => {
  const { row, status } = await settledExport(tx, sandbox, exportId)
  if (!isLive(status)) throw new NotPossible('hold', row.id, status, 'Only a PENDING or PROCESSING export can be held.')
  const set = { hold: status, nextAt: null, claim: null, claimUntil: null }
  await tx.update(exportJobs).set(set).where(isExport(row))
  return undefined
}

/** Lets an export go on as it would have; what became due in the meantime is due now. */
export const release: ByHand = async (tx, sandbox, exportId) => {
  const { row } = await settledExport(tx, sandbox, exportId)
  const due = dueAt({ ...row, hold: null })
  // It has been seen held until now, so nothing that follows is dated before.
  const nextAt = due && due < sandbox.now ? sandbox.now : due
  await tx.update(exportJobs).set({ hold: null, nextAt }).where(isExport(row))
  return (deps) => wakeExport(deps, { ...row, nextAt }, sandbox.now)
}

/** Makes an export's next transition now and waits for it; one that was held is held in its new status. */
export const step: ByHand = async (tx, sandbox, exportId) => {
  const { row, status } = await settledExport(tx, sandbox, exportId)
  if (status === 'FAILED' || status === 'EXPIRED') throw new NotPossible('step', row.id, status, 'Nothing follows.')
  const step = await moveExport(tx, sandbox, row, { force: true, rendering: false })
  if (step.kind === 'moved') return step.fileKey === null ? undefined : removeUnreferencedFiles
  // It is due from now on, so that it comes to its end even where nobody is left to wait for it.
  await tx.update(exportJobs).set({ hold: null, nextAt: sandbox.now }).where(isExport(row))
  return async (deps) => {
    await finishExport(deps, { sandboxId: sandbox.id, exportId: row.id }, { from: status })
  }
}

/** Fails an export now, with a message for whoever asks for its file. */
export const fail: ByHand<FailInput> = async (tx, sandbox, exportId, { message } = {}) => {
  const { row, status } = await settledExport(tx, sandbox, exportId)
  if (!isLive(status)) throw new NotPossible('fail', row.id, status, 'Only a PENDING or PROCESSING export can fail.')
  const processing = row.status === 'PENDING' ? await transition(tx, row, 'PROCESSING', sandbox.now) : row
  const failure = message ?? row.failure ?? 'It was told to fail'
  await transition(tx, processing, 'FAILED', sandbox.now, { failure })
  return undefined
}

/** Expires a READY export now. */
export const expire: ByHand = async (tx, sandbox, exportId) => {
  const { row, status } = await settledExport(tx, sandbox, exportId)
  if (status !== 'READY') throw new NotPossible('expire', row.id, status, 'Only a READY export can expire.')
  await transition(tx, row, 'EXPIRED', sandbox.now)
  return removeUnreferencedFiles
}

/** Loses the file of a READY export, which stays READY. */
export const loseFile: ByHand = async (tx, sandbox, exportId) => {
  const { row, status } = await settledExport(tx, sandbox, exportId)
  if (status !== 'READY') throw new NotPossible('lose the file of', row.id, status, 'Only a READY export has a file.')
  await tx.update(exportJobs).set({ fileKey: null }).where(isExport(row))
  return removeUnreferencedFiles
}

/** An export as it is now, with all done that was due and takes no time. */
async function settledExport(tx: Db, sandbox: Sandbox, exportId: string) {
  let row: ExportRow = await getExportRow(tx, sandbox.id, exportId)
  for (;;) {
    const step = await moveExport(tx, sandbox, row, { rendering: false })
    if (step.kind !== 'moved') break
    row = step.row
  }
  return { row, status: statusAt(row, sandbox.now) }
}
