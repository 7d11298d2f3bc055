import type { Readable } from 'node:stream'
import type { Deps } from '../../deps.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { ExportExpired, ExportFailed, ExportFileMissing, ExportNotReady } from './errors.ts'
import { type ExportRow, statusAt } from './exports.ts'
import { findCallerTime, findExport } from './queries.ts'
import { formats } from './render/render.ts'

/** M-DOWN-1 to M-DOWN-5c: the file of an export, open, and the headers it is answered with. */
export async function openDownload(deps: Deps, caller: Caller, row: ExportRow): Promise<Download> {
  refuseUnlessReady(row, caller.sandbox.now)
  const opened = row.fileKey === null ? undefined : await deps.files.read(row.fileKey)
  if (!opened) {
    // It may have expired since the row was read; only a file that should be there is missing.
    const now = await findCallerTime(deps.db, caller)
    const current = await findExport(deps.db, caller, row.id)
    if (current) refuseUnlessReady(current, now)
    deps.log.error({ sandboxId: row.sandboxId, exportId: row.id, fileKey: row.fileKey }, 'export file missing')
    throw new ExportFileMissing(row.id)
  }
  const { contentType, extension } = formats[row.format]
  return {
    headers: {
      'content-type': contentType,
      'content-disposition': `attachment; filename="memories-${row.id}.${extension}"`,
      'content-length': opened.sizeBytes,
      // A file is written once and never changed, so its key says what is in it.
      ...(caller.sandbox.reading.hints && { etag: `"${row.fileKey}"` }),
    },
    content: opened.content,
  }
}
export type Download = { headers: Record<string, string | number>; content: Readable }

function refuseUnlessReady(row: ExportRow, now: Date): void {
  const status = statusAt(row, now)
  if (status === 'EXPIRED') throw new ExportExpired(row.id)
  if (status === 'FAILED') throw new ExportFailed(row.id, row.failure ?? '')
  if (status !== 'READY') throw new ExportNotReady(row.id, status)
}
