import { readFile } from 'node:fs/promises'
import { PGlite, type Transaction, types } from '@electric-sql/pglite'
import { runMigrations } from 'bullmq'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { DatabasePort } from './database.ts'
import { migrationsFolder } from './migrations.ts'
import { hearLastWords, type OnBroken, watch } from './pglite-broken.ts'
import { pgPoolOf } from './pglite-pool.ts'
import { prepareStatements, type Query } from './pglite-prepared.ts'
import { MUCH_MB, shortLog, upkeepOf } from './pglite-upkeep.ts'

/**
 * What is for what survives the process, which nothing does that is only in its memory. The log's buffers hold what is
 * written between two checkpoints, or else each page of it is written by itself, and its files are not filled beforehand.
 */
const unsafe = [
  'synchronous_commit=off',
  'full_page_writes=off',
  `wal_buffers=${MUCH_MB}MB`,
  'wal_init_zero=off',
].flatMap((set) => ['-c', set])

export type EmbeddedDatabase = DatabasePort & {
  readonly pglite: PGlite
  /** Brings the project's own tables and BullMQ's up to date; does nothing where they are. */
  migrate(): Promise<void>
  /** Gives back what deleted rows and the log take up, where that has become much. */
  tidy(): Promise<void>
}

/** Enough: what is not in these buffers is in the process's memory all the same, or in the system's cache. */
const BUFFERS = '32MB'

/**
 * Opens PGlite: in memory, or in `directory`. Where there is nothing yet, `image` (the tar of a prepared data
 * directory) saves the three seconds of an initdb.
 */
export async function openPglite({
  directory,
  image,
  onBroken = () => {},
}: {
  directory?: string
  image?: string
  /** Called at once where the database can do nothing more; all that is asked of it is rejected from then on. */
  onBroken?: OnBroken | undefined
}): Promise<EmbeddedDatabase> {
  const { onStderr, lastWords } = hearLastWords()
  const pglite = await PGlite.create({
    onStderr,
    ...(directory === undefined ? {} : { dataDir: directory }),
    ...(image === undefined ? {} : { loadDataDir: await fileAsBlob(image) }),
    // The log is kept in files of 1 MB instead of 16, of which one at least is read and written at each start.
    initDbStartParams: ['--wal-segsize=1'],
    // BullMQ's SQL names its tables without a schema; the project's own tables are always qualified.
    startParams: [
      ...PGlite.defaultStartParams,
      '-c',
      'search_path=bullmq,public',
      '-c',
      `shared_buffers=${BUFFERS}`,
      ...shortLog,
      ...(directory === undefined ? unsafe : []),
    ],
    parsers: unread,
  })
  watch(pglite, { directory, lastWords, onBroken })
  keepStatements(pglite)
  const db = drizzle(pglite)
  return {
    db,
    pglite,
    async migrate() {
      await runMigrations(await pgPoolOf(pglite).connect(), 'bullmq')
      await migrate(db, { migrationsFolder: migrationsFolder() })
    },
    tidy: upkeepOf(pglite),
    async ping() {
      await pglite.query('select 1')
    },
    async listen(channel, hear) {
      const unlisten = await pglite.listen(channel, hear)
      return () => unlisten()
    },
    close: () => pglite.close(),
  }
}

/** A large file as PGlite takes it: in memory once, where a Blob would hold its content and answer a copy. */
async function fileAsBlob(path: string): Promise<Blob> {
  // What is as large as this has a buffer of its own.
  const { buffer } = await readFile(path)
  return Object.assign(new Blob([]), { arrayBuffer: async () => buffer as ArrayBuffer })
}

/** What Drizzle and its columns read themselves. Nothing else reads any. */
const unread = Object.fromEntries(
  [types.TIMESTAMP, types.TIMESTAMPTZ, types.INTERVAL, types.DATE].map((type) => [type, (text: string) => text]),
)

/**
 * Makes every query go by the statements that are prepared. Drizzle hands parsers like the ones above to each, for which
 * PGlite would make a table of its hundreds of types anew; they are passed over.
 */
function keepStatements(pglite: PGlite): void {
  const statements = prepareStatements(pglite)
  const over = (query: Query, isAlone: boolean): Query => {
    const run = statements.via(query, { isAlone })
    return (text, params, { parsers: _, ...options } = {}) => run(text, params, options)
  }
  pglite.query = over(pglite.query.bind(pglite), true)
  const transaction = pglite.transaction.bind(pglite)
  pglite.transaction = <T>(act: (tx: Transaction) => Promise<T>) =>
    transaction<T>((tx) => {
      tx.query = over(tx.query.bind(tx), false)
      return act(tx)
    })
}
