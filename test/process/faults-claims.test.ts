import { readdir } from 'node:fs/promises'
import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import type { ExportView } from '../harness/memsolus.ts'
import { databaseOf, expectWhole, holdRenders, lapseClaims, PATIENCE, untilRendering } from '../harness/renders.ts'
import type { SandboxView } from '../harness/sandbox.ts'
import { workerWithout } from '../harness/unprotected.ts'

const services = inject('services')
const own = '/sandboxes/default'
const MEMORIES = 300

type Client = ReturnType<typeof clientOf>
const view = async (client: Client, id: string) =>
  (await client.control<ExportView>('GET', `${own}/memsolus/exports/${id}`)).body

/**
 * A worker has stalled with an export of one memory half rendered, and the sandbox has been put back into a state in which
 * the export is held and there are all memories.
 */
async function stalledOverRestore(main?: string) {
  const { env, start } = await testCluster(services)
  const client = clientOf(await start('api'))
  const stalled = await start('worker', {}, main)
  await client.control('PUT', `${own}/memsolus/behavior`, { hold: 'PROCESSING' })
  const { body } = await client.create()
  await expect.poll(() => client.status(body.id), PATIENCE).toBe('PROCESSING')
  await client.control('POST', `${own}/snapshots`, { name: 'whole' })
  await databaseOf(env)`delete from memsolus.memory where id <> (select min(id) from memsolus.memory)
    and sandbox_id = (select id from sandport.sandbox where kind = 'live')`
  const { untilHeld, letGo } = await holdRenders(env)
  await client.control('POST', `${own}/memsolus/exports/${body.id}/release`)
  await untilHeld()
  stalled.pause()
  await letGo()
  expect((await client.control('POST', `${own}/snapshots/whole/restore`)).status).toBe(200)
  const [half] = await readdir(env.FILES_URL)
  stalled.goOn()
  // It is done with it when half a file has become a whole one, or none.
  await expect.poll(() => readdir(env.FILES_URL), PATIENCE).not.toContain(half)
  return { env, client, id: body.id, stalled }
}

/** What is wrong with an export that is held since the restore. */
async function violations({ client, id }: Awaited<ReturnType<typeof stalledOverRestore>>): Promise<string[]> {
  const { attempts } = await view(client, id)
  const status = await client.status(id)
  return [
    ...(status === 'PROCESSING' ? [] : [`held, and yet ${status}`]),
    ...(attempts === 0 ? [] : [`${attempts} tries before it was released`]),
  ]
}

/** More than can pass on a connection until a claim has lapsed. */
const MANY = 20_000
/** More than any connection needs but that of a render. */
const ENOUGH = 1_000_000
const A_FEW = 20_000

/** A render is slow, and goes on all the time until its first claim has lapsed and the reconciler has looked for such. */
async function renderedPastItsClaim(main?: string) {
  const { env, database, start, all } = await testCluster(services)
  const client = clientOf(await all(['--role', 'api', '--memories', `${MANY}`]))
  const first = await start('worker', {}, main)
  let passed = ENOUGH
  database.passUpTo(passed)
  const { body } = await client.create()
  await untilRendering(env.FILES_URL)
  // In one turn, what has expired is removed after what is due was looked for.
  const { body: expiring } = await client.control<SandboxView>('POST', '/sandboxes', { ttl: '9s' })
  const sql = databaseOf(env)
  await sql`update memsolus.export_job set claim_until = sandbox.expires_at - interval '1 second'
    from sandport.sandbox where sandbox.id = ${expiring.id}`
  await start('worker')
  const isThere = async () => {
    passed += A_FEW
    database.passUpTo(passed)
    return (await sql`select 1 from sandport.sandbox where id = ${expiring.id}`).length > 0
  }
  await expect.poll(isThere, PATIENCE).toBe(false)
  const letPass = () => database.passUpTo(Number.POSITIVE_INFINITY)
  const attempts = async () => (await view(client, body.id)).attempts
  return { expected: { directory: env.FILES_URL, memories: MANY }, client, id: body.id, first, letPass, attempts }
}

