import { modules } from '../app.ts'
import { createDefaultSandbox, defaultSizes } from '../default-sandbox.ts'
import type { Logger } from '../deps.ts'
import { createMetrics } from '../metrics.ts'
import type { EmbeddedDatabase } from '../ports/database/pglite.ts'
import { version } from '../version.ts'
import { writeImage } from './image.ts'
import { openEmbedded } from './open.ts'

/** Makes the image that an embedded server starts from. Answers its path. */
export async function makeImage(log: Logger): Promise<string> {
  const { database, queue, files, close } = await openEmbedded({ dataDirectory: undefined, log })
  try {
    const deps = {
      db: database.db,
      ping: () => database.ping(),
      listen: database.listen,
      queue,
      files,
      log,
      metrics: createMetrics(),
      isAlone: true,
      version,
      stopping: new AbortController().signal,
    }
    await createDefaultSandbox({ deps, modules }, defaultSizes)
    // A database that has been analyzed plans well from the first request on.
    await database.pglite.exec('vacuum analyze')
    // Nobody makes another database of it, and what is not there need not be read at each start.
    await database.pglite.exec('update pg_database set datistemplate = false where datistemplate')
    await database.pglite.exec('drop database template0')
    await database.pglite.exec('drop database template1')
    // With nothing left to recover, it opens the faster.
    await database.pglite.exec('checkpoint')
    await removeSpareLog(database)
    return await writeImage(database)
  } finally {
    await close()
  }
}

/** Files of the log are kept for when it grows; each would be read and written at each start. */
async function removeSpareLog({ pglite }: EmbeddedDatabase): Promise<void> {
  const { rows } = await pglite.query<{ path: string }>(
    `select current_setting('data_directory') || '/pg_wal/' || name as path from pg_ls_waldir()
      where name <> pg_walfile_name(pg_current_wal_insert_lsn())`,
  )
  for (const { path } of rows) pglite.Module.FS.unlink(path)
}
