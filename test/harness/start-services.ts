import type { TestProject } from 'vitest/node'
import { ownServices } from './own-services.ts'
import { startServer } from './server.ts'
import { findServices } from './services.ts'

/** One server on Postgres and Redis for all tests of the project, in a database of its own. */
export default async function setup({ provide }: TestProject) {
  const services = await findServices(process.env)
  if (!services) throw new Error('No services to test against')
  const { env, drop } = await ownServices(services, `sandport_test_${process.pid}`)
  const server = await startServer([], env)
  provide('url', server.url)
  return async () => {
    await server.stop()
    await drop()
  }
}
