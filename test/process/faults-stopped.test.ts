import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import type { Memory } from '../harness/memsolus.ts'
import { databaseOf, lapseClaims, PATIENCE } from '../harness/renders.ts'
import type { SandboxView } from '../harness/sandbox.ts'
import type { RoleProcess } from '../harness/server.ts'
import { apiWithout } from '../harness/unprotected.ts'

const services = inject('services')
/** What a client is not to see of the inside. */
const INTERNAL = /ECONN|CONNECT|postgres|select |at .*\.js/i

/** A cluster whose processes each have a name of their own in Postgres. */
async function namedCluster() {
  const { env, database, start } = await testCluster(services)
  const [holder, sql] = [databaseOf(env), databaseOf(env)]
  /** Whether a process has locked a sandbox, and then waits for another lock, or Postgres for the process. */
  const hasLocked = async (name: string, waitsFor: 'Lock' | 'Client') => {
    const found = await sql`select 1 from pg_locks join pg_stat_activity using (pid)
      where application_name = ${name} and wait_event_type = ${waitsFor}
        and relation = 'sandport.sandbox'::regclass and mode = 'RowExclusiveLock'`
    return found.length > 0
  }
  return {
    sql,
    start: (role: 'api' | 'worker', name: string, main?: string) =>
      start(role, { DATABASE_URL: `${database.url}?application_name=${name}` }, main),
    hasLocked,
    /**
     * Holds a lock, and answers how to stop processes, by those names, that wait for it with a sandbox locked: then they are
     * let have it, and Postgres waits for them.
     */
    async hold(lock: string) {
      await holder.unsafe(`begin; ${lock}`)
      return async (processes: Record<string, Pick<RoleProcess, 'pause'>>): Promise<void> => {
        for (const [name, process] of Object.entries(processes)) {
          await expect.poll(() => hasLocked(name, 'Lock'), PATIENCE).toBe(true)
          process.pause()
        }
        await holder.unsafe('commit')
        for (const name of Object.keys(processes)) {
          await expect.poll(() => hasLocked(name, 'Client'), PATIENCE).toBe(true)
        }
      }
    },
  }
}

/** An API, and a sandbox that is written to through it alone until it is stopped. */
async function apiWithSandbox({ start }: Awaited<ReturnType<typeof namedCluster>>, name: string, main?: string) {
  const process = await start('api', name, main)
  const client = clientOf(process)
  const { body: sandbox } = await client.control<SandboxView>('POST', '/sandboxes', {})
  const memories = `/sandboxes/${sandbox.id}/memsolus/memories`
  return {
    process,
    client,
    /** Writes a memory, which needs the lock of the sandbox. */
    write: (through = client) => through.control('POST', memories, {}),
    count: async () => (await client.control<{ items: Memory[] }>('GET', memories)).body.items.length,
  }
}

describe.runIf(services)('a process that is stopped over a sandbox that it has locked', { timeout: 180_000 }, () => {
  // All of it waits the quarter of a minute once.
  it('loses the lock, and recovers when it goes on; where either is taken out, it is seen not to', async () => {
    const cluster = await namedCluster()
    const { sql, start, hasLocked, hold } = cluster
    const other = clientOf(await start('api', 'other'))
    const api = await apiWithSandbox(cluster, 'api')
    const holding = await apiWithSandbox(cluster, 'holding', await apiWithout('idleTimeout'))
    const broken = await apiWithSandbox(cluster, 'broken', await apiWithout('lostTransaction'))
    const { body: waiting } = await other.create()

    const stopApis = await hold('lock table memsolus.memory in access exclusive mode')
    const writes = [api.write(), holding.write(), broken.write().catch(() => undefined)] as const
    await stopApis({ api: api.process, holding: holding.process, broken: broken.process })
    // So that the reconciler does not put the export in the queue once more.
    await sql`update memsolus.export_job set woken_at = clock_timestamp()`
    const stopWorker = await hold('select 1 from memsolus.export_job for update')
    const worker = await start('worker', 'worker')
    await stopWorker({ worker })

    const held = holding.write(other)
    const others = await Promise.all([api.write(other), broken.write(other), other.create()])
    expect(others.map(({ status }) => status)).toEqual([201, 201, 202])
    expect(await hasLocked('holding', 'Client')).toBe(true)

    for (const { process } of [api, holding, broken, { process: worker }]) process.goOn()
    const { status, text } = await writes[0]
    expect(status).toBe(500)
    expect(text).not.toMatch(INTERNAL)
    expect((await api.write()).status).toBe(201)
    expect(await api.count()).toBe(2)
    await lapseClaims(sql)
    await expect.poll(() => other.status(waiting.id), PATIENCE).toBe('READY')
    for (const { url } of [api.process, worker]) {
      expect((await clientOf({ url }).control('GET', '/health')).status).toBe(200)
    }
    expect([(await writes[1]).status, (await held).status]).toEqual([201, 201])
    await expect.poll(broken.process.log, PATIENCE).toContain('TypeError: Cannot read properties of null')
  })
})
