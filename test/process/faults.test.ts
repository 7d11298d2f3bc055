import { readdir } from 'node:fs/promises'
import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import type { ExportView } from '../harness/memsolus.ts'
import { expectWhole, holdRenders, PATIENCE, untilRendering } from '../harness/renders.ts'

const services = inject('services')
const MEMORIES = 300

describe.runIf(services)('nothing is lost and the system is well again', { timeout: 360_000 }, () => {
  it('when a worker is killed while it renders: another one renders the export anew', async () => {
    const { env, start } = await testCluster(services)
    const [client, first] = [clientOf(await start('api')), await start('worker')]
    const { untilHeld, letGo } = await holdRenders(env)
    const { body } = await client.create()
    await untilHeld()
    await untilRendering(env.FILES_URL)
    await first.stop('SIGKILL')
    await letGo()
    expect(await client.status(body.id)).toBe('PROCESSING')
    expect((await client.download(body.id)).status).toBe(409)
    await start('worker')
    await expectWhole(client, body.id, { directory: env.FILES_URL, memories: MEMORIES })
  })

  it('when a worker is told to stop while it renders: it gives the export back, at no cost', async () => {
    const { env, start } = await testCluster(services)
    const [client, first] = [clientOf(await start('api')), await start('worker')]
    const { untilHeld, letGo } = await holdRenders(env)
    const { body } = await client.create()
    await untilHeld()
    await untilRendering(env.FILES_URL)
    await start('worker')
    expect(await first.stop('SIGTERM')).toBe(0)
    await letGo()
    await expectWhole(client, body.id, { directory: env.FILES_URL, memories: MEMORIES })
    const { body: view } = await client.control<ExportView>('GET', `/sandboxes/default/memsolus/exports/${body.id}`)
    expect(view.attempts).toBe(1)
  })

  it('when the connections to Postgres break while a render and requests are under way', async () => {
    const { env, database, all } = await testCluster(services)
    const client = clientOf(await all())
    const { untilHeld, letGo } = await holdRenders(env)
    const { body } = await client.create()
    await untilHeld()
    await untilRendering(env.FILES_URL)
    const during = Promise.allSettled(Array.from({ length: 20 }, () => client.create()))
    database.breakAll()
    await letGo()
    const answers = (await during).flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(answers).toHaveLength(20)
    for (const { status, text } of answers) {
      expect([202, 500]).toContain(status)
      expect(text).not.toMatch(/ECONN|postgres|at .*\.js/i)
    }
    const ids = [body.id, ...answers.flatMap((answer) => (answer.status === 202 ? [answer.body.id] : []))]
    for (const id of ids) await expect.poll(() => client.status(id), PATIENCE).toBe('READY')
    expect((await client.control('GET', '/health')).status).toBe(200)
  })

  it('when Redis is away: exports are taken in, are rendered all the same, and health says what is down', async () => {
    const { redis, all } = await testCluster(services)
    const client = clientOf(await all())
    redis.cut()
    const { status, body } = await client.create()
    expect(status).toBe(202)
    const health = await client.control('GET', '/health')
    expect(health).toMatchObject({ status: 503, body: { status: 'down', database: 'up', queue: 'down', files: 'up' } })
    expect((await client.control('GET', '/health/live')).status).toBe(200)
    expect(['PENDING', 'PROCESSING']).toContain(await client.status(body.id))
    redis.mend()
    await expect.poll(() => client.status(body.id), PATIENCE).toBe('READY')
    await expect.poll(async () => (await client.control('GET', '/health')).status, PATIENCE).toBe(200)
  })

  it('when an API is killed while it advances a clock: what is due on the way happens, and the clock arrives', async () => {
    const { env, start } = await testCluster(services)
    const first = await start('api')
    const [before, after] = [clientOf(first), clientOf(await start('api'))]
    await before.control('PUT', '/sandboxes/default/clock', { frozen: true })
    await before.control('PUT', '/sandboxes/default/memsolus/behavior', { pendingFor: '1h', processingFor: '1h' })
    const { body } = await before.create()
    const { body: clock } = await before.control<{ now: string }>('GET', '/sandboxes/default/clock')
    const { untilHeld, letGo } = await holdRenders(env)
    const advance = before.control('POST', '/sandboxes/default/clock/advance', { by: '80h' })
    const broken = expect(advance).rejects.toThrow()
    await untilHeld()
    await untilRendering(env.FILES_URL)
    await first.stop('SIGKILL')
    await broken
    await letGo()
    await start('worker')
    const now = async () => (await after.control<{ now: string }>('GET', '/sandboxes/default/clock')).body.now
    const arrival = new Date(Date.parse(clock.now) + 80 * 3_600_000).toISOString()
    await expect.poll(now, PATIENCE).toBe(arrival)
    expect(await after.status(body.id)).toBe('EXPIRED')
    expect(await readdir(env.FILES_URL)).toEqual([])
  })

  it('when a thousand exports are created at once: each is READY, with a file of its own', async () => {
    const { env, start } = await testCluster(services)
    const [one, other] = (await Promise.all([start('api'), start('api'), start('worker'), start('worker')])).map(
      clientOf,
    )
    if (!one || !other) throw new Error('No APIs')
    const created = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? one : other).create('?user_id=nobody')),
    )
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([202]))
    const sql = postgres(env.DATABASE_URL, { max: 1 })
    const count = async () =>
      (await sql`select status, count(*)::int from memsolus.export_job group by status`).map((row) => ({ ...row }))
    await expect.poll(count, { ...PATIENCE, timeout: 300_000 }).toEqual([{ status: 'READY', count: 1000 }])
    await sql.end()
    expect(await readdir(env.FILES_URL)).toHaveLength(1000)
  })

  it('X-TIME-2c when a host’s clock is an hour off: every process says the same time', async () => {
    const { start } = await testCluster(services)
    const late = `data:text/javascript,${encodeURIComponent(
      'const { now } = Date; Date.now = () => now() + 3_600_000;' +
        'globalThis.Date = class extends Date { constructor(...given) { super(...(given.length ? given : [Date.now()])) } }',
    )}`
    const [right, wrong] = await Promise.all([start('api'), start('api', { NODE_OPTIONS: `--import ${late}` })])
    await start('worker', { NODE_OPTIONS: `--import ${late}` })
    const now = async (process: typeof right) =>
      Date.parse((await clientOf(process).control<{ now: string }>('GET', '/sandboxes/default/clock')).body.now)
    const first = await now(right)
    const second = await now(wrong)
    const third = await now(right)
    expect(first).toBeLessThanOrEqual(second)
    expect(second).toBeLessThanOrEqual(third)
    const client = clientOf(wrong)
    const { body } = await client.create()
    await expect.poll(() => client.status(body.id), PATIENCE).toBe('READY')
  })
})
