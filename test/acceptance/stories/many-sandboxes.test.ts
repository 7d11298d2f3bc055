import { expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const MANY = 200
/** So many calls at a time keep the server busy, and let those of other tests come between. */
const AT_ONCE = 16

/**
 * One client's test: its own data, clock, faults and exports; everything it sees is a function of `nth`. The others take
 * their turns at each `yield`.
 */
async function* story(nth: number) {
  const now = new Date(Date.UTC(2026, 0, 1) + nth * 86_400_000).toISOString()
  const sandbox = await testSandbox({ seed: nth % 5, clock: { now, frozen: true } })
  yield
  const runs = Array.from({ length: 1 + (nth % 7) }, (_, run) => ({ runId: `r${nth}-${run}`, status: 'completed' }))
  await sandbox.addRuns({ items: runs })
  yield
  await sandbox.addMemories({ items: [{ id: `m${nth}`, user_id: `u${nth}`, created_at: now }] })
  yield
  const script = { operation: 'syft.exportRuns', steps: [{ respond: { status: 503 }, times: nth % 3 || 1 }] }
  await sandbox.control('POST', '/scripts', script)
  yield

  const statuses: number[] = []
  for (let page = 0; page < 4; page++) {
    statuses.push((await sandbox.syft.page({ limit: 2 })).status)
    yield
  }
  const { items } = await sandbox.syft.all({ limit: 2 })
  yield
  const created = await sandbox.memsolus.create({ user_id: `u${nth}` })
  yield
  await sandbox.advance('0s')
  yield
  const file = await sandbox.memsolus.download(created.body.id)
  yield
  const { body: advanced } = await sandbox.advance(`${72 + nth}h`)
  yield
  const gone = await sandbox.memsolus.download(created.body.id)
  yield
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

it(`${MANY} sandboxes used at once never disturb each other`, { timeout: 120_000 }, async () => {
  const found: unknown[] = []
  const waiting = Array.from({ length: MANY }, (_, nth) => ({ nth, story: story(nth) }))
  const takeTurns = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { done, value } = await next.story.next()
      if (done) found[next.nth] = value
      else waiting.push(next)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns))
  expect(found).toHaveLength(MANY)
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
})
