import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '../deps.ts'
import { type EmbeddedDatabase, openPglite } from '../ports/database/pglite.ts'
import type { OnBroken } from '../ports/database/pglite-broken.ts'
import { directoryFiles } from '../ports/files/directory.ts'
import { embeddedQueue } from '../ports/queue/embedded.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import { findImage } from './image.ts'
import { DataDirectoryError, isAlive } from './lock.ts'

type EmbeddedOptions = {
  dataDirectory: string | undefined
  log: Logger
  onBroken?: OnBroken | undefined
}

/** PGlite, BullMQ on it and a directory of files: in memory and a temporary directory, or in a data directory. */
export async function openEmbedded({ dataDirectory, log, onBroken }: EmbeddedOptions) {
  const directory = dataDirectory === undefined ? undefined : await openDataDirectory(dataDirectory)
  const temporary = directory ? undefined : await makeTemporary()
  const release = async () => {
    await directory?.unlock()
    if (temporary) await rm(temporary, { recursive: true, force: true })
  }
  try {
    const image = directory && !directory.isNew ? undefined : await findImage()
    const database = await openDatabase({ directory, image, onBroken })
    if (!image) await database.migrate()
    const files = await directoryFiles(directory?.files ?? join(temporary ?? '', 'files'), {
      durable: directory !== undefined,
    })
    const queue = embeddedQueue(database, log)
    const upkeep = keepTidy(database, log)
    return {
      database,
      files,
      queue,
      isImage: image !== undefined,
      isAlone: true,
      exclusively: <T>(act: () => Promise<T>) => act(),
      settle: async () => directory?.settle(),
      async close() {
        await queue.close()
        await upkeep.stop()
        await database.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

const TIDY_EVERY_MS = 1000

/** Tidies a database now and then, until it is stopped. */
function keepTidy(database: EmbeddedDatabase, log: Logger) {
  let turn = Promise.resolve()
  const timer = setInterval(() => {
    turn = turn.then(database.tidy).catch((error) => log.error({ err: error }, 'database not tidied'))
  }, TIDY_EVERY_MS).unref()
  return {
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

type DatabaseOptions = {
  directory: DataDirectory | undefined
  image: string | undefined
  onBroken: OnBroken | undefined
}

function openDatabase({ directory, image, onBroken }: DatabaseOptions) {
  const opening = openPglite({ ...(directory && { directory: directory.database }), ...(image && { image }), onBroken })
  if (!directory || directory.isNew) return opening
  return opening.catch((error: Error) => {
    throw new DataDirectoryError(
      `Cannot open the database in ${directory.database}: ${error.message}. It seems damaged: put a copy in its place, ` +
        'or choose a new directory.',
      { cause: error },
    )
  })
}

/** The names of the temporary directories that this process has made. */
const made = new Set<string>()

/** A directory that goes with the process; those of processes that were killed go now. */
async function makeTemporary(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^sandport-(\d+)-/.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(pid) || (pid === process.pid ? made.has(name) : isAlive(pid))) continue
    // It may be another user's, who alone can remove it.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
  const name = `sandport-${process.pid}-${randomUUID().slice(0, 8)}`
  made.add(name)
  await mkdir(join(tmpdir(), name), { mode: 0o700 })
  return join(tmpdir(), name)
}
