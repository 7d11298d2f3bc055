import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { beforeAll, expect, it, vi } from 'vitest'
import { buildServer } from './app.ts'
import { createMetrics } from './metrics.ts'
import type { SharedDatabase } from './ports/database/postgres.ts'
import { directoryFiles } from './ports/files/directory.ts'
import type { FilesPort } from './ports/files/files.ts'
import { describeOnPostgres, testPostgres } from './testing.ts'

/** More than all buffers on the way hold, so that a file that is half written is half read. */
const MANY = 60_000

describeOnPostgres('while Postgres copies out the memories of an export', () => {
  let database: SharedDatabase
  let directory: string
  let stopping: AbortController
  let app: FastifyInstance
  /** How many of the latest file were written. */
  let parts = 0
  /** Called once, when the next file is half written, before it goes on. */
  let interrupt: ((key: string) => Promise<unknown>) | undefined

  beforeAll(async () => {
    const own = await testPostgres()
    database = own.database
    directory = await mkdtemp(join(tmpdir(), 'sandport-copy-'))
    const files = await directoryFiles(directory, { durable: false })
    app = await build({ ...files, write: (key, content) => files.write(key, interrupted(key, content)) })
    return async () => {
      await own.drop()
      await rm(directory, { recursive: true, force: true })
    }
  }, 60_000)

  async function build(files: FilesPort): Promise<FastifyInstance> {
    const queue = {
      add: async () => {},
      work: async () => ({ stop: async () => {} }),
      count: async () => ({}),
      ping: async () => {},
      close: async () => {},
    }
    stopping = new AbortController()
    const { db, ping, listen, readSnapshot } = database
    return buildServer({
      db,
      ping,
      listen,
      ...(readSnapshot && { readSnapshot }),
      queue,
      files,
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      isAlone: true,
      stopping: stopping.signal,
      version: '0',
    })
  }

  async function* interrupted(key: string, content: AsyncIterable<string | Uint8Array>) {
    parts = 0
    for await (const part of content) {
      yield part
      parts += 1
      if (parts !== 3 || !interrupt) continue
      const act = interrupt
      interrupt = undefined
      await act(key)
    }
  }

  async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
    const url = `/_sandport/sandboxes${path}`
    const answer = await app.inject({ method, url, ...(body && { payload: body }) })
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
  }

  /** The path of an export in a sandbox with many memories, which has yet to be rendered. */
  async function processingExport(format: string): Promise<{ own: string; path: string }> {
    const { body: sandbox } = await call('POST', '', { data: { memsolus: { memories: { count: MANY } } } })
    const own = `/${sandbox.id}`
    const behavior = { hold: 'PROCESSING' }
    const { body: job } = await call('POST', `${own}/memsolus/exports`, { status: 'PROCESSING', format, behavior })
    return { own, path: `${own}/memsolus/exports/${job.id}` }
  }

  const isCopying = sql`datname = current_database() and query like 'copy (%' and state = 'active'`

  async function countCopying(): Promise<number | undefined> {
    const count = sql`count(*)`.mapWith(Number)
    const [counted] = await database.db.select({ count }).from(sql`pg_stat_activity`).where(isCopying)
    return counted?.count
  }

  it('M-LIFE-5c a connection that is cut fails the render, which leaves no file and is made again', async () => {
    const { path } = await processingExport('json')
    const seen: unknown[] = []
    interrupt = async (key) => {
      seen.push(await countCopying(), await readdir(directory))
      await database.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where ${isCopying}`)
      interrupt = async (next) => {
        expect(next).not.toBe(key)
        seen.push(await readdir(directory))
      }
    }
    const { body } = await call('POST', `${path}/step`)
    const onePart = [expect.stringMatching(/\.part$/)]
    expect(seen).toEqual([1, onePart, onePart])
    expect(body).toMatchObject({ status: 'READY', attempts: 2 })
    const [name = '', ...others] = await readdir(directory)
    expect(others).toEqual([])
    expect(JSON.parse(await readFile(join(directory, name), 'utf8'))).toHaveLength(MANY)
    await rm(join(directory, name))
  }, 60_000)

  it('a snapshot shows what there was when it was first read, whatever comes after', async () => {
    const { db, readSnapshot } = database
    await processingExport('json')
    const all = sql`select 'é' from memsolus.memory`
    const counts = await readSnapshot?.(async (snapshot) => {
      const before = await snapshot.db.$count(sql`memsolus.memory`)
      await db.execute(sql`delete from memsolus.memory`)
      let copied = 0
      for await (const { bytes, fields, count } of snapshot.copyRows(all)) {
        const places = [fields[0], fields[1], fields.length]
        expect(places).toEqual([expect.any(Number), 2, 2 * count])
        expect(bytes.toString('utf8', fields[0], (fields[0] ?? 0) + 2)).toBe('é')
        copied += count
      }
      return { copied, before }
    }, stopping.signal)
    expect(counts).toMatchObject({ before: expect.any(Number), copied: counts?.before })
    expect(counts?.copied).toBeGreaterThanOrEqual(MANY)
    expect(await db.$count(sql`memsolus.memory`)).toBe(0)
  }, 60_000)

  it('M-LIFE-3c the loss of the claim ends the copy where it is next renewed', async () => {
    const { own, path } = await processingExport('csv')
    const now = performance.now.bind(performance)
    interrupt = async () => {
      await call('DELETE', own)
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 5000)
    }
    expect((await call('POST', `${path}/step`)).status).toBe(404)
    vi.restoreAllMocks()
    expect(parts).toBeLessThan(10)
    expect(await readdir(directory)).toEqual([])
    await vi.waitFor(async () => expect(await countCopying()).toBe(0))
  }, 60_000)

  it('a server that stops breaks off the copy, and leaves the export to whoever comes next', async () => {
    const { path } = await processingExport('markdown')
    interrupt = async () => stopping.abort()
    expect((await call('POST', `${path}/step`)).status).toBe(500)
    expect(await readdir(directory)).toEqual([])
    expect((await call('GET', path)).body).toMatchObject({ status: 'PROCESSING', attempts: 0, file: null })
  }, 60_000)
})
