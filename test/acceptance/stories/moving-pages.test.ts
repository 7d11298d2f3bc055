import { describe, expect, it } from 'vitest'
import { type Item, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'
import { arm, consumed } from '../../harness/scripts.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString()
const completed = (runId: string, created: number, updated: number) => ({
  runId,
  status: 'completed',
  createdAt: at(created),
  updatedAt: at(updated),
})

/** 120 runs in three pages, 60 of them on one instant, across both page boundaries; the last one finished after all others. */
const runs = Array.from({ length: 120 }, (_, nth) => {
  const created = nth < 30 ? nth : Math.max(30, nth - 59)
  return completed(`r${`${nth}`.padStart(3, '0')}`, created, nth === 119 ? 90 : created)
})

/** A sandbox with these runs, in which rows are added, changed and deleted while a client goes through the pages. */
async function moving(): Promise<{ sandbox: TestSandbox; script: string }> {
  const sandbox = await testSandbox({
    clock: { now: at(100), frozen: true },
    data: { syft: { runs: { items: runs } } },
  })
  const script = await arm(sandbox, {
    operation: 'syft.exportRuns',
    steps: [
      {
        then: [
          { insertRuns: { items: [completed('late', 2, 80)] } },
          { updateRuns: { runIds: ['r005'], updatedAt: at(80), triggerReason: 'Changed behind the client' } },
          { deleteRuns: { runIds: ['r003', 'r049'] } },
        ],
      },
      { then: [{ updateRuns: { runIds: ['r060', 'r115'], updatedAt: at(85) } }, { deleteRuns: { runIds: ['r100'] } }] },
    ],
  })
  return { sandbox, script }
}

/** One pass over all pages from a checkpoint. */
const pass = (sandbox: TestSandbox, since: string | undefined) =>
  sandbox.syft.all({ limit: 50, ...(since && { since }) }).then(({ items }) => items)

/** Asks from a while before the newest change that it has seen, and forgets what it has already. */
async function correctClient(sandbox: TestSandbox, seen: Map<string, Item>): Promise<void> {
  let since: string | undefined
  for (let news = true; news; ) {
    news = false
    for (const item of await pass(sandbox, since)) {
      if (seen.get(item.runId)?.updatedAt === item.updatedAt) continue
      seen.set(item.runId, item)
      news = true
    }
    const newest =
      [...seen.values()]
        .map(({ updatedAt }) => updatedAt)
        .toSorted()
        .at(-1) ?? at(0)
    since = new Date(Date.parse(newest) - 60 * 60_000).toISOString()
  }
}

/** Goes on from when the last run of a pass was completed, as the vendor's page does. */
async function pagesClient(sandbox: TestSandbox, seen: Map<string, Item>): Promise<void> {
  let since: string | undefined
  for (let polls = 0; polls < 3; polls++) {
    for (const item of await pass(sandbox, since)) {
      seen.set(item.runId, item)
      since = (item.completedAt as string | null) ?? item.updatedAt
    }
  }
}

type Run = { runId: string; updatedAt: string; version: number }

/** What there is in the end, and which of it the journal says was never served. */
async function truthOf(sandbox: TestSandbox) {
  const { body } = await sandbox.control<{ items: Run[] }>('GET', '/syft/runs?limit=1000')
  const { body: journal } = await sandbox.control<{ items: { exchange: string }[] }>('GET', '/requests')
  const served = new Set<string>()
  for (const { exchange } of journal.items) {
    const { body } = await sandbox.control<{ served: [string, number][] }>('GET', `/requests/${exchange}`)
    for (const [runId, version] of body.served) served.add(`${runId} ${version}`)
  }
  return {
    latest: body.items.map(({ runId, updatedAt }) => [runId, updatedAt]),
    neverServed: body.items
      .filter(({ runId, version }) => !served.has(`${runId} ${version}`))
      .map(({ runId }) => runId),
  }
}

describe('runs that come, change and go while a client reads pages', () => {
  it('S-PAGE-7c S-DATA-1c a client that overlaps has every run at its latest version', async () => {
    const { sandbox, script } = await moving()
    const seen = new Map<string, Item>()
    await correctClient(sandbox, seen)
    const { latest, neverServed } = await truthOf(sandbox)
    expect(latest).toHaveLength(118)
    const kept = new Map(latest.map(([runId]) => [runId, seen.get(runId ?? '')?.updatedAt]))
    expect([...kept]).toEqual(latest)
    expect(neverServed).toEqual([])
    expect(await consumed(sandbox, script)).toEqual([1, 1])
  })

  it('S-PAGE-7c S-DATA-1c one that checkpoints as the page does misses some, and the journal tells which', async () => {
    const { sandbox } = await moving()
    const seen = new Map<string, Item>()
    await pagesClient(sandbox, seen)
    const { latest, neverServed } = await truthOf(sandbox)
    const missed = latest.filter(([runId, updatedAt]) => seen.get(runId ?? '')?.updatedAt !== updatedAt)
    expect(neverServed).toEqual(['late', 'r005', 'r060'])
    expect(missed.map(([runId]) => runId)).toEqual(neverServed)
  })
})
