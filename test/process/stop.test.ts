import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { get, type IncomingMessage, request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ask, isListening, testDirectory, testServer } from '../harness/process.ts'
import type { ServerProcess } from '../harness/server.ts'

/** A stop takes no longer, whatever is under way. */
const STOP_MS = 10_000
const MEMSOLUS = { 'x-api-key': 'msk_live_demo' }

/** Begins a download that is larger than what the system buffers, and reads nothing of it. */
async function beginDownload({ url, controlUrl }: ServerProcess): Promise<IncomingMessage> {
  const items = Array.from({ length: 16 }, (_, index) => ({ memory: `${index}`.repeat(1_000_000) }))
  const own = `${controlUrl}/sandboxes/default`
  await ask(`${own}/memsolus/memories`, { method: 'POST', body: { items } })
  const { body } = await ask<{ id: string }>(`${url}/v1/exports`, { method: 'POST', headers: MEMSOLUS })
  await ask(`${own}/clock/advance`, { method: 'POST', body: { by: '0s' } })
  const [response] = (await once(get(`${url}/v1/exports/${body.id}/download`, { headers: MEMSOLUS }), 'response')) as [
    IncomingMessage,
  ]
  expect(response.statusCode).toBe(200)
  return response
}

/** Begins a call whose body is still to come when the server has taken it in hand. */
async function beginCall({ controlUrl }: ServerProcess) {
  const call = request(`${controlUrl}/sandboxes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked', expect: '100-continue' },
  })
  const answer = once(call, 'response') as Promise<[IncomingMessage]>
  answer.catch(() => {})
  call.flushHeaders()
  await once(call, 'continue')
  return { call, answer }
}

const untilItStopsListening = ({ url }: ServerProcess) =>
  expect.poll(() => isListening(url), { timeout: STOP_MS }).toBe(false)

describe('a stop', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s lets a download and a call that are under way finish',
    async (signal) => {
      const scratch = await testDirectory()
      const server = await testServer([], { TMPDIR: scratch })
      const download = await beginDownload(server)
      const { call, answer } = await beginCall(server)

      const stopped = server.stop(signal)
      await untilItStopsListening(server)
      call.end('{"name":"late"}')
      const [{ statusCode }] = await answer
      expect(statusCode).toBe(201)
      let bytes = 0
      for await (const chunk of download) bytes += chunk.length
      expect(bytes).toBeGreaterThan(16_000_000)
      expect(bytes).toBe(Number(download.headers['content-length']))
      expect(await stopped).toBe(0)
      expect(await readdir(scratch)).toEqual([])
      expect(server.log()).toBe('')
    },
  )

  it('does not wait long for a reader that reads no more, nor for a call that is never whole', async () => {
    const scratch = await testDirectory()
    const server = await testServer([], { TMPDIR: scratch })
    const download = await beginDownload(server)
    const { answer } = await beginCall(server)
    const toldAt = performance.now()
    expect(await server.stop()).toBe(0)
    expect(performance.now() - toldAt).toBeLessThan(STOP_MS)
    await expect(answer).rejects.toThrow('socket hang up')
    await expect(once(download.resume(), 'end')).rejects.toThrow('aborted')
    expect(await readdir(scratch)).toEqual([])
  })

  it('is at once on the second Ctrl-C', async () => {
    const server = await testServer()
    const { answer } = await beginCall(server)
    const stopped = server.stop('SIGINT')
    await untilItStopsListening(server)
    await server.stop('SIGINT')
    expect(await stopped).toBe(130)
    await expect(answer).rejects.toThrow('socket hang up')
  })
})
