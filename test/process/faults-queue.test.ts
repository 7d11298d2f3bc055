import { spawnSync } from 'node:child_process'
import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import { ownRedis } from '../harness/own-redis.ts'
import { databaseOf, holdRenders, lapseClaims, PATIENCE } from '../harness/renders.ts'
import type { SandboxView } from '../harness/sandbox.ts'
import { workerWithout } from '../harness/unprotected.ts'

const services = inject('services')
const hasRedis = spawnSync('redis-server', ['--version']).status === 0

type Client = ReturnType<typeof clientOf>

/** Those of some exports that are not READY. */
async function unfinished(client: Client, ids: readonly string[]): Promise<string[]> {
  const statuses = await Promise.all(ids.map((id) => client.status(id)))
  return ids.filter((_, index) => statuses[index] !== 'READY')
}

/** An API has taken in an export, could not tell the queue, and was killed; there is another API. */
async function killedBeforeEnqueue() {
  const { env, redis, start } = await testCluster(services)
  const direct = { REDIS_URL: env.REDIS_URL }
  const [killed, client] = [await start('api'), clientOf(await start('api', direct))]
  redis.cut()
  const { status, body } = await clientOf(killed).create()
  expect(status).toBe(202)
  await expect.poll(killed.log, PATIENCE).toContain('export not queued')
  await killed.stop('SIGKILL')
  return { env, client, id: body.id, startWorker: (main?: string) => start('worker', direct, main) }
}

describe.runIf(services)('what the queue was not told of, or has lost, is rendered', { timeout: 120_000 }, () => {
  it.runIf(hasRedis)('when Redis comes back with nothing in it: each export is READY', async () => {
    const redis = await ownRedis()
    const { env, start } = await testCluster(services && { ...services, redisUrl: redis.url })
    const api = await start('api')
    const client = clientOf(api)
    const worker = await start('worker')
    const { untilHeld, letGo } = await holdRenders(env)
    const created = await Promise.all(Array.from({ length: 12 }, () => client.create()))
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([202]))
    const ids = created.map(({ body }) => body.id)
    // As many as a worker renders at once are under way, and the others wait in the queue.
    await untilHeld(4)
    await redis.restart()
    for (const process of [api, worker]) {
      const health = async () => (await clientOf(process).control('GET', '/health')).status
      await expect.poll(health, PATIENCE).toBe(200)
    }
    await letGo()
    await lapseClaims(databaseOf(env))
    await expect.poll(() => unfinished(client, ids), PATIENCE).toEqual([])
  })

  it('when Redis is away: requests are answered, and the reconciler goes on trying until it is back', async () => {
    const { redis, start } = await testCluster(services)
    const client = clientOf(await start('api'))
    const worker = await start('worker')
    redis.cut()
    const created = await Promise.all(Array.from({ length: 5 }, () => client.create()))
    expect(created.map(({ status }) => status)).toEqual(created.map(() => 202))
    const [{ body } = { body: { id: '' } }] = created
    const tries = () =>
      worker
        .log()
        .split('\n')
        .filter((line) => line.includes('not queued') && line.includes(body.id))
    await expect.poll(() => tries().length, { timeout: 15_000 }).toBeGreaterThan(1)
    redis.mend()
    const ids = created.map((answer) => answer.body.id)
    await expect.poll(() => unfinished(client, ids), PATIENCE).toEqual([])
  })

  it('when the API was killed between the commit and the queue: another process finds the export', async () => {
    const { client, id, startWorker } = await killedBeforeEnqueue()
    await startWorker()
    await expect.poll(() => unfinished(client, [id]), PATIENCE).toEqual([])
  })

  it('and is seen to be left behind where nobody reconciles', async () => {
    const { env, client, id, startWorker } = await killedBeforeEnqueue()
    await startWorker(await workerWithout('reconciler'))
    // In one turn, what has expired is removed after what is due was looked for.
    const { body: expiring } = await client.control<SandboxView>('POST', '/sandboxes', { ttl: '1s' })
    const sql = databaseOf(env)
    const isThere = async () => (await sql`select 1 from sandport.sandbox where id = ${expiring.id}`).length > 0
    await expect.poll(isThere, PATIENCE).toBe(false)
    const { body: queued } = await client.create()
    await expect.poll(() => unfinished(client, [queued.id]), PATIENCE).toEqual([])
    expect(await unfinished(client, [id])).toEqual([id])
  })
})
