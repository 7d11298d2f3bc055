import { once } from 'node:events'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdingFiles, letFilesGo, SEVERAL_PARTS } from '../harness/held-files.ts'
import type { ExportView } from '../harness/memsolus.ts'
import { ask, filesIn, filesKnownIn, testDirectory, testServer, untilHalfWritten } from '../harness/process.ts'
import type { ApiError, Export } from '../harness/sandbox.ts'

type Sandbox = { id: string; memsolus: { apiKey: string } }

/** A server that keeps its files where a test can see them, a sandbox in it, and what the test does with that. */
async function serverWithSandbox(memories: Record<string, unknown> = { count: 20 }, env: NodeJS.ProcessEnv = {}) {
  const directory = await testDirectory()
  const server = await testServer(['--data', directory], env)
  const { body: sandbox } = await ask<Sandbox>(`${server.controlUrl}/sandboxes`, {
    method: 'POST',
    body: { clock: { now: '2026-03-01T00:00:00Z', frozen: true }, data: { memsolus: { memories } } },
  })
  const own = `/sandboxes/${sandbox.id}`
  const command = <T = unknown>(method: string, path: string, body?: unknown) =>
    ask<T>(`${server.controlUrl}${path}`, { method, body })
  const headers = { 'x-api-key': sandbox.memsolus.apiKey }
  return {
    ...server,
    directory,
    own,
    headers,
    command,
    advance: (by: string) => command<{ now: string }>('POST', `${own}/clock/advance`, { by }),
    create: async (key = sandbox.memsolus.apiKey) =>
      (await ask<Export>(`${server.url}/v1/exports`, { method: 'POST', headers: { 'x-api-key': key } })).body.id,
    object: async (id: string) => (await ask<Export>(`${server.url}/v1/exports/${id}`, { headers })).body,
    download: (id: string) => ask<ApiError>(`${server.url}/v1/exports/${id}/download`, { headers }),
    fileOf: async (id: string) => (await command<ExportView>('GET', `${own}/memsolus/exports/${id}`)).body.file?.key,
  }
}

