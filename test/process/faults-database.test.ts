import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import { expectWhole, holdRenders, PATIENCE, untilRendering } from '../harness/renders.ts'

const services = inject('services')
const MEMORIES = 300
/** What a client is not to see of the inside. */
const INTERNAL = /ECONN|CONNECT|postgres|select |at .*\.js/i

describe.runIf(services)('where Postgres is away for long', { timeout: 120_000 }, () => {
  it('requests say so and no more; all that was accepted is READY when it is back, and all are well', async () => {
    const { env, database, start } = await testCluster(services)
    const api = await start('api')
    const worker = await start('worker')
    const client = clientOf(api)
    const { untilHeld, letGo } = await holdRenders(env)
    const { body: rendering } = await client.create()
    await untilRendering(env.FILES_URL)
    await untilHeld()

    database.cut()
    const during = [
      await client.create(),
      await client.create('?format=csv'),
      await client.download(rendering.id),
      await client.control('GET', '/sandboxes/default'),
    ]
    for (const { status, text } of during) {
      expect(status).toBe(500)
      expect(text).not.toMatch(INTERNAL)
    }
    const health = await client.control('GET', '/health')
    expect(health).toMatchObject({ status: 503, body: { status: 'down', database: 'down', queue: 'up', files: 'up' } })
    expect((await client.control('GET', '/health/live')).status).toBe(200)
    // The reconciler has missed turns, and has said so.
    const missed = () => worker.log().split('reconciler failed').length - 1
    await expect.poll(missed, PATIENCE).toBeGreaterThan(2)
    expect((await client.create()).status).toBe(500)

    await letGo()
    database.mend()
    for (const process of [api, worker]) {
      await expect.poll(async () => (await clientOf(process).control('GET', '/health')).status, PATIENCE).toBe(200)
    }
    await expectWhole(client, rendering.id, { directory: env.FILES_URL, memories: MEMORIES })
    const { body: after } = await client.create()
    await expect.poll(() => client.status(after.id), PATIENCE).toBe('READY')
    for (const process of [api, worker]) expect((await clientOf(process).control('GET', '/health')).status).toBe(200)
  })
})
