import { expect, it } from 'vitest'
import { type Answer, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

type Verified = { matched: boolean; count: number; nearMisses: { exchange: string; why: string }[] }

const operation = 'syft.exportRuns'
const verify = ({ control }: TestSandbox, body: Record<string, unknown>): Promise<Answer<Verified>> =>
  control<Verified>('POST', '/requests/verify', { operation, ...body })

/** Whether something has come to its end by now. */
function watch(promise: Promise<unknown>) {
  const state = { isOver: false }
  void promise.finally(() => {
    state.isOver = true
  })
  return state
}

it('counts the requests of an operation, of which one at least is expected', async () => {
  const sandbox = await testSandbox()
  expect((await verify(sandbox, {})).body).toEqual({ matched: false, count: 0, nearMisses: [] })
  await sandbox.syft.page()
  await sandbox.syft.page({ status: 'failed' })
  await sandbox.memsolus.list()
  expect((await verify(sandbox, {})).body).toEqual({ matched: true, count: 2, nearMisses: [] })
})

it('takes how many there are to be: at least, at most, exactly so many, or none', async () => {
  const sandbox = await testSandbox()
  await sandbox.syft.page()
  await sandbox.syft.page()
  for (const [expected, matched] of [
    [{ atLeast: 2 }, true],
    [{ atLeast: 3 }, false],
    [{ atMost: 2 }, true],
    [{ atMost: 1 }, false],
    [{ exactly: 2 }, true],
    [{ exactly: 1 }, false],
    [{ exactly: 3 }, false],
    [{ never: true }, false],
    [{ never: true, status: 500 }, true],
    [{ exactly: 0, status: 500 }, true],
  ] as const) {
    const { body } = await verify(sandbox, expected)
    expect({ expected, matched: body.matched }).toEqual({ expected, matched })
  }
})

it('matches by parameters, headers, status or class, motion and export', async () => {
  const sandbox = await testSandbox()
  await sandbox.syft.page({ since: '2026-01-01', limit: 5 }, { headers: { 'x-client': 'poller' } })
  await sandbox.syft.page({ limit: 0 })
  const count = async (body: Record<string, unknown>) => (await verify(sandbox, body)).body.count
  expect(await count({ query: { limit: '5' } })).toBe(1)
  expect(await count({ query: { since: { present: true } } })).toBe(1)
  expect(await count({ query: { since: { present: false } } })).toBe(1)
  expect(await count({ query: { cursor: { present: false } } })).toBe(2)
  expect(await count({ header: { 'X-Client': 'poller' } })).toBe(1)
  expect(await count({ status: 400 })).toBe(1)
  expect(await count({ status: '4xx' })).toBe(1)
  expect(await count({ status: '2xx', query: { limit: '0' } })).toBe(0)
  expect(await count({ motionId: sandbox.motionId })).toBe(2)
  expect(await count({ motionId: 'another' })).toBe(0)
  expect(await count({ header: { authorization: `Bearer ${sandbox.view.syft.secretKey}` } })).toBe(2)
  const { id } = await sandbox.memsolus.finished()
  const found = await verify(sandbox, { operation: 'memsolus.getExport', exportId: id })
  expect(found.body).toMatchObject({ matched: true, count: 1 })
})

it('tells where one thing was otherwise, in words and the closest first', async () => {
  const sandbox = await testSandbox({ data: { syft: { runs: { count: 1 } } } })
  const exchangeOf = async (answer: Promise<Answer<unknown>>) => (await answer).headers.get('sandport-exchange')
  const none = await exchangeOf(sandbox.syft.page({ limit: 10 }))
  const other = await exchangeOf(sandbox.syft.page({ status: 'skipped', limit: 10 }))
  const close = await exchangeOf(sandbox.syft.page({ status: 'fail', limit: 10 }))
  const typo = await exchangeOf(sandbox.syft.page({ stauts: 'failed', limit: 10 }))
  await sandbox.syft.page({ limit: 20 })
  const { body } = await verify(sandbox, { query: { status: 'failed', limit: '10' } })
  expect(body).toEqual({
    matched: false,
    count: 0,
    nearMisses: [
      { exchange: close, why: '`status` was fail, not failed' },
      { exchange: typo, why: '`status` was absent, and `stauts` was there' },
      { exchange: other, why: '`status` was skipped, not failed' },
      { exchange: none, why: '`status` was absent' },
    ],
  })
  const present = await verify(sandbox, { query: { limit: { present: false } }, atLeast: 6 })
  expect(present.body.nearMisses).toContainEqual({ exchange: none, why: '`limit` was present' })
  const status = await verify(sandbox, { query: { status: 'fail' }, status: 503 })
  expect(status.body.nearMisses).toEqual([{ exchange: close, why: 'The status was 200, not 503' }])
  const header = await verify(sandbox, { header: { 'X-Client': 'poller' }, query: { status: 'fail' } })
  expect(header.body.nearMisses).toEqual([{ exchange: close, why: 'The header `x-client` was absent' }])
  const motion = await verify(sandbox, { motionId: 'mine', query: { status: 'fail' } })
  expect(motion.body.nearMisses).toEqual([{ exchange: close, why: `The motion was ${sandbox.motionId}, not mine` }])
})

it('tells ten near misses at most, of those as close the newest', async () => {
  const sandbox = await testSandbox()
  for (let page = 0; page < 12; page++) await sandbox.syft.page()
  const newest = (await sandbox.syft.page()).headers.get('sandport-exchange')
  const { body } = await verify(sandbox, { query: { since: { present: true } } })
  expect(body.nearMisses).toHaveLength(10)
  expect(body.nearMisses[0]).toEqual({ exchange: newest, why: '`since` was absent' })
})

it('waits for a client, and answers once it has done enough', async () => {
  const sandbox = await testSandbox()
  const asked = verify(sandbox, { atLeast: 2, within: '10m' })
  const state = watch(asked)
  await sandbox.syft.page()
  await verify(sandbox, { atLeast: 1 })
  expect(state.isOver).toBe(false)
  await sandbox.syft.page()
  expect((await asked).body).toEqual({ matched: true, count: 2, nearMisses: [] })
})

it('answers at once where there is one too many, and waits out the time to say that there is none', async () => {
  const sandbox = await testSandbox()
  const never = verify(sandbox, { never: true, within: '10m' })
  const exactly = verify(sandbox, { exactly: 1, within: '10m' })
  await sandbox.syft.page()
  expect((await never).body).toMatchObject({ matched: false, count: 1 })
  expect((await exactly).body).toMatchObject({ matched: true, count: 1 })
  const began = performance.now()
  expect((await verify(sandbox, { atMost: 1, within: '300ms' })).body).toMatchObject({ matched: true, count: 1 })
  expect(performance.now() - began).toBeGreaterThanOrEqual(300)
  expect((await verify(sandbox, { atLeast: 2, within: '50ms' })).body).toMatchObject({ matched: false, count: 1 })
})

it('says what cannot be asked', async () => {
  const sandbox = await testSandbox()
  const both = await verify(sandbox, { atLeast: 1, never: true })
  expect(both).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE' } })
  expect(both.text).toContain('not \\"atLeast\\" and \\"never\\"')
  const long = await verify(sandbox, { within: '11m' })
  expect(long).toMatchObject({ status: 400, body: { error: 'INVALID_VALUE', path: '/within' } })
  const unknown = await verify(sandbox, { operation: 'syft.exportRun' })
  expect(unknown).toMatchObject({ status: 400, body: { path: '/operation' } })
  const misspelt = await verify(sandbox, { atleast: 2 })
  expect(misspelt).toMatchObject({ status: 400, body: { error: 'UNKNOWN_PROPERTY', path: '/atleast' } })
})
