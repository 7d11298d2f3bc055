import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import { hasProc, isLetGo, memoryOf, openFiles } from '../harness/proc.ts'
import { ask } from '../harness/process.ts'
import { PATIENCE } from '../harness/renders.ts'

const services = inject('services')
const key = { 'x-api-key': 'msk_live_demo' }
const MEGABYTES = 16
const TEXTS = Array.from({ length: MEGABYTES }, (_, index) => `${index % 10}`.repeat(1_000_000))

/** Two APIs and a worker, and a large export that is READY. */
async function clusterWithFile() {
  const { env, start } = await testCluster(services)
  const [one, other] = [await start('api'), await start('api')]
  await start('worker')
  const client = clientOf(other)
  await client.control('POST', '/sandboxes/default/memsolus/memories', {
    items: TEXTS.map((memory) => ({ memory, user_id: 'large' })),
  })
  const { body } = await client.create('?user_id=large')
  await expect.poll(() => client.status(body.id), PATIENCE).toBe('READY')
  return { one, other, directory: env.FILES_URL, id: body.id }
}

/** Begins a download, of which nothing is read but what comes first. */
async function beginDownload(url: string, id: string): Promise<IncomingMessage> {
  const call = get(`${url}/v1/exports/${id}/download`, { headers: key, agent: false })
  onTestFinished(() => void call.destroy())
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  expect(answer.statusCode).toBe(200)
  return answer
}

describe.runIf(services && hasProc)('a client that does not read', { timeout: 120_000 }, () => {
  it('and goes away in the middle of a download leaves nothing open', async () => {
    const { one, directory, id } = await clusterWithFile()
    const downloads = await Promise.all(Array.from({ length: 5 }, () => beginDownload(one.url, id)))
    expect(await openFiles(one.pid, directory)).toHaveLength(5)
    for (const download of downloads) download.destroy()
    await expect.poll(() => openFiles(one.pid, directory), PATIENCE).toEqual([])
    expect((await clientOf(one).download(id)).status).toBe(200)
    expect(one.log()).not.toContain('"level":50')
  })

  it('costs no memory, and others are served; when it reads at last it gets all', async () => {
    const { one, directory, id } = await clusterWithFile()
    const before = await memoryOf(one.pid)
    const downloads = await Promise.all(Array.from({ length: 25 }, () => beginDownload(one.url, id)))
    const client = clientOf(one)
    const { body } = await client.create()
    await expect.poll(() => client.status(body.id), PATIENCE).toBe('READY')
    expect((await client.download(body.id)).status).toBe(200)
    expect(await openFiles(one.pid, directory)).toHaveLength(downloads.length)
    expect(await memoryOf(one.pid)).toBeLessThan(before + (downloads.length * MEGABYTES * 1_000_000) / 2)
    const [first, ...rest] = downloads
    for (const download of rest) download.destroy()
    let bytes = 0
    for await (const chunk of first ?? []) bytes += chunk.length
    expect(bytes).toBe(Number(first?.headers['content-length']))
  })

  it('the events that come from another process is let go, and one that reads them is not', async () => {
    const { start } = await testCluster(services)
    const [one, other] = [await start('api'), await start('api')]
    const ports = { server: Number(new URL(one.url).port), client: 0 }
    const events = '/_sandport/sandboxes/default/events'
    const slow = connect(ports.server, '127.0.0.1')
    onTestFinished(() => void slow.destroy())
    slow.write(`GET ${events} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(slow, 'readable')
    ports.client = slow.localPort ?? 0

    const ending = new AbortController()
    onTestFinished(() => ending.abort())
    const fast = await fetch(`${one.url}${events}`, { signal: ending.signal })
    let read = 0
    const reading = (async () => {
      for await (const chunk of fast.body ?? []) read += chunk.length
    })().catch(() => {})

    // What is told of a request holds its long address.
    const long = `${other.url}/v1/exports?user_id=${'u'.repeat(10_000)}`
    const letGo = async () => {
      await Promise.all(Array.from({ length: 50 }, () => ask(long, { headers: key })))
      return isLetGo(ports)
    }
    await expect.poll(letGo, PATIENCE).toBe(true)
    const readSoFar = read
    await ask(long, { headers: key })
    await expect.poll(() => read, PATIENCE).toBeGreaterThan(readSoFar)
    ending.abort()
    await reading
    expect((await clientOf(one).control('GET', '/health')).status).toBe(200)
  })
})
