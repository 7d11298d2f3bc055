import { constants } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FilesPort } from './files.ts'

const PARTIAL = '.part'

/** Files in a directory, which is made where it is missing. With `durable`, a file is on the disk before it appears. */
export async function directoryFiles(directory: string, { durable = true } = {}): Promise<FilesPort> {
  await mkdir(directory, { recursive: true })
  const pathOf = (key: string) => join(directory, key)
  return {
    async write(key, content) {
      const partial = pathOf(key) + PARTIAL
      try {
        // It is there before anything is asked for, and so can be removed whenever the content fails.
        const file = await open(partial, 'w')
        await pipeline(Readable.from(content, { objectMode: false }), file.createWriteStream({ flush: durable }))
        const { size } = await stat(partial)
        await rename(partial, pathOf(key))
        return size
      } catch (error) {
        await removeIfThere(partial)
        throw error
      }
    },
    async read(key) {
      const file = await open(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
        if (isMissing(error)) return undefined
        throw error
      })
      if (!file) return undefined
      const { size } = await file.stat()
      // With an end it is over with its last byte, and not a read later: whoever has all of it may ask at once what came of it.
      const end = size === 0 ? {} : { end: size - 1 }
      return { sizeBytes: size, content: file.createReadStream({ highWaterMark: 256 * 1024, ...end }) }
    },
    async remove(key) {
      await removeIfThere(pathOf(key))
      await removeIfThere(pathOf(key) + PARTIAL)
    },
    async list() {
      const names = await readdir(directory)
      return [...new Set(names.map((name) => (name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name)))]
    },
    async ping() {
      await access(directory, constants.W_OK)
    },
  }
}

/** There is no file, be it that only the file is missing or that the directory is, too, or is none. */
function isMissing({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR'
}

async function removeIfThere(path: string): Promise<void> {
  await rm(path).catch((error) => {
    if (!isMissing(error)) throw error
  })
}
