import type { TestProject } from 'vitest/node'
import { ownServices } from './own-services.ts'
import { startRole } from './server.ts'
import { findServices } from './services.ts'

/** Two APIs and two workers on Postgres and Redis for all tests of the project, in a database of their own. */
export default async function setup({ provide }: TestProject) {
  const services = await findServices(process.env)
  if (!services) throw new Error('No services to test against')
  const { env, drop } = await ownServices(services, `sandport_test_${process.pid}`)
  const roles = ['api', 'api', 'worker', 'worker'] as const
  const processes = await Promise.all(roles.map((role) => startRole(role, { LOG_LEVEL: 'info', ...env })))
  const [one, other] = processes
  provide('urls', [one?.url ?? '', other?.url ?? ''])
  return async () => {
    await Promise.all(processes.map((each) => each.stop()))
    await drop()
  }
}
