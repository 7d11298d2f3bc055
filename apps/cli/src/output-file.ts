import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

export type OutputFile = {
  /** Puts a text, or its parts, in the place of what was there, all at once. */
  write(text: string | Iterable<string>): Promise<void>
  /** Leaves what was there, and nothing else. */
  discard(): Promise<void>
}

/** Makes sure that a file can be written, before there is anything to write. Throws an `UnwritableFile`. */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const refuse = (error: NodeJS.ErrnoException): never => {
    throw new UnwritableFile(`cannot write ${path}: ${REASONS.get(error.code ?? '') ?? error.message}.`, {
      cause: error,
    })
  }
  // Where it is a link, what it points at is written.
  const target = await realpath(path).catch((error) => (error.code === 'ENOENT' ? resolve(path) : refuse(error)))
  const found = await stat(target).catch((error) => (error.code === 'ENOENT' ? undefined : refuse(error)))
  if (found && !found.isFile()) throw new UnwritableFile(`cannot write ${path}: it is there, and is no file.`)
  const part = `${target}.${randomUUID().slice(0, 8)}.part`
  const handle = await open(part, 'wx').catch(refuse)
  const discard = async () => {
    await handle.close()
    await rm(part, { force: true })
  }
  return {
    discard,
    async write(text) {
      try {
        await writeFile(handle, text)
        await handle.sync()
        await handle.close()
        await rename(part, target)
      } catch (error) {
        await discard()
        refuse(error as NodeJS.ErrnoException)
      }
    },
  }
}

/** A file that cannot be written; the message says why, for whoever named it. */
export class UnwritableFile extends Error {
  override readonly name = 'UnwritableFile'
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such directory'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EACCES', 'permission denied'],
  ['EROFS', 'nothing can be written there'],
  ['ENOSPC', 'the disk is full'],
])
