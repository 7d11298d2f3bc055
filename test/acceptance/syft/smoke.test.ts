import { expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

it('S-PAGE-5 following nextCursor gives every run once, in order', async () => {
  const { syft, addRuns } = await testSandbox()
  await addRuns({
    count: 25,
    status: 'completed',
    createdAt: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
  })
  const { items, pages } = await syft.all({ limit: 7 })
  expect(pages.map((page) => page.items.length)).toEqual([7, 7, 7, 4])
  expect(items.map((item) => item.createdAt)).toEqual(items.map((item) => item.createdAt).toSorted())
})

it('M-LIFE-2 gone after 72 hours', async () => {
  const { memsolus, advance } = await testSandbox({ data: { memsolus: { memories: { count: 20 } } } })
  const ready = await memsolus.finished({ format: 'csv' })
  expect(ready.status).toBe('READY')
  expect((await memsolus.download(ready.id)).status).toBe(200)
  await advance('72h')
  expect((await memsolus.download(ready.id)).body.error).toBe('EXPORT_EXPIRED')
})
