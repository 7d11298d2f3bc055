import { expect, it } from 'vitest'
import { foundIn, verify } from './index.ts'
import { readingsOf } from './readings.ts'
import { foreignService, SECRETS } from './testing.ts'

type Run = { runId: string; status: string; createdAt: string; updatedAt: string; error?: string | null }

const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString()
const runs: Run[] = [1, 2, 3, 4, 5].map((number) => ({
  ...{ runId: `r${number}`, status: 'completed', error: null },
  ...{ createdAt: day(number), updatedAt: day(20 - number) },
}))

/** A Syft Export API that has these runs in this order, and serves at exactly since those that it is told to. */
function syftService(items: readonly object[], { isServedAt = (_at: number): boolean => false } = {}) {
  const fetch = async (input: string | URL | Request) => {
    const { searchParams } = new URL(`${input}`)
    const [since, until] = ['since', 'until'].map((name) => Date.parse(searchParams.get(name) ?? ''))
    const found = (items as Run[]).filter(({ updatedAt }) => {
      const at = Date.parse(updatedAt)
      return !(at < (since ?? 0)) && !(at >= (until ?? 0)) && (at !== since || isServedAt(at))
    })
    const limit = Number(searchParams.get('limit') ?? 50)
    const hasMore = found.length > limit
    return Response.json({ items: found.slice(0, limit), nextCursor: hasMore ? 'next' : null, hasMore })
  }
  return fetch
}

const syft = { baseUrl: 'http://service.test', secretKey: 'sk_live_secret', motionId: 'm' }
const only = ['readings']

it('says of a service that does both that it differs, and finds out the rest', async () => {
  const mixed = [...runs.slice(0, 2), { ...runs[3], error: undefined }, runs[2], runs[4]].map((run, index) => ({
    ...run,
    updatedAt: day(index % 2 === 0 ? 10 + index : 20 - index),
  }))
  const fetch = syftService(mixed, { isServedAt: (at) => at === Date.parse(day(19)) })
  const { results, readings } = await verify({ syft }, { only, fetch })
  expect(results.filter(({ outcome }) => outcome === 'differs').map(({ id }) => id)).toEqual([
    'syft/reading-since',
    'syft/reading-order',
    'syft/reading-nulls',
  ])
  expect(foundIn(readings)).toEqual({ pages: 'full' })
  expect(readings).toMatchObject([
    { name: 'since', reason: expect.stringContaining('but was with some for 1 of 2 instants') },
    { name: 'order', reason: expect.stringContaining('5 runs in the order of neither') },
    { name: 'pages', value: 'full' },
    { name: 'nulls', reason: expect.stringMatching(/null 4 times, and .*error.* left out/) },
    { name: 'hints', reason: 'Nothing is known of this API: no base URL and key were given.' },
  ])
})

it('does not take a service for exclusive that serves a run neither at since nor before', async () => {
  const fetch = syftService(runs)
  const broken: typeof fetch = (input) => fetch(`${input}`.replace('since=', 'since=2027&was='))
  const { readings } = await verify({ syft }, { only: ['syft/reading-since'], fetch: broken })
  expect(readings).toEqual([
    { name: 'since', reason: 'No run is served from 1 ms before it was updated to 1 ms after.' },
  ])
})

it('says nothing of an order that both instants have, or of pages that nothing follows', async () => {
  const alike = runs.slice(0, 3).map((run) => ({ ...run, updatedAt: run.createdAt }))
  const { readings } = await verify(
    { syft },
    { only: ['syft/reading-order', 'syft/reading-pages'], fetch: syftService(alike) },
  )
  expect(readings).toEqual([
    { name: 'order', reason: 'None of 3 runs was created before another and updated after it.' },
    { name: 'pages', reason: 'The motion has fewer than four completed runs.' },
  ])
})

it('says which of the hints a service sends that sends some', async () => {
  const { fetch } = foreignService({ key: 'msk_live_secret' })
  const some: typeof globalThis.fetch = async (input, init) => {
    const answer = await fetch(input as string, init)
    if (init?.method === 'POST') answer.headers.set('location', '/v1/exports/somewhere')
    return answer
  }
  const memsolus = { baseUrl: 'http://service.test', apiKey: 'msk_live_secret' }
  const report = await verify({ memsolus }, { only: ['memsolus/reading'], fetch: some })
  expect(report.readings).toMatchObject([
    {
      name: 'nulls',
      value: 'present',
      evidence: expect.stringMatching(/^(GET|POST) .* showed null for user_id, agent_id/),
    },
    { name: 'hints', reason: expect.stringContaining('but was with Location alone') },
  ])
  expect(JSON.stringify(report)).not.toMatch(SECRETS)
})

it('finds out no reading in which the two APIs are not alike', () => {
  const evidence = (api: string) => `It was seen of ${api}.`
  const tellers = [
    {
      api: 'syft' as const,
      reading: { name: 'nulls' as const, value: 'present' as const, evidence: evidence('Syft') },
    },
    {
      api: 'memsolus' as const,
      reading: { name: 'nulls' as const, value: 'absent' as const, evidence: evidence('the other') },
    },
  ]
  expect(readingsOf(tellers)).toEqual([
    {
      name: 'nulls',
      reason:
        'It is present for syft and absent for memsolus, and a sandbox has one reading for both. It was seen of Syft. It was seen of the other.',
    },
  ])
})

it('is looked for where only other cases are asked for, if that is wanted', async () => {
  const report = await verify({ syft }, { only: ['syft/limit'], withReadings: true, fetch: syftService(runs) })
  expect(report.readings.map(({ name }) => name)).toEqual(['since', 'order', 'pages', 'nulls', 'hints'])
  expect((await verify({ syft }, { only: ['syft/limit'], fetch: syftService(runs) })).readings).toEqual([])
})