describe.runIf(services)('a render that takes longer than a claim stands', { timeout: 120_000 }, () => {
  it('keeps its claim, and nobody else begins it; where it is not renewed, that is seen to happen', async () => {
    const [kept, lapsed] = await Promise.all([
      renderedPastItsClaim(),
      workerWithout('renewal').then((main) => renderedPastItsClaim(main)),
    ])
    expect([await kept.client.status(kept.id), await kept.attempts()]).toEqual(['PROCESSING', 1])
    kept.letPass()
    await expectWhole(kept.client, kept.id, kept.expected)
    expect(await kept.attempts()).toBe(1)

    await expect.poll(lapsed.attempts, PATIENCE).toBe(2)
    lapsed.letPass()
    await expect.poll(lapsed.first.log, PATIENCE).toContain('Lost the claim')
  })
})

describe.runIf(services)('a render that is no longer anybody’s', { timeout: 120_000 }, () => {
  it('of a worker that stalled and wakes up when another one has finished: one file, whole', async () => {
    const { env, start } = await testCluster(services)
    const client = clientOf(await start('api'))
    const stalled = await start('worker')
    const { untilHeld, letGo } = await holdRenders(env)
    const { body } = await client.create()
    await untilHeld()
    stalled.pause()
    await letGo()
    await start('worker')
    await lapseClaims(databaseOf(env))
    const expected = { directory: env.FILES_URL, memories: MEMORIES }
    await expectWhole(client, body.id, expected)
    const finished = await view(client, body.id)
    stalled.goOn()
    await expect.poll(stalled.log, PATIENCE).toContain('Lost the claim')
    await expectWhole(client, body.id, expected)
    expect(await view(client, body.id)).toEqual(finished)
    expect(finished.attempts).toBe(2)
  })

  it('of a worker that hangs in it and goes on when another one is at it: the other one’s file', async () => {
    const { env, start } = await testCluster(services)
    const client = clientOf(await start('api'))
    const [first, second] = [await start('worker'), await start('worker')]
    const { untilHeld, letGo } = await holdRenders(env)
    const { body } = await client.create()
    await untilHeld()
    await lapseClaims(databaseOf(env))
    await untilHeld(2)
    await letGo()
    await expectWhole(client, body.id, { directory: env.FILES_URL, memories: MEMORIES })
    const logs = () => first.log() + second.log()
    await expect.poll(logs, PATIENCE).toContain('Lost the claim')
    expect(await view(client, body.id)).toMatchObject({ status: 'READY', attempts: 2 })
  })

  it('as the sandbox was restored: it is thrown away, and what is rendered then is of the state restored', async () => {
    const restored = await stalledOverRestore()
    expect(await violations(restored)).toEqual([])
    const { env, client, id } = restored
    await client.control('POST', `${own}/memsolus/exports/${id}/release`)
    await expectWhole(client, id, { directory: env.FILES_URL, memories: MEMORIES })
    expect((await view(client, id)).attempts).toBe(1)
  })

  it('is seen to become READY where the claim is not asked for', async () => {
    const restored = await stalledOverRestore(await workerWithout('claim'))
    await expect.poll(() => violations(restored), PATIENCE).toContain('held, and yet READY')
  })

  it.each([
    ['reset', (client: Client) => client.control('POST', `${own}/reset`)],
    ['deleted', (client: Client) => client.control('DELETE', own)],
  ])('as the sandbox was %s: nothing of it is left, and the worker is well', async (_name, change) => {
    const { env, start } = await testCluster(services)
    const client = clientOf(await start('api'))
    const stalled = await start('worker')
    const { untilHeld, letGo } = await holdRenders(env)
    await client.create()
    await untilHeld()
    stalled.pause()
    await letGo()
    await untilRendering(env.FILES_URL)
    expect((await change(client)).status).toBeLessThan(300)
    stalled.goOn()
    await expect.poll(() => readdir(env.FILES_URL), PATIENCE).toEqual([])
    const sql = databaseOf(env)
    await expect.poll(async () => (await sql`select key from sandport.stored_file`).length, PATIENCE).toBe(0)
    expect((await clientOf(stalled).control('GET', '/health')).status).toBe(200)
  })
})
