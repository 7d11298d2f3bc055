import type { Logger } from './deps.ts'
import { checkPostgres, openPostgres } from './ports/database/postgres.ts'
import { directoryFiles } from './ports/files/directory.ts'
import type { FilesPort } from './ports/files/files.ts'
import type { S3Place } from './ports/files/s3.ts'
import { checkRedis, redisQueue } from './ports/queue/redis.ts'

/** Where the services are that take the place of the embedded ones. */
export type Services = {
  /** `postgres://user:password@host:port/database` */
  databaseUrl: string
  /** `redis://host:port/database` */
  redisUrl: string
  files: FilesPlace
}

/** A directory or a bucket that every process reaches. What no export refers to is removed there. */
export type FilesPlace = { directory: string } | S3Place

/** Raised where a service cannot be used; the message is for whoever started the server, and holds no password. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
}

/** Postgres, Redis and files, which other processes may share. */
export async function openServices({ databaseUrl, redisUrl, files: place }: Services, log: Logger) {
  const postgres = `Postgres at ${new URL(databaseUrl).host}`
  const files = await openFiles(place)
  try {
    await allOf([
      checkPostgres(databaseUrl).catch((error) => refuse(`reach ${postgres} (DATABASE_URL)`, error)),
      checkRedis(redisUrl).catch((error) => refuse(`reach Redis at ${new URL(redisUrl).host} (REDIS_URL)`, error)),
      files.ping().catch((error) => refuse(`use ${nameOf(place)} (FILES_URL)`, error)),
    ])
  } catch (error) {
    await files.close()
    throw error
  }
  const database = await openPostgres(databaseUrl)
  await database.migrate().catch(async (error) => {
    await database.close()
    await files.close()
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
      await files.close()
    },
  }
}

async function openFiles(place: FilesPlace): Promise<FilesPort & { close(): Promise<void> }> {
  if ('directory' in place) {
    const files = await directoryFiles(place.directory).catch((error) =>
      refuse(`use ${nameOf(place)} (FILES_URL)`, error),
    )
    return { ...files, close: async () => {} }
  }
  // Only who uses it waits for it to be loaded.
  const { s3Files } = await import('./ports/files/s3.ts')
  return s3Files(place)
}

function nameOf(place: FilesPlace): string {
  if ('directory' in place) return `the directory of files ${place.directory}`
  const { bucket, endpoint } = place
  return endpoint === undefined ? `the bucket ${bucket}` : `the bucket ${bucket} at ${new URL(endpoint).host}`
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
  const { code = '', name, message } = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : error
  // A store may answer with a whole page.
  const [line = ''] = message.split('\n')
  return REASONS.get(code) ?? REASONS.get(name) ?? REASONS.get(line) ?? line.replace(/\.$/, '')
}

/** By the code of an error; or, where it comes from the library for S3, by its name, or its message for want of one. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'there is no such host'],
  ['EAI_AGAIN', 'there is no such host'],
  ['CONNECT_TIMEOUT', 'it does not answer'],
  ['ETIMEDOUT', 'it does not answer'],
  ['TimeoutError', 'it does not answer'],
  ['EEXIST', 'it is a file'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EACCES', 'permission denied'],
  ['AccessDenied', 'permission denied'],
  ['NoSuchBucket', 'there is no such bucket'],
  ['InvalidAccessKeyId', 'AWS_ACCESS_KEY_ID is unknown there'],
  ['SignatureDoesNotMatch', 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID'],
  ['CredentialsProviderError', 'there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
  ['Region is missing', 'there is no region; add ?region= to it, or set AWS_REGION'],
])
