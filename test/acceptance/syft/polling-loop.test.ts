import { describe, expect, it } from 'vitest'
import { type Item, type Page, request, testSandbox } from '../../harness/sandbox.ts'

/** What the loop is given by whoever copies it. */
type Surroundings = {
  motionId: string
  fetch: (url: string) => Promise<Page>
  loadLastCheckpoint: () => string | undefined
  saveCheckpoint: (timestamp: string | undefined) => void
  processRunItem: (item: Item) => Promise<void>
  sleep: (ms: number) => Promise<void>
}

/** The polling loop of the vendor's page, as it stands there. */
async function pollAsPublished(given: Surroundings) {
  const { motionId, fetch, loadLastCheckpoint, saveCheckpoint, processRunItem, sleep } = given
  let lastTimestamp = loadLastCheckpoint()

  while (true) {
    const url = `/api/motion/${motionId}/export?since=${lastTimestamp}&order=asc`
    // biome-ignore lint/correctness/noUnusedVariables: the page never uses it either
    const { items, nextCursor, hasMore } = await fetch(url)

    for (const item of items) {
      await processRunItem(item)
      lastTimestamp = (item.completedAt as string | null) || item.updatedAt
    }

    if (!hasMore) {
      saveCheckpoint(lastTimestamp)
      await sleep(60000) // Wait 1 minute
    }
  }
}

class Enough extends Error {}

/**
 * Lets the loop run in a sandbox whose clock is frozen until it has slept or asked often enough. While it sleeps the clock
 * moves by as long, and then something may happen.
 */
async function poll(
  sandbox: Awaited<ReturnType<typeof testSandbox>>,
  { from, rounds, meanwhile }: { from?: string; rounds: number; meanwhile?: (round: number) => Promise<unknown> },
) {
  const { motionId, view, advance } = sandbox
  const processed: string[] = []
  const saved: (string | undefined)[] = []
  let asked = 0
  const surroundings: Surroundings = {
    motionId,
    async fetch(url) {
      if (++asked > rounds + 20) throw new Enough()
      return (await request<Page>(url, { headers: { authorization: `Bearer ${view.syft.secretKey}` } })).body
    },
    loadLastCheckpoint: () => from,
    saveCheckpoint: (timestamp) => saved.push(timestamp),
    processRunItem: async ({ runId }) => void processed.push(runId),
    async sleep(ms) {
      if (saved.length === rounds) throw new Enough()
      await advance(`${ms}ms`)
      await meanwhile?.(saved.length)
    },
  }
  const end = await pollAsPublished(surroundings).catch((error: unknown) => error)
  if (!(end instanceof Enough)) throw end
  return { processed, saved, asked }
}

const clock = { now: '2026-01-01T12:00:00Z', frozen: true }
const from = '2026-01-01T00:00:00Z'
const at = (time: string, end = time) => ({
  status: 'completed',
  createdAt: `2026-01-01T${time}Z`,
  updatedAt: `2026-01-01T${end}Z`,
})

describe('the polling loop of the vendor’s page', () => {
  it('S-TIME-1 S-ORDER-1 S-RATE-1 gives each run once where runs end in the order they began, page by page', async () => {
    const sandbox = await testSandbox({ clock })
    const pass = Array.from({ length: 70 }, (_, index) => ({
      runId: `run-${index}`,
      ...at(`11:0${Math.floor(index / 10)}:0${index % 10}`),
    }))
    await sandbox.addRuns({ items: pass })
    const { processed, saved, asked } = await poll(sandbox, {
      from,
      rounds: 4,
      meanwhile: (round) => sandbox.addRuns({ items: [{ runId: `later-${round}`, status: 'completed' }] }),
    })
    expect(processed).toEqual([...pass.map(({ runId }) => runId), 'later-1', 'later-2', 'later-3'])
    expect(saved).toEqual([
      '2026-01-01T11:06:09.000Z',
      '2026-01-01T12:01:00.000Z',
      '2026-01-01T12:02:00.000Z',
      '2026-01-01T12:03:00.000Z',
    ])
    expect(asked).toBe(5)
  })

  it('S-TIME-3 X-TIME-1c fails on its first start, when there is no checkpoint yet', async () => {
    const sandbox = await testSandbox({ clock })
    await expect(poll(sandbox, { rounds: 1 })).rejects.toThrow(/not iterable/)
    const { status, body } = await sandbox.syft.page('since=undefined&order=asc')
    expect([status, body.error]).toEqual([400, "Invalid 'since' timestamp format. Use ISO8601."])
  })

  it('S-ORDER-2c S-TIME-4c gives a run again that ended after one that began later', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({
      items: [
        { runId: 'long', ...at('10:00:00', '11:00:00') },
        { runId: 'short', ...at('10:01:00', '10:02:00') },
      ],
    })
    const { processed } = await poll(sandbox, { from, rounds: 3 })
    expect(processed).toEqual(['long', 'short', 'long'])
  })

  it('S-ORDER-2c S-PAGE-5 loses what ended before the last run of a full page', async () => {
    const sandbox = await testSandbox({ clock })
    const pass = Array.from({ length: 49 }, (_, index) => ({ runId: `run-${index}`, ...at(`10:00:${index + 10}`) }))
    const long = { runId: 'long', ...at('10:30:00', '11:59:00') }
    const missed = { runId: 'missed', ...at('10:31:00', '10:32:00') }
    await sandbox.addRuns({ items: [...pass, long, missed] })
    const { processed } = await poll(sandbox, { from, rounds: 3 })
    expect(processed).toHaveLength(50)
    expect(processed).not.toContain('missed')
    const { items } = await sandbox.syft.all({ since: from, order: 'asc' })
    expect(items.map(({ runId }) => runId)).toContain('missed')
  })

  it('S-PAGE-6c loses what shares its instant with the last run of a full page', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({
      items: Array.from({ length: 60 }, (_, index) => ({ runId: `run-${index}`, ...at('10:00:00') })),
    })
    expect((await poll(sandbox, { from, rounds: 3 })).processed).toHaveLength(50)
    expect((await sandbox.syft.all({ since: from, order: 'asc' })).items).toHaveLength(60)
  })

  it('S-TIME-4c never ends a pass where since is inclusive and a full page has one instant', async () => {
    const sandbox = await testSandbox({ clock, reading: { since: 'inclusive' } })
    await sandbox.addRuns({
      items: Array.from({ length: 51 }, (_, index) => ({ runId: `run-${index}`, ...at('10:00:00') })),
    })
    const { processed, saved, asked } = await poll(sandbox, { from, rounds: 1 })
    expect(saved).toEqual([])
    expect([asked, processed.length, new Set(processed).size]).toEqual([22, 1050, 50])
  })
})
