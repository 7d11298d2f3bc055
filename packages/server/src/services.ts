import type { Logger } from './deps.ts'
import { checkPostgres, openPostgres } from './ports/database/postgres.ts'
import { directoryFiles } from './ports/files/directory.ts'
import { checkRedis, redisQueue } from './ports/queue/redis.ts'

/** Where the services are that take the place of the embedded ones. */
export type Services = {
  /** `postgres://user:password@host:port/database` */
  databaseUrl: string
  /** `redis://host:port/database` */
  redisUrl: string
  /** A directory that every process reaches. */
  filesDirectory: string
}

/** Raised where a service cannot be used; the message is for whoever started the server, and holds no password. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
}

/** Postgres, Redis and a directory of files, which other processes may share. */
export async function openServices({ databaseUrl, redisUrl, filesDirectory }: Services, log: Logger) {
  const postgres = `Postgres at ${new URL(databaseUrl).host}`
  await allOf([
    checkPostgres(databaseUrl).catch((error) => refuse(`reach ${postgres} (DATABASE_URL)`, error)),
    checkRedis(redisUrl).catch((error) => refuse(`reach Redis at ${new URL(redisUrl).host} (REDIS_URL)`, error)),
  ])
  const files = await directoryFiles(filesDirectory).catch((error) =>
    refuse(`use the directory of files ${filesDirectory} (FILES_URL)`, error),
  )
  const database = await openPostgres(databaseUrl)
  await database.migrate().catch(async (error) => {
    await database.close()
    refuse(`make the tables in ${postgres} (DATABASE_URL)`, error)
  })
  // Servers on other databases may share this Redis.
  const queue = redisQueue(redisUrl, { prefix: `sandport:${await database.identify()}`, log })
  return {
    database,
    queue,
    files,
    isImage: false,
    isAlone: false,
    exclusively: database.exclusively,
    settle: async () => {},
    async close() {
      await queue.close()
      await database.close()
    },
  }
}

/** Waits for all checks, so that whoever started the server hears of everything that is wrong at once. */
async function allOf(checks: Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(checks)).filter((result) => result.status === 'rejected')
  if (failed.length === 0) return
  const reasons = failed.map(({ reason }): unknown => reason)
  const unknown = reasons.find((reason) => !(reason instanceof ServiceError))
  if (unknown) throw unknown
  throw new ServiceError(reasons.map((reason) => (reason as Error).message).join(' '), { cause: reasons[0] })
}

function refuse(purpose: string, error: NodeJS.ErrnoException): never {
  throw new ServiceError(`Cannot ${purpose}: ${reasonOf(error)}.`, { cause: error })
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'there is no such host',
    CONNECT_TIMEOUT: 'it does not answer',
    ETIMEDOUT: 'it does not answer',
    EEXIST: 'it is a file',
    ENOTDIR: 'a part of the path is a file',
    EACCES: 'permission denied',
  }
  const { code, message } = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : error
  return reasons[code ?? ''] ?? message
}
