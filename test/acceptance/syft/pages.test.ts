import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const january = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }
const completed = (count: number) => ({ data: { syft: { runs: { count, status: 'completed', createdAt: january } } } })

describe('limit', () => {
  it('S-PAGE-1 is 50 where it is not given', async () => {
    const { syft } = await testSandbox(completed(51))
    const { body } = await syft.page()
    expect(body.items).toHaveLength(50)
    expect(body.hasMore).toBe(true)
  })

  it('X-PARAM-1c S-PAGE-1 is 50 where it is empty', async () => {
    const { syft } = await testSandbox(completed(51))
    const { status, body } = await syft.page('limit=')
    expect(status).toBe(200)
    expect(body.items).toHaveLength(50)
  })

  it.each([1, 49, 99, 100])('S-PAGE-1 S-PAGE-2 of %i is as many items', async (limit) => {
    const { syft } = await testSandbox(completed(101))
    expect((await syft.page({ limit })).body.items).toHaveLength(limit)
  })

  it.each(['101', '1000', '9007199254740993', '9'.repeat(400)])('S-PAGE-2 over 100 is 100: %s', async (limit) => {
    const { syft } = await testSandbox(completed(101))
    const { status, body } = await syft.page({ limit })
    expect(status).toBe(200)
    expect(body.items).toHaveLength(100)
    expect(body.hasMore).toBe(true)
  })

  it.each(['0', '000', '-1', '1.5', '5.0', '1e2', '0x10', 'ten', 'NaN', 'null', 'undefined', ' 5', '5 ', '+5', '٥'])(
    'S-PAGE-3c that is no positive integer is answered 400: %j',
    async (limit) => {
      const { syft } = await testSandbox()
      const { status, body } = await syft.page({ limit })
      expect({ status, body }).toEqual({
        status: 400,
        body: { error: "Invalid 'limit'. Use a positive integer." },
      })
    },
  )
})

describe('a page', () => {
  it('S-PAGE-4 is items, nextCursor and hasMore, and of an empty motion no items', async () => {
    const { syft } = await testSandbox()
    const { status, text, headers } = await syft.page()
    expect(status).toBe(200)
    expect(text).toBe('{"items":[],"nextCursor":null,"hasMore":false}')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  it('S-PAGE-4 has a cursor where more follow, and null on the last one', async () => {
    const { syft } = await testSandbox(completed(5))
    const first = await syft.page({ limit: 3 })
    expect(Object.keys(first.body)).toEqual(['items', 'nextCursor', 'hasMore'])
    expect(first.body).toMatchObject({ nextCursor: expect.stringMatching(/./), hasMore: true })
    const last = await syft.page({ limit: 3, cursor: first.body.nextCursor ?? '' })
    expect(last.body.items).toHaveLength(2)
    expect(last.body).toMatchObject({ nextCursor: null, hasMore: false })
  })

  it('S-PAGE-4 is the last one where it holds exactly what is left', async () => {
    const { syft } = await testSandbox(completed(6))
    expect((await syft.page({ limit: 6 })).body).toMatchObject({ nextCursor: null, hasMore: false })
    const { pages } = await syft.all({ limit: 3 })
    expect(pages.map(({ items }) => items.length)).toEqual([3, 3])
    expect((await syft.page({ limit: 5 })).body.hasMore).toBe(true)
  })

  it('S-PAGE-4 counts only what matches for hasMore', async () => {
    const { syft, addRuns } = await testSandbox(completed(3))
    await addRuns({ count: 4, status: 'failed', createdAt: january })
    expect((await syft.page({ limit: 3 })).body).toMatchObject({ nextCursor: null, hasMore: false })
    expect((await syft.page({ limit: 3, status: 'failed' })).body.hasMore).toBe(true)
  })

  it('S-PAGE-1 S-PAGE-4 is the same page when it is asked for again', async () => {
    const { syft } = await testSandbox(completed(20))
    const [once, again] = [await syft.page({ limit: 7 }), await syft.page({ limit: 7 })]
    expect(again.text).toBe(once.text)
  })
})

describe('parameters', () => {
  it('X-PARAM-1c are told apart by case, and unknown ones are ignored', async () => {
    const { syft } = await testSandbox(completed(4))
    const { status, body } = await syft.page('Limit=1&LIMIT=x&page=2&offset=3&Status=failed&__proto__=1&limit=3')
    expect(status).toBe(200)
    expect(body.items).toHaveLength(3)
  })

  it('X-PARAM-1c count where they come first when they are repeated', async () => {
    const { syft, addRuns } = await testSandbox(completed(4))
    await addRuns({ count: 3, status: 'failed', createdAt: january })
    expect((await syft.page('limit=2&limit=x')).body.items).toHaveLength(2)
    expect((await syft.page('limit=x&limit=2')).status).toBe(400)
    expect((await syft.page('status=failed&status=completed')).body.items).toHaveLength(3)
  })

  it('X-PARAM-1c are as good as absent when they are empty', async () => {
    const { syft } = await testSandbox(completed(4))
    const plain = await syft.page()
    const empty = await syft.page('cursor=&limit=&since=&until=&status=&order=&fields=&since')
    expect(empty.status).toBe(200)
    expect(empty.text).toBe(plain.text)
  })
})
