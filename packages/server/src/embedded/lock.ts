import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'

/** Raised where a data directory cannot be used as it is; the message is for whoever started the server. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/**
 * Takes the lock beside a data directory, since two processes in one would destroy it. The lock of a process that is no
 * more is taken over. Answers what gives it back.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const lock = `${directory}.lock`
  const own = `${lock}.${process.pid}`
  // A link appears with its content or not at all, so nobody reads half a lock.
  await writeFile(own, `${process.pid}\n`)
  try {
    while (!(await tryLink(own, lock))) {
      const holder = await readHolder(lock)
      if (holder !== undefined && isAlive(holder)) {
        throw new DataDirectoryError(
          `${directory} is in use by process ${holder}. Stop it, or choose another directory with --data.`,
        )
      }
      await removeDead(lock, own, holder)
    }
  } finally {
    await rm(own, { force: true })
  }
  return () => rm(lock, { force: true })
}

async function tryLink(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

/** The process in a lock; undefined where the lock is gone or holds none. */
async function readHolder(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, 'utf8').catch(() => '')
  return /^\d+\n$/.test(text) ? Number(text) : undefined
}

/** Whether there is another process of this number. */
export function isAlive(pid: number): boolean {
  // A container's processes often have the same number as those of the one before it.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Moves a dead lock away; where another process has taken it over in between, that one gets it back. */
async function removeDead(lock: string, own: string, holder: number | undefined): Promise<void> {
  const moved = `${own}.dead`
  await rename(lock, moved).catch(() => {})
  if ((await readHolder(moved)) !== holder) await tryLink(moved, lock)
  await rm(moved, { force: true })
}
