import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestServices } from './services.ts'

/** A new database and a new directory of files: the environment of servers on them, and what takes both away. */
export async function ownServices({ databaseUrl, redisUrl }: TestServices, name: string): Promise<OwnServices> {
  const admin = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists ${name}`)
  await admin.unsafe(`create database ${name}`)
  const files = await mkdtemp(join(tmpdir(), 'sandport-test-files-'))
  const own = new URL(databaseUrl)
  own.pathname = `/${name}`
  return {
    env: { DATABASE_URL: own.href, REDIS_URL: redisUrl, FILES_URL: files },
    async drop() {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
      await rm(files, { recursive: true, force: true })
    },
  }
}
type OwnServices = {
  env: { DATABASE_URL: string; REDIS_URL: string; FILES_URL: string }
  drop(): Promise<void>
}
