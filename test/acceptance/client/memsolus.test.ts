import { createMemsolusClient, IncompleteDownload } from '@sandport/client'
import { expect, it } from 'vitest'
import { clientsOf, collect } from './clients.ts'

const data = { memsolus: { memories: { count: 40 } } }

it('M-LIFE-1 M-FILE-3c creates, waits and reads the same memories from JSON and CSV', async () => {
  const { memsolus } = await clientsOf({ data })
  const read = async (format: 'json' | 'csv') => {
    const { id } = await memsolus.create({ format })
    const ready = await memsolus.waitUntilReady(id)
    expect(ready).toMatchObject({ id, format, status: 'READY' })
    return memsolus.download(id)
  }
  const fromJson = await (await read('json')).memories()
  expect(fromJson).toHaveLength(40)
  const csv = await read('csv')
  expect(csv).toMatchObject({ format: 'csv', fileName: expect.stringMatching(/\.csv$/), sizeBytes: expect.any(Number) })
  expect(await collect(csv.eachMemory())).toEqual(fromJson)
  const { id } = await memsolus.create({ format: 'markdown' })
  await memsolus.waitUntilReady(id)
  expect(await (await memsolus.download(id)).text()).toMatch(/^# /)
  const bytes = await new Response((await memsolus.download(id)).body).arrayBuffer()
  expect(bytes.byteLength).toBe((await memsolus.download(id)).sizeBytes)
})

it('M-CREATE-2 M-LIST-1 sends filters, and lists every export', async () => {
  const { memsolus } = await clientsOf()
  const created = await memsolus.create({
    user_id: 'u 1',
    priority: 'LOW',
    categories: ['a b', 'c'],
    created_after: new Date('2026-01-01'),
  })
  expect(await memsolus.get(created.id)).toMatchObject({
    user_id: 'u 1',
    priority: 'LOW',
    categories: ['a b', 'c'],
    created_after: '2026-01-01T00:00:00.000Z',
    created_before: null,
  })
  for (let more = 0; more < 4; more += 1) await memsolus.create({ format: 'csv' })
  const { meta, data: newest } = await memsolus.list({ page: 2, pageSize: 2 })
  expect(meta).toEqual({ current_page: 2, per_page: 2, total: 5, last_page: 3 })
  const all = await collect(memsolus.exports({ pageSize: 2 }))
  expect(all).toHaveLength(5)
  expect(all.slice(2, 4).map(({ id }) => id)).toEqual(newest.map(({ id }) => id))
})

it('M-ERR-1 throws the codes of the API', async () => {
  const { memsolus, own } = await clientsOf()
  await own.memsolus.behavior.set({ hold: 'PENDING' })
  const { id } = await memsolus.create()
  await expect(memsolus.download(id)).rejects.toMatchObject({ status: 409, code: 'EXPORT_NOT_READY' })
  await expect(memsolus.waitUntilReady(id, { deadlineMs: 1 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  await own.memsolus.exports.fail(id, { message: 'Disk full' })
  await expect(memsolus.waitUntilReady(id)).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
  await expect(memsolus.get('none')).rejects.toMatchObject({ status: 404, code: 'EXPORT_NOT_FOUND' })
  // @ts-expect-error There is no such format.
  await expect(memsolus.create({ format: 'xml' })).rejects.toMatchObject({ code: 'INVALID_FORMAT' })
})

it('M-DOWN-3 tells of a file that has expired', async () => {
  const { memsolus, own } = await clientsOf({ data })
  const { id } = await memsolus.create()
  await own.clock.advance('73h')
  await expect(memsolus.download(id)).rejects.toMatchObject({ status: 410, code: 'EXPORT_EXPIRED' })
  await expect(memsolus.waitUntilReady(id)).rejects.toMatchObject({ code: 'EXPORT_EXPIRED' })
})

it.each(['kept', 'none'] as const)('notices a download that breaks off, with its length %s', async (contentLength) => {
  const { memsolus, own } = await clientsOf({ data })
  const { id } = await memsolus.create()
  await own.clock.advance('0s')
  await own.scripts.create({
    operation: 'memsolus.downloadExport',
    steps: [{ truncate: { after: 0.5, contentLength } }],
  })
  const cut = (await memsolus.download(id)).memories()
  if (contentLength === 'kept') await expect(cut).rejects.toThrow(IncompleteDownload)
  else await expect(cut).rejects.toThrow()
  expect(await (await memsolus.download(id)).memories()).toHaveLength(40)
})

it('M-RATE-1c waits as long as a rate limit says, before it creates', async () => {
  const { sandbox, own } = await clientsOf()
  const { baseUrl, apiKey } = sandbox.memsolus
  const slept: number[] = []
  const clock = {
    now: () => 0,
    random: () => 0,
    sleep: async (delayMs: number) => {
      slept.push(delayMs)
      await own.memsolus.policy.set({})
    },
  }
  await own.memsolus.policy.set({ rateLimit: { requests: 1, per: '30s' } })
  const memsolus = createMemsolusClient({ baseUrl, apiKey, clock })
  await memsolus.create()
  await memsolus.create()
  expect(slept).toHaveLength(1)
  expect(slept[0]).toBeGreaterThan(20_000)
  expect(await memsolus.list()).toMatchObject({ meta: { total: 2 } })
})
