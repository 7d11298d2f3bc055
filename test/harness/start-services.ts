import type { TestProject } from 'vitest/node'
import { startBalancer } from './balancer.ts'
import { ownServices } from './own-services.ts'
import { startRole } from './server.ts'
import { findServices } from './services.ts'

/** Two APIs and two workers on Postgres and Redis for all tests of the project, in a database of their own. */
export default async function setup({ provide }: TestProject) {
  const services = await findServices(process.env)
  if (!services) throw new Error('No services to test against')
  const { env, drop } = await ownServices(services, `sandport_test_${process.pid}`)
  const balancer = await startBalancer()
  const roles = ['api', 'api', 'worker', 'worker'] as const
  const processes = await Promise.all(roles.map((role) => startRole(role, { PUBLIC_URL: balancer.url, ...env })))
  const [one = '', other = ''] = processes.map(({ url }) => url)
  balancer.to([one, other])
  provide('urls', [one, other])
  return async () => {
    balancer.close()
    await Promise.all(processes.map((each) => each.stop()))
    await drop()
  }
}
