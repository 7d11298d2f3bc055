import { and, eq, isNotNull, isNull, notExists, or, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import { storedFiles } from '../../sandbox/tables.ts'
import { exportJobs } from './tables.ts'

/**
 * Removes a file unless an export refers to it, of whichever sandbox: copies share files. It goes from the table, then from
 * the disk. One that the disk does not let go of keeps nobody waiting: the sweep finds it.
 */
export async function removeFile({ db, files, log }: Deps, key: string): Promise<void> {
  await db.delete(storedFiles).where(and(eq(storedFiles.key, key), isUnreferenced(db)))
  const [kept] = await db.select({ key: storedFiles.key }).from(storedFiles).where(eq(storedFiles.key, key))
  if (kept) return
  await files.remove(key).catch((error) => log.error({ err: error, key }, 'file left for the sweep'))
}

/** Removes all files that nothing refers to and that nobody is writing. */
export async function removeUnreferencedFiles(deps: Deps): Promise<void> {
  const isWritten = or(isNull(storedFiles.writingUntil), sql`${storedFiles.writingUntil} < ${realNow}`)
  const found = await deps.db
    .select({ key: storedFiles.key })
    .from(storedFiles)
    .where(and(isWritten, isUnreferenced(deps.db)))
  for (const { key } of found) await removeFile(deps, key)
}

/** Removes what is on the disk and in no row. A file's row is there before it is, so those looked up after are enough. */
export async function removeUnknownFiles(deps: Deps): Promise<void> {
  const keys = await deps.files.list()
  const rows = await deps.db.select({ key: storedFiles.key }).from(storedFiles)
  const known = new Set(rows.map(({ key }) => key))
  for (const key of keys) if (!known.has(key)) await removeFile(deps, key)
}

function isUnreferenced(db: Deps['db']) {
  return notExists(db.select({ one: sql`1` }).from(exportJobs).where(eq(exportJobs.fileKey, storedFiles.key)))
}

/** Forgets who was rendering, and lets go of the files that were being written. */
export async function forgetClaims(deps: Deps): Promise<void> {
  await deps.db
    .update(exportJobs)
    .set({ claim: null, claimUntil: null, retryAt: null, wokenAt: null })
    .where(isNotNull(exportJobs.nextAt))
  await deps.db.update(storedFiles).set({ writingUntil: null }).where(isNotNull(storedFiles.writingUntil))
  await removeUnreferencedFiles(deps)
}

/** How much the files of a sandbox hold together. */
export async function countFileBytes(db: Deps['db'], sandboxId: string): Promise<number> {
  const [counted] = await db
    .select({ bytes: sql<number>`coalesce(sum(${exportJobs.fileBytes}), 0)::float8` })
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandboxId), isNotNull(exportJobs.fileKey)))
  return counted?.bytes ?? 0
}
