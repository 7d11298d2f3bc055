import { createHash } from 'node:crypto'
import { clampInstant } from '../../wire/instant.ts'

/** Where a page ended: the instant and id of its last run. */
export type Position = { at: number; runId: string }

const TAG_BYTES = 6

/**
 * A cursor is the position and a tag over it and the motion, so that one of another motion, or one that was cut or
 * edited, is told from one that was issued (S-PAGE-8c). It names no row: the row it was made from may be gone (S-PAGE-6c).
 */
export function encodeCursor(motionId: string, { at, runId }: Position): string {
  const position = Buffer.from(`${at} ${runId}`, 'utf8')
  return Buffer.concat([tagOf(motionId, position), position]).toString('base64url')
}

/** The position in a cursor; undefined where it was not issued for this motion. */
export function decodeCursor(motionId: string, cursor: string): Position | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  // What decodes leniently but is not what was issued is malformed too.
  if (bytes.toString('base64url') !== cursor) return undefined
  const position = bytes.subarray(TAG_BYTES)
  if (!bytes.subarray(0, TAG_BYTES).equals(tagOf(motionId, position))) return undefined
  const text = position.toString('utf8')
  const space = text.indexOf(' ')
  const at = Number(text.slice(0, space))
  const runId = text.slice(space + 1)
  return Number.isSafeInteger(at) && clampInstant(at) === at && !runId.includes('\0') ? { at, runId } : undefined
}

function tagOf(motionId: string, position: Buffer): Buffer {
  return createHash('sha256').update(motionId).update('\0').update(position).digest().subarray(0, TAG_BYTES)
}
