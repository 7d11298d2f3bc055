import { describe, expect, inject, it, vi } from 'vitest'
import { testCluster } from '../harness/cluster.ts'
import { testServer } from '../harness/process.ts'
import { testSandbox } from '../harness/sandbox.ts'
import { testAgainst } from '../harness/url.ts'

const services = inject('services')

const MANY = 200

/** One client's test: its own data, clock, faults and exports; everything it sees is a function of `nth`. */
async function story(nth: number) {
  const now = new Date(Date.UTC(2026, 0, 1) + nth * 86_400_000).toISOString()
  const sandbox = await testSandbox({ seed: nth % 5, clock: { now, frozen: true } })
  const runs = Array.from({ length: 1 + (nth % 7) }, (_, run) => ({ runId: `r${nth}-${run}`, status: 'completed' }))
  await sandbox.addRuns({ items: runs })
  await sandbox.addMemories({ items: [{ id: `m${nth}`, user_id: `u${nth}`, created_at: now }] })
  const script = { operation: 'syft.exportRuns', steps: [{ respond: { status: 503 }, times: nth % 3 || 1 }] }
  await sandbox.control('POST', '/scripts', script)

  const statuses: number[] = []
  for (let page = 0; page < 4; page++) statuses.push((await sandbox.syft.page({ limit: 2 })).status)
  const { items } = await sandbox.syft.all({ limit: 2 })
  const created = await sandbox.memsolus.create({ user_id: `u${nth}` })
  await sandbox.advance('0s')
  const file = await sandbox.memsolus.download(created.body.id)
  const { body: advanced } = await sandbox.advance(`${72 + nth}h`)
  const gone = await sandbox.memsolus.download(created.body.id)
  const { body: list } = await sandbox.memsolus.list()
  return {
    statuses,
    runIds: items.map(({ runId }) => runId).toSorted(),
    memories: (JSON.parse(file.text) as { id: string }[]).map(({ id }) => id),
    hours: (Date.parse(advanced.now) - Date.parse(now)) / 3_600_000,
    gone: gone.status,
    exports: list.meta.total,
  }
}

async function expectUndisturbed(): Promise<void> {
  const found = await Promise.all(Array.from({ length: MANY }, (_, nth) => story(nth)))
  const faults = (nth: number) => nth % 3 || 1
  expect(found).toEqual(
    found.map((_, nth) => ({
      statuses: [...Array(faults(nth)).fill(503), ...Array(4 - faults(nth)).fill(200)],
      runIds: Array.from({ length: 1 + (nth % 7) }, (_run, run) => `r${nth}-${run}`).toSorted(),
      memories: [`m${nth}`],
      hours: 72 + nth,
      gone: 410,
      exports: 1,
    })),
  )
}

// On servers of their own: so many calls at once would keep the tests of others waiting.
describe(`${MANY} sandboxes used at once never disturb each other`, { timeout: 240_000 }, () => {
  it('embedded', async () => {
    // It is used for long enough for code that is optimized to pay.
    vi.stubEnv('TEST_V8_FLAGS', undefined)
    testAgainst((await testServer()).url)
    await expectUndisturbed()
  })

  it.runIf(services)('with two APIs and two workers', async () => {
    const { start } = await testCluster(services)
    const [one, other] = [await start('api'), await start('api'), await start('worker'), await start('worker')]
    testAgainst(one.url, other.url)
    await expectUndisturbed()
  })
})
