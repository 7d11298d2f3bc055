import { describe, expect, inject, it } from 'vitest'
import { testCluster } from '../harness/cluster.ts'
import { ask } from '../harness/process.ts'
import type { Export } from '../harness/sandbox.ts'
import { type RoleProcess, runCommand } from '../harness/server.ts'

const services = inject('services')
const key = { 'x-api-key': 'msk_live_demo' }

describe.runIf(services)('several processes on the same services', () => {
  it('start at once on an empty database, and are one server', async () => {
    const { start } = await testCluster(services)
    const [one, other, worker] = await Promise.all([start('api'), start('api'), start('worker'), start('worker')])
    const { body: created } = await ask<Export>(`${one.url}/v1/exports?format=csv`, { method: 'POST', headers: key })
    const status = async ({ url }: RoleProcess) =>
      (await ask<Export>(`${url}/v1/exports/${created.id}`, { headers: key })).body.status
    await expect.poll(() => status(other), { timeout: 20_000 }).toBe('READY')
    expect(await status(one)).toBe('READY')
    const files = await Promise.all(
      [one, other].map(({ url }) => ask(`${url}/v1/exports/${created.id}/download`, { headers: key })),
    )
    expect(new Set(files.map(({ text }) => text)).size).toBe(1)
    expect((await ask(`${worker.url}/_sandport/health`)).body).toMatchObject({ status: 'up' })
    expect(await ask(`${worker.url}/v1/exports`, { headers: key })).toMatchObject({ status: 404 })
  })

  it('keep the default sandbox that is there, with the token that it has', async () => {
    const { start } = await testCluster(services)
    const token = async ({ url }: RoleProcess) =>
      (await ask<{ token: string }>(`${url}/_sandport/sandboxes/default`)).body.token
    const first = await token(await start('api'))
    expect(await token(await start('api'))).toBe(first)
  })

  it('an API alone takes exports in, which a worker that comes later renders', async () => {
    const { start, all } = await testCluster(services)
    const api = await all(['--role', 'api'])
    const { body: created } = await ask<Export>(`${api.url}/v1/exports`, { method: 'POST', headers: key })
    const status = async () => (await ask<Export>(`${api.url}/v1/exports/${created.id}`, { headers: key })).body.status
    expect(created.status).toBe('PENDING')
    await start('worker')
    await expect.poll(status, { timeout: 20_000 }).toBe('READY')
  })

  it('end on SIGTERM with 0, each for itself', async () => {
    const { start } = await testCluster(services)
    const [api, worker] = await Promise.all([start('api'), start('worker')])
    expect(await worker.stop()).toBe(0)
    expect((await ask(`${api.url}/_sandport/health`)).status).toBe(200)
    expect(await api.stop()).toBe(0)
  })
})

it.each([
  [['--role', 'api'], 'a server without a worker needs services that workers share with it'],
  [['--role', 'worker'], 'a worker needs the services of its server: set DATABASE_URL and REDIS_URL.'],
  [['--role', 'worker', '--runs', '5'], '--runs is for the server; a worker makes no data.'],
  [['--role', 'boss'], 'Allowed choices are all, api, worker.'],
])('%s alone is refused', async (args, message) => {
  const { code, stdout, stderr } = await runCommand(['start', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})
