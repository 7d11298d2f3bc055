import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '../deps.ts'
import { openPglite } from '../ports/database/pglite.ts'
import { directoryFiles } from '../ports/files/directory.ts'
import { embeddedQueue } from '../ports/queue/embedded.ts'
import { openDataDirectory } from './data-directory.ts'
import { findImage } from './image.ts'
import { isAlive } from './lock.ts'

/** PGlite, BullMQ on it and a directory of files: in memory and a temporary directory, or in a data directory. */
export async function openEmbedded({ dataDirectory, log }: { dataDirectory: string | undefined; log: Logger }) {
  const directory = dataDirectory === undefined ? undefined : await openDataDirectory(dataDirectory)
  const temporary = directory ? undefined : await makeTemporary()
  const release = async () => {
    await directory?.unlock()
    if (temporary) await rm(temporary, { recursive: true, force: true })
  }
  try {
    const image = directory && !directory.isNew ? undefined : await findImage()
    const database = await openPglite({ ...(directory && { directory: directory.database }), ...(image && { image }) })
    if (!image) await database.migrate()
    const files = await directoryFiles(directory?.files ?? join(temporary ?? '', 'files'), {
      durable: directory !== undefined,
    })
    const queue = embeddedQueue(database, log)
    return {
      database,
      files,
      queue,
      isImage: image !== undefined,
      isAlone: true,
      async close() {
        await queue.close()
        await database.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** A directory that goes with the process; those of processes that were killed go now. */
async function makeTemporary(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^sandport-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
  return mkdtemp(join(tmpdir(), `sandport-${process.pid}-`))
}
