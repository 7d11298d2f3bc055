import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-01-10T00:00:00Z', frozen: true }
const run = { runId: 'run', status: 'completed', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' }

describe('a run that is changed', () => {
  it('S-DATA-1c X-TIME-2c is updated now, and comes again to whoever asks since', async () => {
    const { syft, addRuns, control, advance } = await testSandbox({ clock })
    await addRuns({ items: [run] })
    expect((await syft.page({ since: '2026-01-02T00:00:00Z' })).body.items).toEqual([])
    await advance('90s')
    await control('PATCH', '/syft/runs/run', { evaluationSummary: 'changed' })
    const { body } = await syft.page({ since: '2026-01-02T00:00:00Z' })
    expect(body.items).toMatchObject([
      { evaluationSummary: 'changed', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-10T00:01:30.000Z' },
    ])
  })

  it('S-DATA-1c is updated when it is said to be', async () => {
    const { syft, addRuns, control } = await testSandbox({ clock })
    await addRuns({ items: [run] })
    await control('PATCH', '/syft/runs/run', { error: 'late', updatedAt: '2026-01-05T00:00:00Z' })
    const { body } = await syft.page()
    expect(body.items).toMatchObject([{ error: 'late', updatedAt: '2026-01-05T00:00:00.000Z' }])
  })

  it('S-DATA-1c is seen by the next request, also where the page was asked for before', async () => {
    const { syft, addRuns, control } = await testSandbox({ clock })
    await addRuns({ items: [run] })
    for (const evaluationSummary of ['first', 'second', 'third']) {
      await control('PATCH', '/syft/runs/run', { evaluationSummary })
      expect((await syft.page()).body.items).toMatchObject([{ evaluationSummary }])
    }
    await addRuns({ items: [{ ...run, runId: 'other' }] })
    expect((await syft.page()).body.items).toHaveLength(2)
  })
})

describe('a run that is deleted', () => {
  it('S-DATA-1c leaves no trace', async () => {
    const { syft, addRuns, control } = await testSandbox({ clock })
    await addRuns({ items: [run, { ...run, runId: 'other' }] })
    expect((await syft.page()).body.items).toHaveLength(2)
    await control('DELETE', '/syft/runs/run')
    const { items } = (await syft.page()).body
    expect(items.map(({ runId }) => runId)).toEqual(['other'])
    expect((await syft.page({ since: '2026-01-01' })).body.items).toHaveLength(1)
    await control('DELETE', '/syft/runs/other')
    expect((await syft.page()).text).toBe('{"items":[],"nextCursor":null,"hasMore":false}')
  })
})

describe('polling', () => {
  it('S-RATE-1 S-RATE-2c at any pace is answered, and never with 429 or Retry-After', async () => {
    const { syft } = await testSandbox({ clock, data: { syft: { runs: { count: 10, status: 'completed' } } } })
    const answers = await Promise.all(Array.from({ length: 120 }, () => syft.page({ limit: 3 })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.has('retry-after'))).toEqual([])
  })

  it('S-RATE-1 goes from page to page without a pause', async () => {
    const { syft } = await testSandbox({ clock, data: { syft: { runs: { count: 60, status: 'completed' } } } })
    const { items, pages } = await syft.all({ limit: 2 })
    expect([items.length, pages.length]).toEqual([60, 30])
  })
})
