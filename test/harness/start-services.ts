import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { startServer } from './server.ts'
import { findServices } from './services.ts'

/** One server on Postgres and Redis for all tests of the project, in a database of its own. */
export default async function setup({ provide }: TestProject) {
  const services = await findServices(process.env)
  if (!services) throw new Error('No services to test against')
  const admin = postgres(services.databaseUrl, { max: 1, onnotice: () => {} })
  const name = `sandport_test_${process.pid}`
  await admin.unsafe(`drop database if exists ${name}`)
  await admin.unsafe(`create database ${name}`)
  const files = await mkdtemp(join(tmpdir(), 'sandport-test-files-'))
  const databaseUrl = new URL(services.databaseUrl)
  databaseUrl.pathname = `/${name}`
  const server = await startServer([], {
    DATABASE_URL: databaseUrl.href,
    REDIS_URL: services.redisUrl,
    FILES_URL: files,
  })
  provide('url', server.url)
  return async () => {
    await server.stop()
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
    await rm(files, { recursive: true, force: true })
  }
}
