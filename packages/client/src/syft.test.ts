import { expect, it } from 'vitest'
import { createSyftClient } from './syft.ts'
import { collect, fakeClock, fakeFetch, json, type Responder } from './testing.ts'

const run = (runId: string) => ({ runId, status: 'completed' })
const page = (runIds: string[], nextCursor: string | null = null) => {
  return () => json({ items: runIds.map(run), nextCursor, hasMore: nextCursor !== null })
}

function testClient(...responders: [Responder, ...Responder[]]) {
  const { fetch, sent } = fakeFetch(...responders)
  const { clock } = fakeClock()
  return { syft: createSyftClient({ baseUrl: 'http://server', secretKey: 'sk_live_1', fetch, clock }), sent }
}

it('asks for a page as the API has it', async () => {
  const { syft, sent } = testClient(page(['r1']))
  const found = await syft.page('m/1', {
    since: new Date(0),
    until: '2026-03-01',
    status: 'failed',
    order: 'desc',
    fields: ['status', 'error'],
    limit: 5,
    cursor: 'c1',
  })
  expect(found).toEqual({
    items: [{ runId: 'r1', status: 'completed', error: null }],
    nextCursor: null,
    hasMore: false,
  })
  const { url, headers } = sent[0] ?? {}
  expect(url?.pathname).toBe('/api/motion/m%2F1/export')
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    limit: '5',
    since: '1970-01-01T00:00:00.000Z',
    until: '2026-03-01',
    status: 'failed',
    order: 'desc',
    fields: 'status,error',
    cursor: 'c1',
  })
  expect(headers?.get('authorization')).toBe('Bearer sk_live_1')
})

it('gives every run of all pages, and the same query to each', async () => {
  const { syft, sent } = testClient(page(['r1', 'r2'], 'c1'), page([], 'c2'), page(['r3']))
  const runs = await collect(syft.runs('m1', { status: 'failed' }))
  expect(runs.map(({ runId }) => runId)).toEqual(['r1', 'r2', 'r3'])
  expect(sent.map(({ url }) => url.search)).toEqual([
    '?limit=100&status=failed',
    '?limit=100&status=failed&cursor=c1',
    '?limit=100&status=failed&cursor=c2',
  ])
})

it('fetches no page that nobody reads', async () => {
  const { syft, sent } = testClient(page(['r1', 'r2'], 'c1'), page(['r3']))
  for await (const { runId } of syft.runs('m1')) if (runId === 'r2') break
  expect(sent).toHaveLength(1)
})

it('puts null where a service leaves out what is null, and only in what was asked for', async () => {
  const { syft } = testClient(page(['r1']))
  expect((await syft.page('m1')).items[0]).toMatchObject({ error: null, session: null, completedAt: null })
  expect((await syft.page('m1', { fields: ['status'] })).items[0]).toEqual(run('r1'))
})

it.each([
  ['has no items', { hasMore: false, nextCursor: null }],
  ['has more, but no cursor', { items: [], hasMore: true, nextCursor: null }],
  ['leads to itself', { items: [], hasMore: true, nextCursor: 'c1' }],
  ['is null', null],
])('refuses a page that %s', async (_, body) => {
  const { syft } = testClient(() => json(body))
  await expect(syft.page('m1', { cursor: 'c1' })).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})

it.each([
  [401, 'UNAUTHORIZED', 'Unauthorized'],
  [403, 'FORBIDDEN', 'API access requires a Pro plan'],
  [404, 'NOT_FOUND', 'Motion not found'],
  [400, 'INVALID_REQUEST', "Invalid 'limit'. Use a positive integer."],
])('throws a %i as %s', async (status, code, error) => {
  const { syft } = testClient(() => json({ error }, { status }))
  await expect(syft.page('m1')).rejects.toMatchObject({ status, code, message: expect.stringContaining(error) })
})
