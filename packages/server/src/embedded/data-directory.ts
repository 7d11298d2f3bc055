import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DataDirectoryError, lockDirectory } from './lock.ts'

/** The Postgres that this version of PGlite is. */
const POSTGRES_MAJOR = '18'

/** A directory that holds all of a server's data, locked for this process. */
export type DataDirectory = { database: string; files: string; isNew: boolean; unlock: () => Promise<void> }

/** Opens a data directory, or makes one. Throws a `DataDirectoryError` that says what to do where it cannot. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const directory = resolve(path)
  await mkdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new DataDirectoryError(`Cannot make the data directory ${directory}: ${reasonOf(error)}`)
  })
  const unlock = await lockDirectory(directory).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof DataDirectoryError) throw error
    throw new DataDirectoryError(`Cannot write beside the data directory ${directory}: ${reasonOf(error)}`)
  })
  try {
    return { ...(await check(directory)), unlock }
  } catch (error) {
    await unlock()
    throw error
  }
}

async function check(directory: string): Promise<Omit<DataDirectory, 'unlock'>> {
  const paths = { database: join(directory, 'database'), files: join(directory, 'files') }
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    throw new DataDirectoryError(`Cannot read the data directory ${directory}: ${reasonOf(error)}`)
  })
  const version = await readFile(join(paths.database, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined) {
    const foreign = names.find((name) => name !== 'database' && name !== 'files')
    if (foreign) {
      throw new DataDirectoryError(
        `${directory} is not a data directory of Sandport: it holds ${foreign}. Choose an empty or a new directory.`,
      )
    }
    return { ...paths, isNew: true }
  }
  if (version.trim() !== POSTGRES_MAJOR) {
    throw new DataDirectoryError(
      `${directory} was made with Postgres ${version.trim()}, and this Sandport has Postgres ${POSTGRES_MAJOR}. ` +
        'Start it with the Sandport that made it, or choose a new directory.',
    )
  }
  return { ...paths, isNew: false }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'there is a file of that name',
    ENOSPC: 'the disk is full',
  }
  return reasons[code ?? ''] ?? message
}
