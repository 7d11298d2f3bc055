import type { TestProject } from 'vitest/node'
import { startServer } from './server.ts'

/** One embedded server for all tests of the project, each of which has a sandbox of its own. */
export default async function setup({ provide }: TestProject) {
  const server = await startServer()
  provide('urls', [server.url])
  return async () => {
    await server.stop()
  }
}
