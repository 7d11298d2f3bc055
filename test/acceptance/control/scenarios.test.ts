import { type Checkpoint, createMemsolusClient, createSyftClient, type MemsolusClient } from '@sandport/client'
import { describe, expect, it } from 'vitest'
import { serverUrl } from '../../harness/url.ts'
import { clientsOf, collect } from '../client/clients.ts'

/** A clock whose waits are over at once: who waits for nothing but its turn need not wait. */
const hasty = { now: () => Date.now(), random: () => 0.5, sleep: async () => {} }

async function scenario(name: string) {
  const made = await clientsOf({ scenario: name })
  const { sandbox } = made
  const baseUrl = serverUrl()
  return {
    ...made,
    syft: createSyftClient({ baseUrl, secretKey: sandbox.syft.secretKey, clock: hasty }),
    memsolus: createMemsolusClient({ baseUrl, apiKey: sandbox.memsolus.apiKey, clock: hasty }),
    /** Whether each script has happened to the end. */
    isSpent: async () => (await made.own.scripts.list()).every(({ spent, repeat }) => spent || repeat === true),
  }
}

/** The latest versions that a client knows after so many passes, each begun where the one before ended. */
async function follow({ syft, motionId }: Awaited<ReturnType<typeof scenario>>, status?: string[]) {
  const known = new Map<string, string>()
  let checkpoint: Checkpoint | undefined
  for (let pass = 0; pass < 4; pass += 1) {
    for await (const batch of syft.changes(motionId, { checkpoint, fields: ['status'], ...(status && { status }) })) {
      for (const { runId, updatedAt } of batch.runs) known.set(runId, updatedAt)
      checkpoint = batch.checkpoint
    }
  }
  return known
}

it('says what scenarios there are', async () => {
  const { control } = await clientsOf()
  const scenarios = await control.scenarios()
  expect(scenarios.map(({ name }) => name)).toEqual([...syftNames, ...memsolusNames])
  expect(scenarios).toContainEqual({
    name: 'short-pages',
    api: 'syft',
    description: expect.any(String),
    goodClient: 'goes by `hasMore` alone',
  })
})

it('refuses one that there is not', async () => {
  await expect(clientsOf({ scenario: 'tie' })).rejects.toMatchObject({
    status: 400,
    body: { path: '/scenario', message: expect.stringContaining('ties') },
  })
})

it('lets what is given beside it win, and says what it is', async () => {
  const { sandbox, own } = await clientsOf({
    scenario: 'short-pages',
    reading: { nulls: 'absent' },
    data: { syft: { runs: { count: 2 } } },
  })
  expect(sandbox).toMatchObject({ scenario: 'short-pages', reading: { pages: 'short', nulls: 'absent' } })
  expect(await own.syft.runs.list()).toHaveLength(2)
  expect((await clientsOf()).sandbox.scenario).toBeNull()
})

it('begins again with a reset', async () => {
  const { syft, motionId, own } = await scenario('flaky')
  await collect(syft.runs(motionId, { fields: ['status'] }))
  expect((await own.scripts.list()).map(({ spent }) => spent)).toEqual([true])
  await own.reset()
  expect((await own.scripts.list()).map(({ spent }) => spent)).toEqual([false])
})

const quietNames = [
  'first-sync',
  'empty',
  'ties',
  'long-runners',
  'updates',
  'moving-pages',
  'every-status',
  'late-arrivals',
  'clock-skew',
  'short-pages',
  'boundary',
  'drift',
  'flaky',
  'throttled',
  'broken-page',
]
const syftNames = [...quietNames, 'crash', 'revoked-key']
const memsolusNames = ['export-slow', 'export-fails', 'download-cut', 'download-late', 'create-lost', 'awkward-texts']

