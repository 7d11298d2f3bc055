import { type Recent, recall, remember } from '../../../judging.ts'
import type { ExportStatus } from '../schemas.ts'

/** What of a client's past still matters. */
export type MemsolusPast = {
  /** By id. */
  exports: Recent<KnownExport>
  /** By the end of the key: the last page of exports that was listed. */
  listings: Recent<Listed>
}

/** An export as its client knows it. */
export type KnownExport = {
  /** What it was asked for, and by which workspace; null where this client did not create it, or never got to know. */
  asked: string | null
  isDownloaded: boolean
  /** The last poll that was answered whole. Real time in microseconds, sandbox time in milliseconds. */
  polled: { status: ExportStatus; openedUs: number; atMs: number } | null
  /** The first answer that it had ended, and the polls since then. */
  ended: { status: ExportStatus; exchangeId: string; polls: number } | null
  /** Downloads that were refused because there is no file yet. */
  refused: number
  isToldEmpty: boolean
}

export type Listed = { page: number; pageSize: number; total: number }

const MOST_EXPORTS = 200

export function beginPast(): MemsolusPast {
  return { exports: [], listings: [] }
}

export function exportOf({ exports }: MemsolusPast, id: string): KnownExport {
  const begun = { asked: null, isDownloaded: false, polled: null, ended: null, refused: 0, isToldEmpty: false }
  return remember(exports, id, recall(exports, id) ?? begun, MOST_EXPORTS)
}
