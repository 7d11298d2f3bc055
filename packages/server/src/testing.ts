import { randomUUID } from 'node:crypto'
import type { PgInsertValue } from 'drizzle-orm/pg-core'
import Fastify from 'fastify'
import postgres from 'postgres'
import { afterAll, describe, inject } from 'vitest'
import type { Deps } from './deps.ts'
import { createMetrics } from './metrics.ts'
import { realNow } from './ports/clock.ts'
import type { Db } from './ports/database/database.ts'
import { openPglite } from './ports/database/pglite.ts'
import { openPostgres, type SharedDatabase } from './ports/database/postgres.ts'
import { nextRevision } from './sandbox/queries.ts'
import { defaultReading } from './sandbox/sandbox.ts'
import { sandboxes } from './sandbox/tables.ts'

/** What a file of unit tests begins with that needs a database, which takes a while. There are no files and no queue. */
export async function testDeps(): Promise<Deps> {
  const { db, ping, listen, migrate, close } = await openPglite({})
  afterAll(close)
  await migrate()
  const missing = () => Promise.reject(new Error('There is none in this test'))
  return {
    db,
    ping,
    listen,
    queue: { add: missing, work: missing, count: missing, ping: missing, close: missing },
    files: { write: missing, read: missing, remove: missing, list: missing, ping: missing },
    log: Fastify({ logger: false }).log,
    metrics: createMetrics(),
    isAlone: true,
    version: 'test',
    stopping: new AbortController().signal,
  }
}

const services = inject('services')

/** Tests of what needs a real Postgres, left out where none is named. */
export const describeOnPostgres = describe.runIf(services)

/** What those begin with: an empty database of their own, and what takes it away. */
export async function testPostgres(): Promise<{ database: SharedDatabase; drop: () => Promise<void> }> {
  if (!services) throw new Error('No Postgres to test against: set TEST_DATABASE_URL and TEST_REDIS_URL')
  const name = `sandport_unit_${randomUUID().slice(0, 8)}`
  const admin = postgres(services.databaseUrl, { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name}`)
  const url = new URL(services.databaseUrl)
  url.pathname = `/${name}`
  const database = await openPostgres(url.href)
  await database.migrate()
  return {
    database,
    async drop() {
      await database.close()
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

/** Adds an empty sandbox. Its clock stands at the beginning of March 2026, unless told otherwise. */
export async function addSandbox(
  db: Db,
  id: string,
  changes: Partial<PgInsertValue<typeof sandboxes>> = {},
): Promise<void> {
  const start = new Date('2026-03-01T00:00:00.000Z')
  await db.insert(sandboxes).values({
    id,
    kind: 'live',
    name: id,
    seed: 1,
    token: '',
    reading: defaultReading,
    origin: { clock: {}, startedAt: null, wellKnown: false, data: {} },
    startedAt: start,
    clockAt: start,
    frozen: true,
    createdAt: realNow,
    clockReal: realNow,
    revision: nextRevision,
    ...changes,
  })
}

/** A run as an export shows it, whole. */
export const shownRun = {
  runId: 'r1',
  status: 'completed',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:01:00.000Z',
  completedAt: '2026-01-01T00:01:00.000Z',
  targetType: 'MarContact',
  triggerSource: null,
  account: { name: 'Meridian Logistics', industry: 'SOFTWARE', employees: 12 },
  contacts: [{ email: 'ada@meridian.example', primary_location: { city: 'Oslo', zip: ['0151'] } }],
  session: null,
  evaluationSummary: null,
  triggerReason: null,
  actionPlanSummary: null,
  error: null,
}
