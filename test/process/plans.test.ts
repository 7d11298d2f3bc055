import postgres from 'postgres'
import { describe, expect, inject, it } from 'vitest'
import { testCluster } from '../harness/cluster.ts'
import { ask } from '../harness/process.ts'
import type { Export, Page } from '../harness/sandbox.ts'

const services = inject('services')
const MANY = 20_000
const syft = { authorization: 'Bearer sk_live_demo' }
const memsolus = { 'x-api-key': 'msk_live_demo' }

describe.runIf(services)('Postgres reads by index', () => {
  it('whatever a client asks: no table of data is ever read through', { timeout: 120_000 }, async () => {
    const { env, all } = await testCluster(services)
    const server = await all(['--role', 'api', '--runs', `${MANY}`, '--memories', `${MANY}`])
    const sql = postgres(env.DATABASE_URL, { max: 1 })
    // Many rows at once are analyzed with their insertion.
    const scans = async () => {
      const rows = await sql<
        { name: string; scans: number }[]
      >`select schemaname || '.' || relname as name, seq_scan::int as scans
        from pg_stat_user_tables where schemaname in ('syft', 'memsolus') order by 1`
      return new Map(rows.map(({ name, scans: count }) => [name, count]))
    }
    await settled()
    const before = await scans()

    const page = async (query: string) =>
      (await ask<Page>(`${server.url}/api/motion/demo/export?${query}`, { headers: syft })).body
    for (const status of ['completed', 'failed', 'in_progress', 'no_such']) {
      for (const order of ['asc', 'desc']) {
        const first = await page(`status=${status}&order=${order}&fields=updatedAt`)
        const cursor = first.nextCursor ?? ''
        await page(`status=${status}&order=${order}&fields=updatedAt&cursor=${cursor}`)
        const at = first.items.at(-1)?.updatedAt ?? '2025-12-20T00:00:00Z'
        for (const since of ['2025-12-31T23:59:59Z', at, '2025-01-01T00:00:00Z']) {
          await page(`status=${status}&order=${order}&since=${since}`)
          await page(`status=${status}&order=${order}&since=${since}&until=2025-12-31T23:00:00Z&cursor=${cursor}`)
        }
      }
    }
    const created: string[] = []
    for (const query of [
      '',
      '?user_id=user_ada&priority=HIGH&categories=food,work&format=csv',
      '?created_after=2025-12-30',
    ]) {
      const { body } = await ask<Export>(`${server.url}/v1/exports${query}`, { method: 'POST', headers: memsolus })
      created.push(body.id)
    }
    await ask(`${server.url}/v1/exports?page=2&page_size=1`, { headers: memsolus })
    for (const id of created) {
      await ask(`${server.url}/v1/exports/${id}`, { headers: memsolus })
      await ask(`${server.url}/v1/exports/${id}/download`, { headers: memsolus })
    }
    // What a connection has counted is told at the latest when it ends.
    await server.stop()
    await settled()
    const after = await scans()
    await sql.end()
    // Of few rows, reading all is the quickest way.
    const large = ['syft.run', 'syft.account', 'syft.contact', 'syft.session', 'memsolus.memory']
    for (const name of large) expect([name, after.get(name)]).toEqual([name, before.get(name)])

    async function settled(): Promise<void> {
      await sql`select pg_stat_force_next_flush()`
      await sql`select pg_stat_clear_snapshot()`
    }
  })
})
