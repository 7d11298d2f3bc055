import type { TestProject } from 'vitest/node'
import { startBalancer } from './balancer.ts'
import { ownServices } from './own-services.ts'
import { startRole } from './server.ts'
import { findServices } from './services.ts'
import { startStore } from './store.ts'

/** Two APIs and two workers on Postgres, Redis and S3 for all tests of the project; database and bucket are their own. */
export default async function setup({ provide }: TestProject) {
  const services = await findServices(process.env)
  if (!services) throw new Error('No services to test against')
  const { env: own, drop } = await ownServices(services, `sandport_test_${process.pid}`)
  const store = await startStore()
  const balancer = await startBalancer()
  const roles = ['api', 'api', 'worker', 'worker'] as const
  const env = { ...own, ...store.env, PUBLIC_URL: balancer.url }
  const processes = await Promise.all(roles.map((role) => startRole(role, env)))
  const [one = '', other = ''] = processes.map(({ url }) => url)
  balancer.to([one, other])
  provide('urls', [one, other])
  return async () => {
    balancer.close()
    await Promise.all(processes.map((each) => each.stop()))
    await store.stop()
    await drop()
  }
}
