import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { expect, onTestFinished } from 'vitest'
import { type ServerProcess, startServer } from './server.ts'

/** A server for one test, with which it ends. */
export async function testServer(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const server = await startServer(args, env)
  onTestFinished(async () => {
    await server.stop('SIGKILL')
  })
  return server
}

/** An empty directory for one test, with which it goes. */
export async function testDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'sandport-test-')))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The files of a data directory, whole and half written. */
export function filesIn(directory: string): Promise<string[]> {
  return readdir(join(directory, 'files'))
}

/** Waits until a render has written a part of its file. Answers how the file is called until it is whole. */
export async function untilHalfWritten(directory: string): Promise<string> {
  let found: string | undefined
  const look = async () => {
    const sizeOf = (name: string) => stat(join(directory, 'files', name)).then(({ size }) => size)
    for (const name of await filesIn(directory)) {
      if (name.endsWith('.part') && (await sizeOf(name).catch(() => 0)) > 0) found = name
    }
    return found
  }
  await expect.poll(look, { interval: 5, timeout: 30_000 }).toBeDefined()
  return found ?? ''
}

/** The files that the database of a data directory knows of, once its server has ended. */
export async function filesKnownIn(directory: string): Promise<string[]> {
  const database = await PGlite.create({ dataDir: join(directory, 'database') })
  const { rows } = await database.query<{ key: string }>('select key from sandport.stored_file order by key')
  await database.close()
  return rows.map(({ key }) => key)
}

type Call = { method?: string; headers?: Record<string, string>; body?: unknown }

/** One request to any server; no status is an error. */
export async function ask<T = Record<string, unknown>>(
  url: string,
  { method = 'GET', headers = {}, body }: Call = {},
): Promise<{ status: number; text: string; body: T }> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    headers: { ...json, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : text) as T }
}

/** Whether a server takes new connections. */
export function isListening(url: string): Promise<boolean> {
  return fetch(`${url}/_sandport/health`).then(
    () => true,
    () => false,
  )
}
