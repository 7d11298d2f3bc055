import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ExportView } from '../harness/memsolus.ts'
import { ask, filesIn, filesKnownIn, testDirectory, testServer } from '../harness/process.ts'
import type { ApiError, Export } from '../harness/sandbox.ts'

const key = { 'x-api-key': 'msk_live_demo' }
const reason = 'The export could not be rendered'

/** A server that keeps its files where a test can put something in their way, and what the test does with it. */
async function serverWithFiles() {
  const directory = await testDirectory()
  const server = await testServer(['--data', directory])
  const own = `${server.controlUrl}/sandboxes/default`
  const files = join(directory, 'files')
  return {
    ...server,
    directory,
    /** Takes the directory of the files away. What comes in its place, if anything, is no directory. */
    async breakFiles({ withFile = false } = {}) {
      await rename(files, `${files}.away`)
      if (withFile) await writeFile(files, '')
    },
    async mendFiles() {
      await rm(files, { force: true })
      await rename(`${files}.away`, files)
    },
    create: async () => (await ask<Export>(`${server.url}/v1/exports`, { method: 'POST', headers: key })).body.id,
    get: async (id: string) => (await ask<Export>(`${server.url}/v1/exports/${id}`, { headers: key })).body,
    download: (id: string) => ask<ApiError>(`${server.url}/v1/exports/${id}/download`, { headers: key }),
    view: async (id: string) => (await ask<ExportView>(`${own}/memsolus/exports/${id}`)).body,
    put: (path: string, body: unknown) => ask(`${own}${path}`, { method: 'PUT', body }),
    command: (path: string, body?: unknown) =>
      ask<{ events: Record<string, unknown>[] }>(`${own}${path}`, { method: 'POST', body }),
    failures: () => server.log().split('export render failed').length - 1,
  }
}

it('M-LIFE-5c a render that fails is tried again, and is READY where the cause has gone away', async () => {
  const { breakFiles, mendFiles, create, get, download, view, failures, directory } = await serverWithFiles()
  await breakFiles()
  const id = await create()
  await expect.poll(failures, { interval: 5, timeout: 10_000 }).toBe(1)
  expect((await get(id)).status).toBe('PROCESSING')
  await mendFiles()
  await expect.poll(async () => (await get(id)).status, { timeout: 20_000 }).toBe('READY')
  const { attempts, file, timeline } = await view(id)
  expect(attempts).toBe(failures() + 1)
  expect(timeline.map(({ status }) => status)).toEqual(['PENDING', 'PROCESSING', 'READY'])
  expect((await download(id)).body).toHaveLength(300)
  expect(await filesIn(directory)).toEqual([file?.key])
})

it('M-LIFE-5c the second and the third try come by themselves, and then it is FAILED', async () => {
  const { breakFiles, create, get, view, failures } = await serverWithFiles()
  await breakFiles()
  const id = await create()
  await expect.poll(async () => (await get(id)).status, { timeout: 20_000 }).toBe('FAILED')
  expect([failures(), (await view(id)).attempts]).toEqual([3, 3])
})

it.each([
  ['a directory that is gone', false],
  ['a file in its place', true],
])(
  'M-LIFE-5c M-DOWN-5c where the cause stays it is FAILED with a reason, and nothing is left: %s',
  async (_, withFile) => {
    const server = await serverWithFiles()
    const { breakFiles, mendFiles, create, get, download, view, put, command } = server
    await put('/memsolus/behavior', { pendingFor: '1h' })
    const id = await create()
    await breakFiles({ withFile })

    const { status, body } = await command('/clock/advance', { by: '2h' })
    expect(status).toBe(200)
    expect(body.events.map(({ from, to, failure }) => [from, to, failure])).toEqual([
      ['PENDING', 'PROCESSING', undefined],
      ['PROCESSING', 'FAILED', reason],
    ])
    const failed = await get(id)
    expect(failed.status).toBe('FAILED')
    expect(await view(id)).toMatchObject({ attempts: 3, file: null, nextAt: null, expiresAt: null })
    const refused = async () => {
      const answer = await download(id)
      const message = `Export ${id} failed and will not become ready: ${reason}. Create a new export.`
      expect([answer.status, answer.body]).toEqual([409, { error: 'EXPORT_NOT_READY', message, statusCode: 409 }])
    }
    await refused()

    // It stays so, also when the cause is gone; the next one is not held up by it.
    await mendFiles()
    expect((await command('/clock/advance', { by: '100h' })).status).toBe(200)
    expect(await get(id)).toEqual(failed)
    await refused()
    const next = await create()
    await command('/clock/advance', { by: '2h' })
    const { file } = await view(next)
    expect(await filesIn(server.directory)).toEqual([file?.key])
    await server.stop()
    expect(await filesKnownIn(server.directory)).toEqual([file?.key])
  },
)

it('M-LIFE-5c a step by hand waits for no backoff, and spends the tries like any other', async () => {
  const { breakFiles, mendFiles, create, get, view, put, command, directory } = await serverWithFiles()
  await put('/memsolus/behavior', { hold: 'PROCESSING' })
  const [first, second] = [await create(), await create()]
  await expect.poll(async () => (await get(second)).status).toBe('PROCESSING')
  await breakFiles()
  expect((await command(`/memsolus/exports/${first}/step`)).body).toMatchObject({ status: 'FAILED', attempts: 3 })
  await mendFiles()
  expect((await command(`/memsolus/exports/${second}/step`)).body).toMatchObject({ status: 'READY', attempts: 1 })
  expect(await filesIn(directory)).toEqual([(await view(second)).file?.key])
})
