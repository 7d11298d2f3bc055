import { mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DataDirectoryError, LOCK, lockDirectory } from './lock.ts'

/** The Postgres that this version of PGlite is. */
const POSTGRES_MAJOR = '18'

/** Is in a data directory until its first start has come to its end; what else is in it then is worth nothing. */
const UNFINISHED = 'sandport.unfinished'

/** A directory that holds all of a server's data, locked for this process. */
export type DataDirectory = {
  database: string
  files: string
  isNew: boolean
  /** To be called when a new one holds what a server begins with: until then the next start makes it anew. */
  settle: () => Promise<void>
  unlock: () => Promise<void>
}

/** Opens a data directory, or makes one. Throws a `DataDirectoryError` that says what to do where it cannot. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const directory = resolve(path)
  try {
    await makeDirectory(directory)
    // By whichever of its names it is called, it is one directory.
    return await open(await realpath(directory))
  } catch (error) {
    if (error instanceof DataDirectoryError || !isSystemError(error)) throw error
    throw new DataDirectoryError(`Cannot use the data directory ${directory}: ${reasonOf(error)}.`, { cause: error })
  }
}

async function open(directory: string): Promise<DataDirectory> {
  // Before anything is written to it, since it may be somebody else's.
  await inspect(directory)
  const unlock = await lockDirectory(directory)
  try {
    const paths = { database: join(directory, 'database'), files: join(directory, 'files') }
    const unfinished = join(directory, UNFINISHED)
    const { isNew } = await inspect(directory)
    if (isNew) {
      await writeFile(unfinished, '')
      for (const part of Object.values(paths)) await rm(part, { recursive: true, force: true })
    }
    return { ...paths, isNew, settle: () => rm(unfinished, { force: true }), unlock }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Whether a directory is still to be filled. Throws where it is no data directory, or one of another version. */
async function inspect(directory: string): Promise<{ isNew: boolean }> {
  const names = await readdir(directory)
  if (names.includes(UNFINISHED)) return { isNew: true }
  const version = await readFile(join(directory, 'database', 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined) {
    const foreign = names.find((name) => name !== LOCK && !name.startsWith(`${LOCK}.`) && name !== 'lost+found')
    if (foreign === undefined) return { isNew: true }
    throw new DataDirectoryError(
      `${directory} is not a data directory of Sandport: it holds ${foreign}. Choose an empty or a new directory.`,
    )
  }
  if (version.trim() !== POSTGRES_MAJOR) {
    throw new DataDirectoryError(
      `${directory} was made with Postgres ${version.trim()}, and this Sandport has Postgres ${POSTGRES_MAJOR}. ` +
        'Start it with the Sandport that made it, or choose a new directory.',
    )
  }
  return { isNew: false }
}

/** As `mkdir` with `recursive`, which never returns where the system allows no directory to be made, as under `/proc`. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error
    await makeDirectory(dirname(path))
    await mkdir(path)
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOENT: 'no directory can be made there',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'there is a file of that name',
    ENOSPC: 'the disk is full',
  }
  return reasons[code ?? ''] ?? message
}
