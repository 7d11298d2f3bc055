import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
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