describe('a good client of Syft', () => {
  it.concurrent.each(quietNames)('comes through %s with every run at its latest version', async (name) => {
    const there = await scenario(name)
    const statuses = name === 'every-status' ? ['completed', 'failed', 'skipped', 'in_progress'] : undefined
    const known = await follow(there, statuses)
    expect(await there.isSpent()).toBe(true)
    const runs = await there.own.syft.runs.list()
    expect(runs.length).toBeGreaterThan(0)
    for (const { runId, updatedAt } of runs) expect(known.get(runId)).toBe(updatedAt)
  })

  it.concurrent('asks again for what it had not stored when it was killed', async () => {
    const there = await scenario('crash')
    const killed = new AbortController()
    const first = collect(there.syft.runs(there.motionId, { fields: ['status'], signal: killed.signal }))
    let taken = 0
    for await (const { type } of there.own.events({ types: ['script'], lastEventId: '0-0' })) {
      if (type === 'script.step') taken += 1
      if (taken === 2) break
    }
    killed.abort()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect((await follow(there)).size).toBe(250)
  })

  it.concurrent('stops where its key is refused', async () => {
    const { syft, motionId } = await scenario('revoked-key')
    await expect(collect(syft.runs(motionId, { fields: ['status'] }))).rejects.toMatchObject({ status: 401 })
  })
})

describe('a good client of Memsolus', () => {
  it.concurrent('waits for a slow export', async () => {
    const { memsolus, isSpent, own } = await scenario('export-slow')
    const { id } = await memsolus.create()
    expect(await memsolus.waitUntilReady(id)).toMatchObject({ status: 'READY' })
    expect((await own.requests.list({ operation: 'memsolus.getExport' })).length).toBeGreaterThan(7)
    expect(await isSpent()).toBe(true)
  })

  it.concurrent('hears that an export failed', async () => {
    const { memsolus } = await scenario('export-fails')
    const { id } = await memsolus.create()
    await expect(memsolus.waitUntilReady(id)).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
  })

  it.concurrent('sees that a download was cut, until it has all of it', async () => {
    const { memsolus, isSpent } = await scenario('download-cut')
    const { id } = await memsolus.create({ format: 'csv' })
    await memsolus.waitUntilReady(id)
    const download = async () => (await memsolus.download(id)).text()
    await expect(download()).rejects.toMatchObject({ code: 'INCOMPLETE_DOWNLOAD' })
    await download().catch(() => {})
    expect(await memoriesOf(memsolus, id)).toHaveLength(200)
    expect(await isSpent()).toBe(true)
  })

  it.concurrent('creates another export where it comes too late', async () => {
    const { memsolus, isSpent } = await scenario('download-late')
    const { id } = await memsolus.create()
    await memsolus.waitUntilReady(id)
    await expect(memsolus.download(id)).rejects.toMatchObject({ status: 410 })
    const { id: second } = await memsolus.create()
    await memsolus.waitUntilReady(second)
    expect(await memoriesOf(memsolus, second)).toHaveLength(200)
    expect(await isSpent()).toBe(true)
  })

  it.concurrent('finds the export whose answer was lost', async () => {
    const { memsolus, isSpent } = await scenario('create-lost')
    await expect(memsolus.create()).rejects.toMatchObject({ name: 'ConnectionError' })
    const [lost] = await collect(memsolus.exports())
    await memsolus.waitUntilReady(lost?.id ?? '')
    expect(await memoriesOf(memsolus, lost?.id ?? '')).toHaveLength(200)
    expect(await isSpent()).toBe(true)
  })

  it.concurrent('has awkward texts as they are, from CSV', async () => {
    const { memsolus, own } = await scenario('awkward-texts')
    const { id } = await memsolus.create({ format: 'csv' })
    await memsolus.waitUntilReady(id)
    const texts = (await memoriesOf(memsolus, id)).map(({ memory }) => memory)
    expect(texts.toSorted()).toEqual((await own.memsolus.memories.list()).map(({ memory }) => memory).toSorted())
  })
})

async function memoriesOf(memsolus: MemsolusClient, id: string) {
  return (await memsolus.download(id)).memories()
}
