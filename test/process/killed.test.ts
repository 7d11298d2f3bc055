import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { holdingFiles, SEVERAL_PARTS as MEMORIES } from '../harness/held-files.ts'
import type { ExportView, Memory } from '../harness/memsolus.ts'
import { ask, filesIn, filesKnownIn, testDirectory, testServer, untilHalfWritten } from '../harness/process.ts'
import type { Export, ExportList } from '../harness/sandbox.ts'
import type { ServerProcess } from '../harness/server.ts'

const PATIENCE = { timeout: 40_000 }
const key = { 'x-api-key': 'msk_live_demo' }

const create = async ({ url }: ServerProcess) =>
  (await ask<Export>(`${url}/v1/exports`, { method: 'POST', headers: key })).body
const get = async ({ url }: ServerProcess, id: string) =>
  (await ask<Export>(`${url}/v1/exports/${id}`, { headers: key })).body
const download = async ({ url }: ServerProcess, id: string) =>
  (await ask<Memory[]>(`${url}/v1/exports/${id}/download`, { headers: key })).body
const view = async ({ controlUrl }: ServerProcess, id: string) =>
  (await ask<ExportView>(`${controlUrl}/sandboxes/default/memsolus/exports/${id}`)).body

describe('the next start on the same data', { timeout: 120_000 }, () => {
  it('M-LIFE-1 finishes an export whose render was killed, however often: one whole file and no other', async () => {
    const directory = await testDirectory()
    let server = await testServer(['--data', directory, '--memories', `${MEMORIES}`], holdingFiles)
    const { id } = await create(server)
    const halves = []
    for (let kill = 0; kill < 3; kill++) {
      if (kill > 0) server = await testServer(['--data', directory], holdingFiles)
      const half = await untilHalfWritten(directory)
      expect((await get(server, id)).status).toBe('PROCESSING')
      expect(await server.stop('SIGKILL')).toBe(null)
      // What the killed process left is all that there is: no whole file, and nothing of the one before it.
      expect(await filesIn(directory)).toEqual([half])
      halves.push(half)
    }
    expect(new Set(halves).size).toBe(3)

    const last = await testServer(['--data', directory])
    await expect.poll(async () => (await get(last, id)).status, PATIENCE).toBe('READY')
    const memories = await download(last, id)
    expect(memories).toHaveLength(MEMORIES)
    expect(new Set(memories.map((memory) => memory.id)).size).toBe(MEMORIES)
    const { file, progress, timeline } = await view(last, id)
    expect(progress).toEqual({ rows: MEMORIES, total: MEMORIES })
    expect(timeline.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'READY'])
    expect(await filesIn(directory)).toEqual([file?.key])
    expect(await last.stop()).toBe(0)
    expect(await filesIn(directory)).toEqual([file?.key])
    expect(await filesKnownIn(directory)).toEqual([file?.key])
  })

  it('M-LIFE-2 M-LIFE-3c finishes an advance that was killed: each thing at its instant, and the clock at the end', async () => {
    const directory = await testDirectory()
    const first = await testServer(['--data', directory], holdingFiles)
    const hours = (count: number) => new Date(Date.UTC(2026, 2, 1) + count * 3_600_000).toISOString()
    const { body: sandbox } = await ask<{ id: string; memsolus: { apiKey: string } }>(`${first.controlUrl}/sandboxes`, {
      method: 'POST',
      body: {
        clock: { now: hours(0), frozen: true },
        data: {
          memsolus: {
            memories: { count: MEMORIES },
            exports: [{ behavior: { processingFor: '1h' } }, { behavior: { processingFor: '90m' } }],
          },
        },
      },
    })
    const clock = `/sandboxes/${sandbox.id}/clock`
    const advance = ask(`${first.controlUrl}${clock}/advance`, { method: 'POST', body: { by: '73h' } })
    const broken = expect(advance).rejects.toThrow('fetch failed')
    await untilHalfWritten(directory)
    expect((await ask(`${first.controlUrl}${clock}`)).body).toMatchObject({ now: hours(1) })
    await first.stop('SIGKILL')
    await broken

    const second = await testServer(['--data', directory])
    const now = async () => (await ask<{ now: string }>(`${second.controlUrl}${clock}`)).body.now
    await expect.poll(now, PATIENCE).toBe(hours(73))
    const own = { 'x-api-key': sandbox.memsolus.apiKey }
    const { body: list } = await ask<ExportList>(`${second.url}/v1/exports`, { headers: own })
    expect(list.data.map(({ status, updated_at }) => [status, updated_at])).toEqual([
      ['READY', hours(1.5)],
      ['EXPIRED', hours(73)],
    ])
    const file = await ask<Memory[]>(`${second.url}/v1/exports/${list.data[0]?.id}/download`, { headers: own })
    expect(new Set(file.body.map(({ id }) => id)).size).toBe(MEMORIES)
    expect(await filesIn(directory)).toEqual([expect.stringMatching(new RegExp(`^${list.data[0]?.id}\\.[^.]+$`))])
  })

  it('M-LIFE-1 renders an export that was only created when the process was killed', async () => {
    const directory = await testDirectory()
    const first = await testServer(['--data', directory])
    const behavior = `${first.controlUrl}/sandboxes/default/memsolus/behavior`
    await ask(behavior, { method: 'PUT', body: { pendingFor: '3s' } })
    const { id, status } = await create(first)
    await first.stop('SIGKILL')
    expect([status, await filesIn(directory)]).toEqual(['PENDING', []])

    const second = await testServer(['--data', directory])
    await expect.poll(async () => (await get(second, id)).status, PATIENCE).toBe('READY')
    const { timeline } = await view(second, id)
    const [pending, processing] = timeline.map(({ at }) => Date.parse(at))
    expect(processing).toBe((pending ?? 0) + 3000)
    expect(await download(second, id)).toHaveLength(300)
  })

  it('writes the file of an export that was being created as READY when the process was killed', async () => {
    const directory = await testDirectory()
    const first = await testServer(['--data', directory, '--memories', `${MEMORIES}`], holdingFiles)
    const id = randomUUID()
    const updatedAt = new Date(Date.now() - 3_600_000).toISOString()
    const created = ask(`${first.controlUrl}/sandboxes/default/memsolus/exports`, {
      method: 'POST',
      body: { id, status: 'READY', updated_at: updatedAt },
    })
    const broken = expect(created).rejects.toThrow('fetch failed')
    await untilHalfWritten(directory)
    await first.stop('SIGKILL')
    await broken

    const second = await testServer(['--data', directory])
    await expect.poll(async () => (await get(second, id)).status, PATIENCE).toBe('READY')
    const { file, timeline } = await view(second, id)
    expect(timeline.at(-1)).toEqual({ status: 'READY', at: updatedAt })
    expect(await filesIn(directory)).toEqual([file?.key])
    expect(await download(second, id)).toHaveLength(MEMORIES)
  })

  it('M-CREATE-1 M-LIFE-1 loses no export of which a client was told, whenever the kill came', async () => {
    const directory = await testDirectory()
    const first = await testServer(['--data', directory])
    const told: string[] = []
    const asked = Array.from({ length: 60 }, async () => {
      told.push((await create(first)).id)
      if (told.length === 20) await first.stop('SIGKILL')
    })
    const outcomes = await Promise.allSettled(asked)
    expect(told.length).toBeGreaterThanOrEqual(20)
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toEqual([])

    const second = await testServer(['--data', directory])
    const list = async () => (await ask<ExportList>(`${second.url}/v1/exports?page_size=100`, { headers: key })).body
    await expect
      .poll(async () => new Set((await list()).data.map(({ status }) => status)), PATIENCE)
      .toEqual(new Set(['READY']))
    const ids = (await list()).data.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(told))
    const memories = await Promise.all(ids.map(async (id) => (await download(second, id)).length))
    expect(new Set(memories)).toEqual(new Set([300]))
    expect((await filesIn(directory)).map((name) => name.split('.')[0]).toSorted()).toEqual(ids.toSorted())
  })
})
