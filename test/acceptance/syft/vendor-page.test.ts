import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type Page, testSandbox } from '../../harness/sandbox.ts'

const run = promisify(execFile)

/** A sandbox with runs of every kind, and what a command of the page prints there. */
async function pageSandbox() {
  const sandbox = await testSandbox({ data: { syft: { runs: { count: 150 } } } })
  const { syft } = sandbox.view
  /** Runs a command as the page has it; only what stands for the reader's own values is replaced. */
  async function sh(published: string): Promise<Page> {
    const command = published
      .replaceAll('https://app.syftdata.com', syft.baseUrl)
      .replaceAll('{motionId}', sandbox.motionId)
      .replaceAll('sk_live_YOUR_SECRET_KEY', syft.secretKey)
    return JSON.parse((await run('sh', ['-c', command])).stdout)
  }
  return { ...sandbox, sh }
}

describe('the commands of the vendor’s page', () => {
  it('S-AUTH-1 S-PAGE-1 S-PAGE-4 get recent exports', async () => {
    const { sh, syft } = await pageSandbox()
    const page = await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?limit=50" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    expect(page).toMatchObject({ nextCursor: expect.stringMatching(/./), hasMore: true })
    expect(page.items).toHaveLength(50)
    expect(page).toEqual((await syft.page()).body)
  })

  it('S-TIME-1 S-ORDER-1 poll for what is new since the last check', async () => {
    const { sh, addRuns } = await pageSandbox()
    const old = { status: 'completed', createdAt: '2023-12-31T23:00:00Z', updatedAt: '2024-01-01T00:00:00Z' }
    await addRuns({ items: [{ ...old, runId: 'old' }] })
    await addRuns({ items: [{ ...old, runId: 'new', updatedAt: '2024-01-01T00:00:00.001Z' }] })
    const page =
      await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?since=2024-01-01T00:00:00Z&order=asc" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    const instants = page.items.map(({ createdAt }) => createdAt)
    expect(instants).toEqual(instants.toSorted())
    expect(page.items[0]?.runId).toBe('new')
    expect(page.items.filter(({ updatedAt }) => updatedAt <= '2024-01-01T00:00:00.000Z')).toEqual([])
  })

  it('S-STATUS-2 S-ITEM-2 get failed exports', async () => {
    const { sh } = await pageSandbox()
    const page = await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?status=failed" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    expect(page.items.length).toBeGreaterThan(5)
    for (const item of page.items) expect(item).toMatchObject({ status: 'failed', error: expect.stringMatching(/./) })
  })

  it('S-FIELDS-1 get only some fields', async () => {
    const { sh, syft } = await pageSandbox()
    const page =
      await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?fields=status,account,contacts" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    const whole = await syft.page()
    const narrow = whole.body.items.map(({ runId, status, account, contacts }) => ({
      runId,
      status,
      account,
      contacts,
    }))
    expect(page).toEqual({ ...whole.body, items: narrow })
  })

  it('S-PAGE-5 get one page after another', async () => {
    const { sh, syft } = await pageSandbox()
    const first = await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?limit=50" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    const next = `curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?limit=50&cursor=clxxx..." \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`
    const second = await sh(next.replace('clxxx...', first.nextCursor ?? ''))
    const whole = await syft.page({ limit: 100 })
    expect([...first.items, ...second.items]).toEqual(whole.body.items)
  })

  it('S-PAGE-8c refuse the cursor that the page only stands in for', async () => {
    const { sh } = await pageSandbox()
    const page =
      await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?limit=50&cursor=clxxx..." \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
    expect(page).toEqual({ error: 'Invalid cursor.' })
  })
  it('S-AUTH-2 pass the key in the other header', async () => {
    const { sh, syft } = await pageSandbox()
    const page = await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?limit=50" \\
-H "x-syft-secret-key: sk_live_YOUR_SECRET_KEY"`)
    expect(page).toEqual((await syft.page()).body)
  })

  it('S-TIME-1 S-PAGE-5 S-ORDER-1 poll as the page’s four steps say, which lose nothing', async () => {
    const { sh, advance, addRuns } = await pageSandbox()
    let lastTimestamp = '2024-01-01T00:00:00Z'
    const poll = async () => {
      const seen: string[] = []
      let cursor = ''
      let updated = lastTimestamp
      for (let hasMore = true; hasMore; ) {
        const page =
          await sh(`curl -X GET "https://app.syftdata.com/api/motion/{motionId}/export?since=${lastTimestamp}&order=asc${cursor}" \\
-H "Authorization: Bearer sk_live_YOUR_SECRET_KEY"`)
        seen.push(...page.items.map(({ runId }) => runId))
        for (const { updatedAt } of page.items) if (updatedAt > updated) updated = updatedAt
        hasMore = page.hasMore
        cursor = `&cursor=${page.nextCursor}`
      }
      lastTimestamp = updated
      return seen
    }
    const first = await poll()
    expect(first.length).toBeGreaterThan(100)
    expect(new Set(first).size).toBe(first.length)
    expect(await poll()).toEqual([])
    await advance('1m')
    await addRuns({ items: [{ runId: 'later', status: 'completed' }] })
    expect(await poll()).toEqual(['later'])
    expect(await poll()).toEqual([])
  })

  it('S-TIME-3 S-FIELDS-3 S-AUTH-3 S-PLAN-1 S-MOTION-1 S-ERR-1 answer the documented errors', async () => {
    const { syft, control } = await pageSandbox()
    const starter = await control<{ secretKey: string }>('POST', '/syft/organizations', { plan: 'starter' })
    const answerTo = async (...asked: Parameters<typeof syft.page>) => {
      const { status, body } = await syft.page(...asked)
      return [status, body]
    }
    const since = { error: "Invalid 'since' timestamp format. Use ISO8601." }
    expect(await answerTo('since=yesterday')).toEqual([400, since])
    const fields = { error: expect.stringMatching(/^Invalid fields: .*nonsense.* Valid fields: .*runId/) }
    expect(await answerTo('fields=status,nonsense')).toEqual([400, fields])
    expect(await answerTo('', { key: 'sk_live_wrong' })).toEqual([401, { error: 'Unauthorized' }])
    const plan = { error: expect.stringMatching(/^API access requires a Pro plan/) }
    expect(await answerTo('', { key: starter.body.secretKey })).toEqual([403, plan])
    expect(await answerTo('', { motion: 'none' })).toEqual([404, { error: 'Motion not found' }])
  })
})
