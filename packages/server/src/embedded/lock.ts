import { createHash, randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Raised where a data directory cannot be used as it is; the message is for whoever started the server. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/** The name of the lock in a data directory; what is at work on the lock begins with it and a dot. */
export const LOCK = 'lock'

/** The locks that this process holds: by its number alone it could be the process of a container before this one. */
const held = new Set<string>()

/**
 * Takes the lock in a data directory, since two servers on one would destroy it. The lock of a process that is no more
 * is taken over. Answers what gives it back.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const lock = join(directory, LOCK)
  const text = `${process.pid}\n${randomUUID()}\n`
  const own = `${lock}.${idOf(text)}`
  held.add(text)
  try {
    await writeFile(own, text)
    await take(lock, own, directory)
  } catch (error) {
    held.delete(text)
    throw error
  } finally {
    await rm(own, { force: true })
  }
  return async () => {
    await rm(lock, { force: true })
    held.delete(text)
  }
}

/**
 * Makes `path` a link to `own`. A link appears with its content or not at all, so nobody reads half a lock. A dead lock is
 * replaced only by who holds the lock on that, which is named after it: two that find the same one dead cannot both
 * have it, nor can one take away what another has put in its place.
 */
async function take(path: string, own: string, directory: string): Promise<void> {
  while (!(await tryLink(own, path))) {
    const found = await readLock(path)
    if (found === undefined) continue
    if (isHeld(found)) {
      throw new DataDirectoryError(
        `${directory} is in use by process ${pidOf(found)}. Stop it, or choose another directory with --data.`,
      )
    }
    const succession = `${path}.${idOf(found)}`
    await take(succession, own, directory)
    try {
      if ((await readLock(path)) !== found) continue
      await link(own, `${own}.next`)
      await rename(`${own}.next`, path)
      return
    } finally {
      await rm(succession, { force: true })
    }
  }
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

async function readLock(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

function isHeld(text: string): boolean {
  const pid = pidOf(text)
  if (pid === undefined) return false
  return pid === process.pid ? held.has(text) : isAlive(pid)
}

function pidOf(text: string): number | undefined {
  const pid = /^[1-9]\d*(?=\n)/.exec(text)?.[0]
  return pid === undefined ? undefined : Number(pid)
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
