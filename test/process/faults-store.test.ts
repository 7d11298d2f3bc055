import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import { faultyStore } from '../harness/faulty-store.ts'
import type { ExportView, Memory } from '../harness/memsolus.ts'
import { PATIENCE } from '../harness/renders.ts'
import type { ApiError } from '../harness/sandbox.ts'

const services = inject('services')

/** So large that a file of them is uploaded in parts. */
const TEXTS = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(1_000_000))

/** An API and a worker that keep their files in a store which can fail. */
async function storeCluster() {
  const store = await faultyStore()
  const { start } = await testCluster(services)
  const client = clientOf(await start('api', store.env))
  const worker = await start('worker', store.env)
  await client.control('POST', '/sandboxes/default/memsolus/memories', {
    items: TEXTS.map((memory) => ({ memory, user_id: 'large' })),
  })
  return {
    store,
    client,
    startWorker: () => start('worker', store.env),
    create: async () => (await client.create('?user_id=large')).body.id,
    failures: () => worker.log().split('export render failed').length - 1,
    /** An export is READY with all memories, and its object is all that is in the store. */
    async expectWhole(id: string): Promise<void> {
      await expect.poll(() => client.status(id), PATIENCE).toBe('READY')
      const { body } = await client.download<Memory[]>(id)
      expect(body.map(({ memory }) => memory).toSorted()).toEqual(TEXTS)
      const { body: view } = await client.control<ExportView>('GET', `/sandboxes/default/memsolus/exports/${id}`)
      expect(await store.objects()).toEqual([`files/${view.file?.key}`])
      expect(store.unfinished()).toEqual([])
      expect((await client.control('GET', '/health')).status).toBe(200)
    },
  }
}

describe.runIf(services)('where the object store fails', { timeout: 120_000 }, () => {
  it('M-LIFE-5c while parts are uploaded: an export is FAILED, one is READY when it is mended; no upload is left', async () => {
    const { store, client, create, failures, expectWhole } = await storeCluster()
    store.fail(({ query }) => (query.get('partNumber') === '2' ? 503 : undefined))
    const first = await create()
    await expect.poll(() => client.status(first), PATIENCE).toBe('FAILED')
    expect(failures()).toBe(3)
    const { status, body } = await client.download<ApiError>(first)
    expect([status, body.message]).toEqual([409, expect.stringContaining('The export could not be rendered')])
    expect([await store.objects(), store.unfinished()]).toEqual([[], []])

    const second = await create()
    await expect.poll(failures, PATIENCE).toBe(4)
    store.mend()
    await expectWhole(second)
  })

  it('and is away altogether: what could not be taken back is swept by the next worker', async () => {
    const { store, client, create, startWorker, expectWhole } = await storeCluster()
    // It takes in that an upload begins, and from then on nothing.
    store.fail(({ method }) => (method === 'POST' ? undefined : 'break'))
    const first = await create()
    await expect.poll(() => client.status(first), PATIENCE).toBe('FAILED')
    expect(store.unfinished()).not.toEqual([])
    expect(await store.objects()).toEqual([])
    store.mend()
    await startWorker()
    await expect.poll(store.unfinished, PATIENCE).toEqual([])
    await expectWhole(await create())
  })

  it('while a file is downloaded: the client sees that it is not whole, and the next download is', async () => {
    const { store, client, create, expectWhole } = await storeCluster()
    const id = await create()
    await expectWhole(id)
    store.fail(({ method, path }) => (method === 'GET' && path.includes(id) ? 'break' : undefined))
    await expect(client.download(id)).rejects.toThrow('terminated')
    store.fail(({ method, path }) => (method === 'GET' && path.includes(id) ? 503 : undefined))
    const refused = await client.download<ApiError>(id)
    expect([refused.status, refused.body.error]).toEqual([500, 'INTERNAL_ERROR'])
    store.mend()
    await expectWhole(id)
  })
})
