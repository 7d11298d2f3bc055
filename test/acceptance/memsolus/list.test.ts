import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

/** Exports as data: `count` of them, the last one a minute ago, each a minute after the one before. */
const minutesApart = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    status: 'FAILED',
    created_at: `2026-01-01T${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:00Z`,
  }))

it('M-LIST-1 M-LIST-2c an account without exports has one empty page', async () => {
  const { memsolus } = await testSandbox()
  const { status, body } = await memsolus.list()
  expect(status).toBe(200)
  expect(body).toEqual({ data: [], meta: { current_page: 1, per_page: 20, total: 0, last_page: 1 } })
  expect(Object.keys(body.meta)).toEqual(['current_page', 'per_page', 'total', 'last_page'])
})

it('M-LIST-1 M-LIST-2c pages follow one another, the newest export first, and hold each once', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { exports: minutesApart(45) } } })
  const pages = [await memsolus.list(), await memsolus.list({ page: 2 }), await memsolus.list({ page: 3 })]
  expect(pages.map(({ body }) => body.data.length)).toEqual([20, 20, 5])
  expect(pages.map(({ body }) => body.meta)).toEqual(
    [1, 2, 3].map((page) => ({ current_page: page, per_page: 20, total: 45, last_page: 3 })),
  )
  const ids = pages.flatMap(({ body }) => body.data.map(({ id }) => id))
  expect(ids).toEqual(
    minutesApart(45)
      .map(({ id }) => id)
      .toReversed(),
  )
})

it('M-LIST-2c last_page counts a page that is exactly full once', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { exports: minutesApart(6) } } })
  const meta = async (pageSize: number) => (await memsolus.list({ page_size: pageSize })).body.meta.last_page
  expect([await meta(1), await meta(5), await meta(6), await meta(7)]).toEqual([6, 2, 1, 1])
})

it('M-LIST-2c a page past the end is empty, and says what there is', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { exports: minutesApart(3) } } })
  const { status, body } = await memsolus.list({ page: 3, page_size: 2 })
  expect(status).toBe(200)
  expect(body).toEqual({ data: [], meta: { current_page: 3, per_page: 2, total: 3, last_page: 2 } })
  expect((await memsolus.list({ page: '99999999999999999999' })).body.data).toEqual([])
})

it('M-LIST-1 M-LIST-2c at most 100 are on a page, however many are asked for', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { exports: minutesApart(103) } } })
  for (const asked of [100, 101, '99999999999999999999999']) {
    const { status, body } = await memsolus.list({ page_size: asked })
    expect([status, body.data.length]).toEqual([200, 100])
    expect(body.meta).toEqual({ current_page: 1, per_page: 100, total: 103, last_page: 2 })
  }
  expect((await memsolus.list({ page_size: 99 })).body.data).toHaveLength(99)
})

it('M-LIST-2c of exports of one instant the last created is the first', async () => {
  const { memsolus, advance } = await testSandbox({ clock: { now: '2026-01-01T00:00:00Z', frozen: true } })
  const created = []
  for (const format of ['json', 'csv', 'markdown', 'csv']) created.push((await memsolus.create({ format })).body)
  expect(new Set(created.map(({ created_at }) => created_at)).size).toBe(1)
  const listed = async () => (await memsolus.list()).body.data.map(({ id }) => id)
  const expected = created.map(({ id }) => id).toReversed()
  expect(await listed()).toEqual(expected)
  await advance('1s')
  const { id } = (await memsolus.create()).body
  expect(await listed()).toEqual([id, ...expected])
  const twoByTwo = [await memsolus.list({ page_size: 2 }), await memsolus.list({ page: 2, page_size: 2 })]
  expect(twoByTwo.flatMap(({ body }) => body.data.map((one) => one.id))).toEqual([id, ...expected].slice(0, 4))
})

it('M-LIST-1 M-OBJECT-1 lists the objects that get answers, whatever their status, and no other account’s', async () => {
  const sandbox = await testSandbox()
  const { memsolus, advance } = sandbox
  const { body: other } = await sandbox.control<{ apiKey: string }>('POST', '/memsolus/workspaces', {})
  await memsolus.finished({ format: 'csv' })
  await advance('72h')
  await sandbox.control('PUT', '/memsolus/behavior', { outcome: 'fail' })
  await memsolus.finished()
  await sandbox.control('PUT', '/memsolus/behavior', { hold: 'PROCESSING' })
  await memsolus.finished()
  await sandbox.control('PUT', '/memsolus/behavior', { hold: 'PENDING' })
  await memsolus.create()
  await memsolus.create({}, { key: other.apiKey })
  const { data, meta } = (await memsolus.list()).body
  expect(data.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'FAILED', 'EXPIRED'])
  expect(meta.total).toBe(4)
  for (const listed of data) expect((await memsolus.get(listed.id)).body).toEqual(listed)
  expect((await memsolus.list({}, { key: other.apiKey })).body.meta.total).toBe(1)
})

describe('M-LIST-3c refuses', () => {
  it.each(['0', '-1', '1.5', '1e3', 'abc', 'NaN', '0x10', '+1', ' 1', '１', 'Infinity', 'null'])(
    '%j',
    async (value) => {
      const { memsolus } = await testSandbox()
      const page = await memsolus.list({ page: value })
      expect([page.status, page.body.error, page.body.statusCode]).toEqual([422, 'INVALID_PAGE', 422])
      expect(page.body.message).toContain(`page "${value}"`)
      const size = await memsolus.list({ page_size: value })
      expect([size.status, size.body.error, size.body.statusCode]).toEqual([422, 'INVALID_PAGE_SIZE', 422])
      expect(size.body.message).toContain(`page_size "${value}"`)
    },
  )
})

it('X-PARAM-1c M-LIST-1 empty, repeated, unknown and misspelt parameters of a list', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { exports: minutesApart(5) } } })
  const meta = async (query: string) => {
    const { current_page, per_page } = (await memsolus.list(query)).body.meta
    return [current_page, per_page]
  }
  expect(await meta('page=&page_size=')).toEqual([1, 20])
  expect(await meta('page=2&page=x&page_size=3&page_size=0')).toEqual([2, 3])
  expect(await meta('Page=2&pageSize=3&PAGE_SIZE=3&limit=1')).toEqual([1, 20])
})