describe('a file is gone from the disk', () => {
  it('M-LIFE-2 M-LIFE-3c M-DOWN-3 when its export has expired, and not before', async () => {
    const { directory, advance, create, object, download, fileOf, stop } = await serverWithSandbox()
    const first = await create()
    await advance('1h')
    const second = await create()
    await advance('1h')
    const files = [await fileOf(first), await fileOf(second)]
    expect((await filesIn(directory)).toSorted()).toEqual(files.toSorted())
    await advance('70h')
    expect([(await object(first)).status, (await object(second)).status]).toEqual(['EXPIRED', 'READY'])
    expect(await filesIn(directory)).toEqual([files[1]])
    expect(await download(first)).toMatchObject({ status: 410, body: { error: 'EXPORT_EXPIRED' } })
    expect((await download(second)).status).toBe(200)
    await advance('1h')
    expect(await filesIn(directory)).toEqual([])
    expect((await object(second)).status).toBe('EXPIRED')
    expect((await download(second)).status).toBe(410)
    await stop()
    expect(await filesKnownIn(directory)).toEqual([])
  })

  it('M-LIFE-3c while a download that began before goes on to its end', async () => {
    // More than the sockets between client and server hold.
    const memories = { count: 32, memory: 'x'.repeat(1 << 20) }
    const { url, headers, directory, advance, create, object } = await serverWithSandbox(memories)
    const id = await create()
    await advance('1h')
    const request = get(`${url}/v1/exports/${id}/download`, { headers, agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await advance('72h')
    expect((await object(id)).status).toBe('EXPIRED')
    expect(await filesIn(directory)).toEqual([])
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    expect(Buffer.byteLength(text)).toBe(Number(response.headers['content-length']))
    expect(JSON.parse(text)).toHaveLength(32)
  })

  it('when its export is expired or loses it by hand', async () => {
    const { directory, own, command, advance, create, download } = await serverWithSandbox()
    const [expired, lost] = [await create(), await create()]
    await advance('1h')
    expect(await filesIn(directory)).toHaveLength(2)
    await command('POST', `${own}/memsolus/exports/${expired}/expire`)
    expect(await filesIn(directory)).toEqual([expect.stringContaining(lost)])
    await command('POST', `${own}/memsolus/exports/${lost}/lose-file`)
    expect(await filesIn(directory)).toEqual([])
    expect([(await download(expired)).status, (await download(lost)).status]).toEqual([410, 500])
  })

  it('when its sandbox is reset, or its workspace deleted, or its sandbox; no other', async () => {
    const { directory, own, command, advance, create, fileOf, stop, controlUrl, url } = await serverWithSandbox()
    const demo = { 'x-api-key': 'msk_live_demo' }
    const { body: kept } = await ask<Export>(`${url}/v1/exports`, { method: 'POST', headers: demo })
    await ask(`${controlUrl}/sandboxes/default/clock/advance`, { method: 'POST', body: { by: '1h' } })
    const [keptFile] = await filesIn(directory)
    expect(keptFile).toContain(kept.id)

    await create()
    await advance('1h')
    expect(await filesIn(directory)).toHaveLength(2)
    expect((await command('POST', `${own}/reset`)).status).toBe(200)
    expect(await filesIn(directory)).toEqual([keptFile])

    const workspace = (await command<{ id: string; apiKey: string }>('POST', `${own}/memsolus/workspaces`, {})).body
    await create(workspace.apiKey)
    const other = await create()
    await advance('1h')
    expect(await filesIn(directory)).toHaveLength(3)
    expect((await command('DELETE', `${own}/memsolus/workspaces/${workspace.id}`)).status).toBe(204)
    expect((await filesIn(directory)).toSorted()).toEqual([keptFile, await fileOf(other)].toSorted())

    expect((await command('DELETE', own)).status).toBe(204)
    expect(await filesIn(directory)).toEqual([keptFile])
    await stop()
    expect(await filesKnownIn(directory)).toEqual([keptFile])
  })

  it.each(['delete', 'reset', 'delete the workspace of'])(
    'when it is half written and all that it is about goes: %s the sandbox',
    async (what) => {
      const server = await serverWithSandbox({ count: SEVERAL_PARTS }, holdingFiles)
      const { directory, own, command, create, stop } = server
      const [workspace] = (await command<{ items: { id: string }[] }>('GET', `${own}/memsolus/workspaces`)).body.items
      await create()
      await untilHalfWritten(directory)
      if (what === 'delete') expect((await command('DELETE', own)).status).toBe(204)
      else if (what === 'reset') expect((await command('POST', `${own}/reset`)).status).toBe(200)
      else expect((await command('DELETE', `${own}/memsolus/workspaces/${workspace?.id}`)).status).toBe(204)
      letFilesGo(server)
      await expect.poll(() => filesIn(directory), { timeout: 20_000 }).toEqual([])
      await stop()
      expect(await filesKnownIn(directory)).toEqual([])
    },
  )
})

it('M-LIFE-3c an export expires also where the disk does not let go of its file, which is removed later', async () => {
  const { directory, advance, create, object, fileOf, stop, log } = await serverWithSandbox()
  const id = await create()
  await advance('1h')
  const key = (await fileOf(id)) ?? ''
  const path = join(directory, 'files', key)
  await rm(path)
  await mkdir(join(path, 'in the way'), { recursive: true })
  expect(await advance('72h')).toMatchObject({ status: 200, body: { now: '2026-03-04T01:00:00.000Z' } })
  expect((await object(id)).status).toBe('EXPIRED')
  expect(log()).toContain(key)

  await rmdir(join(path, 'in the way'))
  await rmdir(path)
  expect((await advance('0s')).status).toBe(200)
  await stop()
  expect(await filesKnownIn(directory)).toEqual([])
})
