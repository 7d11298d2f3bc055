import { expect, it } from 'vitest'
import { type Answer, testSandbox } from '../../harness/sandbox.ts'

const hintsIn = ({ headers }: Answer<unknown>) =>
  ['location', 'retry-after', 'etag'].filter((name) => headers.has(name))

it('M-OBJECT-2c reading nulls absent: what is null is left out of the object, wherever it is shown', async () => {
  const { memsolus } = await testSandbox({ reading: { nulls: 'absent' } })
  const { body: plain } = await memsolus.create()
  const bare = ['id', 'format', 'status', 'created_at', 'updated_at']
  expect(Object.keys(plain)).toEqual(bare)
  expect(Object.keys((await memsolus.get(plain.id)).body)).toEqual(bare)
  expect((await memsolus.list()).body.data.map((item) => Object.keys(item))).toEqual([bare])
})

it('M-OBJECT-2c reading nulls absent: what is not null is shown', async () => {
  const { memsolus } = await testSandbox({ reading: { nulls: 'absent' } })
  const { body } = await memsolus.create({ user_id: 'u', categories: 'a', created_after: '2026-01-01' })
  expect(body).toMatchObject({ user_id: 'u', categories: ['a'], created_after: '2026-01-01T00:00:00.000Z' })
  expect(Object.values(body)).not.toContain(null)
  expect('agent_id' in body).toBe(false)
})

it('M-OBJECT-2c reading nulls absent changes nothing in the file', async () => {
  const { memsolus, addMemories } = await testSandbox({ reading: { nulls: 'absent' } })
  await addMemories({ user_id: null, agent_id: null })
  const { id } = await memsolus.finished()
  expect((await memsolus.download(id)).body).toMatchObject([{ user_id: null, agent_id: null }])
})

it('M-HINT-1c by default no answer has a hint that no page mentions', async () => {
  const { memsolus, control } = await testSandbox({ data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  const created = await memsolus.create()
  const { id } = created.body
  const early = [created, await memsolus.get(id), await memsolus.list(), await memsolus.download(id)]
  await control('POST', `/memsolus/exports/${id}/release`)
  await control('POST', '/clock/advance', { by: '0s' })
  const late = [await memsolus.get(id), await memsolus.download(id)]
  expect(late.map(({ status }) => status)).toEqual([200, 200])
  expect([...early, ...late].map(hintsIn)).toEqual([[], [], [], [], [], []])
})

it('M-HINT-1c reading hints: create tells where the export is and when to come back', async () => {
  const { memsolus } = await testSandbox({ reading: { hints: true } })
  const created = await memsolus.create()
  expect(created.headers.get('location')).toBe(`/v1/exports/${created.body.id}`)
  expect(created.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(hintsIn(await memsolus.create({ format: 'xml' }))).toEqual([])
})

it('M-HINT-1c reading hints: Retry-After while polling is useful, and no longer', async () => {
  const { memsolus, advance } = await testSandbox({
    clock: { now: '2026-03-01T00:00:00Z', frozen: true },
    reading: { hints: true },
    data: { memsolus: { behavior: { polls: { pending: 1, processing: 1 } } } },
  })
  const { id } = (await memsolus.create()).body
  const polled = async () => {
    const { body, headers } = await memsolus.get(id)
    return [body.status, headers.get('retry-after')]
  }
  expect(await polled()).toEqual(['PENDING', expect.stringMatching(/^[1-9]\d*$/)])
  expect(await polled()).toEqual(['PROCESSING', expect.stringMatching(/^[1-9]\d*$/)])
  expect(await polled()).toEqual(['PROCESSING', expect.stringMatching(/^[1-9]\d*$/)])
  expect(await polled()).toEqual(['READY', null])
  await advance('72h')
  expect(await polled()).toEqual(['EXPIRED', null])
})

it('M-HINT-1c reading hints: no Retry-After for an export that failed', async () => {
  const { memsolus } = await testSandbox({
    reading: { hints: true },
    data: { memsolus: { behavior: { outcome: 'fail' } } },
  })
  const { id } = await memsolus.finished()
  expect(hintsIn(await memsolus.get(id))).toEqual([])
  expect(hintsIn(await memsolus.download(id))).toEqual([])
})

it('M-HINT-1c reading hints: the file has a strong ETag, the same each time and another for another file', async () => {
  const { memsolus } = await testSandbox({ reading: { hints: true } })
  const first = await memsolus.finished()
  const second = await memsolus.finished()
  const tag = async (id: string) => (await memsolus.download(id)).headers.get('etag')
  expect(await tag(first.id)).toMatch(/^"[^"]+"$/)
  expect(await tag(first.id)).toBe(await tag(first.id))
  expect(await tag(second.id)).not.toBe(await tag(first.id))
})
