import type { Logger } from './deps.ts'
import { openPostgres } from './ports/database/postgres.ts'
import { directoryFiles } from './ports/files/directory.ts'
import { redisQueue } from './ports/queue/redis.ts'

/** Where the services are that take the place of the embedded ones. */
export type Services = {
  /** `postgres://user:password@host:port/database` */
  databaseUrl: string
  /** `redis://host:port/database` */
  redisUrl: string
  /** A directory that every process reaches. */
  filesDirectory: string
}

/** Postgres, Redis and a directory of files, which other processes may share. */
export async function openServices({ databaseUrl, redisUrl, filesDirectory }: Services, log: Logger) {
  const database = await openPostgres(databaseUrl)
  await database.migrate()
  const queue = redisQueue(redisUrl, log)
  return {
    database,
    queue,
    files: await directoryFiles(filesDirectory),
    isImage: false,
    isAlone: false,
    async close() {
      await queue.close()
      await database.close()
    },
  }
}
