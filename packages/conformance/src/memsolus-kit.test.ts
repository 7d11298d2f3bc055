import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Result, verify } from './index.ts'
import { type ForeignOptions, foreignService, SECRETS } from './testing.ts'

vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn() }))

const key = 'msk_live_secret'
const memsolus = { baseUrl: 'http://service.test', apiKey: key }

/** The delays that were slept, on a clock that goes on by nothing else. */
let delays: number[] = []
beforeEach(() => {
  delays = []
  vi.spyOn(performance, 'now').mockImplementation(() => delays.reduce((sum, delay) => sum + delay, 0))
  vi.mocked(setTimeout).mockImplementation(async (delay) => {
    delays.push(delay ?? 0)
    return undefined as never
  })
})

async function verifyForeign(options: Omit<ForeignOptions, 'key'>, more: Parameters<typeof verify>[1] = {}) {
  const { fetch, exports } = foreignService({ key, ...options })
  const report = await verify({ memsolus }, { only: ['memsolus'], fetch, ...more })
  return { report, exports }
}

const idsOf = (results: readonly Result[], outcome: string) =>
  results.filter((each) => each.outcome === outcome).map(({ id }) => id.replace('memsolus/', ''))

describe('a service that keeps to its page and chooses otherwise', () => {
  it('fails nowhere, and differs where Sandport has chosen', async () => {
    const { report } = await verifyForeign({})
    expect(idsOf(report.results, 'failed')).toEqual([])
    expect(idsOf(report.results, 'differs')).toEqual(
      expect.arrayContaining([
        'no-key-code',
        'error-envelope',
        'list-shape',
        'download-headers',
        'file-json',
        'file-csv',
      ]),
    )
    expect(report.isSandport).toBe(false)
  })

  it('is left with two exports, and with no more than it is told, though it refuses nothing', async () => {
    expect((await verifyForeign({ isLenient: true })).exports).toHaveLength(2)
    for (const maxExports of [0, 1, 3, 5]) {
      const { exports, report } = await verifyForeign({ isLenient: true }, { maxExports })
      expect(exports).toHaveLength(Math.min(maxExports, 3))
      const reasons = report.results.map(({ reason }) => reason ?? '')
      expect(reasons.some((reason) => reason.includes(`no more than ${maxExports} may`))).toBe(maxExports < 2)
    }
  })

  it('is not asked again for an export that it would not make', async () => {
    const answers = { 'POST /v1/exports': { status: 500, body: {} } }
    const { report } = await verifyForeign({ answers })
    const asked = report.results.flatMap(({ requests }) => requests).filter((request) => request === 'POST /v1/exports')
    expect(asked).toHaveLength(1)
    expect(idsOf(report.results, 'failed')).toEqual(['create'])
  })

  it('hears of files that are not the same by fields and counts', async () => {
    const { report } = await verifyForeign({}, { only: ['memsolus/file-csv-same'] })
    expect(report.results[0]?.unmet).toMatchObject({
      expected: 'the values of the JSON file for 2 memories',
      actual: 'others for user_id of 1, metadata of 2',
    })
  })

  it('has nothing of its data in the report, whatever it answers', async () => {
    const { report } = await verifyForeign({})
    expect(JSON.stringify(report)).not.toMatch(SECRETS)
    const data = { error: null, user_id: 'u-77', memory: 'Bill of Initech' }
    const answers = { 'GET /v1/exports': { status: 200, body: data } }
    const { report: other } = await verifyForeign({ answers })
    expect(idsOf(other.results, 'failed')).toContain('no-key')
    expect(JSON.stringify(other)).not.toMatch(SECRETS)
  })
})

describe('waiting for a shared export', () => {
  const only = ['memsolus/life']
  const resultOf = async (options: Omit<ForeignOptions, 'key'>) =>
    (await verifyForeign(options, { only })).report.results[0]

  it('asks less and less often', async () => {
    await verifyForeign({ statuses: [...Array(5).fill('PENDING'), 'READY'] }, { only: ['memsolus/object-all-fields'] })
    expect(delays).toEqual([1000, 2000, 4000, 8000, 10_000])
  })

  it('comes back no sooner than it is told to, and waits out a service that is busy', async () => {
    const { fetch } = foreignService({ key })
    let asked = 0
    const busy: typeof fetch = async (input, init) => {
      if (!/exports\/[^/]+$/.test(`${input}`) || asked === 2) return fetch(input, init)
      asked += 1
      const headers = asked === 1 ? { 'retry-after': '7' } : later(30)
      return new Response('{}', { status: asked === 1 ? 429 : 503, headers })
    }
    await verify({ memsolus }, { only: ['memsolus/object-all-fields'], fetch: busy })
    expect(delays.slice(0, 2)).toEqual([7000, 30_000])
  })

  it('ends, and says nothing of the service, when the time is over or the export has failed', async () => {
    expect(await resultOf({ statuses: ['PENDING'] })).toMatchObject({
      outcome: 'skipped',
      reason: 'The export that cases share was not READY in 120 s.',
    })
    expect(await resultOf({ statuses: ['PENDING', 'FAILED'] })).toMatchObject({
      outcome: 'skipped',
      reason: 'The export that cases share is FAILED.',
    })
  })
})

/** A `Retry-After` that is an instant, so many seconds after the `Date` beside it. */
function later(seconds: number) {
  const date = Date.UTC(2026, 0, 1)
  return { date: new Date(date).toUTCString(), 'retry-after': new Date(date + seconds * 1000).toUTCString() }
}
