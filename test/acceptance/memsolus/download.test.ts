import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

it.each([
  ['json', 'application/json', '.json'],
  ['csv', 'text/csv', '.csv'],
  ['markdown', 'text/markdown', '.md'],
])('M-DOWN-1 M-DOWN-4c a %s file is sent raw, as exactly %s, attached as *%s', async (format, type, extension) => {
  const { memsolus, control } = await testSandbox({ data: { memsolus: { memories: { count: 40 } } } })
  const { id } = await memsolus.finished({ format })
  const { status, headers, text } = await memsolus.download(id)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe(type)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[^"\\/]+"$/)
  expect(headers.get('content-disposition')?.slice(0, -1).endsWith(extension)).toBe(true)
  expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(text))
  expect(headers.get('transfer-encoding')).toBeNull()
  const { file } = (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body
  expect(file?.bytes).toBe(Buffer.byteLength(text))
})

it('M-DOWN-1 M-DOWN-4c an empty file has its headers and its length too', async () => {
  const { memsolus } = await testSandbox()
  const { id } = await memsolus.finished({ format: 'json' })
  const { headers, text } = await memsolus.download(id)
  expect([headers.get('content-type'), headers.get('content-length'), text]).toEqual(['application/json', '3', '[]\n'])
})

it('M-DOWN-1 a file can be downloaded again and again, at once too, and is the same', async () => {
  const { memsolus } = await testSandbox({ data: { memsolus: { memories: { count: 300 } } } })
  const { id } = await memsolus.finished({ format: 'csv' })
  const answers = await Promise.all(Array.from({ length: 8 }, () => memsolus.download(id)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
})

it('M-DOWN-2 M-ERR-2c PENDING and PROCESSING: 409, saying which', async () => {
  const { memsolus, control } = await testSandbox({ data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  const { id } = (await memsolus.create()).body
  const refused = async () => {
    const { status, body, headers } = await memsolus.download(id)
    expect(body).toEqual({ error: 'EXPORT_NOT_READY', message: expect.stringContaining(id), statusCode: 409 })
    expect([status, headers.get('content-disposition')]).toEqual([409, null])
    return body.message
  }
  expect(await refused()).toContain('PENDING')
  await control('POST', `/memsolus/exports/${id}/step`)
  expect((await memsolus.get(id)).body.status).toBe('PROCESSING')
  expect(await refused()).toContain('PROCESSING')
})

it('M-DOWN-3 M-GET-2 M-GET-3c unknown, another account’s or no UUID: 404, for the object and for the file', async () => {
  const sandbox = await testSandbox()
  const { memsolus } = sandbox
  const { id } = await memsolus.finished()
  const { body: workspace } = await sandbox.control<{ apiKey: string }>('POST', '/memsolus/workspaces', {})
  const stranger = await testSandbox()
  const asks: [id: string, key: string][] = [
    ['00000000-0000-4000-8000-000000000000', sandbox.view.memsolus.apiKey],
    [id, workspace.apiKey],
    [id, stranger.view.memsolus.apiKey],
    [id.slice(0, -1), sandbox.view.memsolus.apiKey],
    [`${id}0`, sandbox.view.memsolus.apiKey],
    ['latest', sandbox.view.memsolus.apiKey],
    ['0', sandbox.view.memsolus.apiKey],
    ["1'--", sandbox.view.memsolus.apiKey],
    ['é'.repeat(500), sandbox.view.memsolus.apiKey],
    ['__proto__', sandbox.view.memsolus.apiKey],
  ]
  for (const [asked, key] of asks) {
    for (const answer of [
      await memsolus.get(encodeURIComponent(asked), { key }),
      await memsolus.download(encodeURIComponent(asked), { key }),
    ]) {
      expect(answer.status, asked).toBe(404)
      const message = `Export ${asked} not found.`
      expect(answer.body).toEqual({ error: 'EXPORT_NOT_FOUND', message, statusCode: 404 })
    }
  }
  expect((await memsolus.get(id)).status).toBe(200)
})

it('M-DOWN-5c READY whose file is gone: 500, saying no more than that', async () => {
  const { memsolus, control } = await testSandbox({ data: { memsolus: { memories: { count: 3 } } } })
  const { id } = await memsolus.finished()
  expect((await memsolus.download(id)).status).toBe(200)
  await control('POST', `/memsolus/exports/${id}/lose-file`)
  expect((await memsolus.get(id)).body.status).toBe('READY')
  const { status, body } = await memsolus.download(id)
  expect(status).toBe(500)
  const message = `The file of export ${id} is missing. Create a new export.`
  expect(body).toEqual({ error: 'EXPORT_FILE_MISSING', message, statusCode: 500 })
})

it('M-LIFE-3c a download begun before the export expires finishes, whole', async () => {
  const clock = { now: '2026-03-01T00:00:00Z', frozen: true }
  const { memsolus, control, view, advance, addMemories } = await testSandbox({ clock })
  // More than the sockets between client and server hold.
  await addMemories({ count: 32, memory: 'x'.repeat(1 << 20) })
  const { id } = await memsolus.finished({ format: 'markdown' })
  const { file } = (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body
  const headers = { 'x-api-key': view.memsolus.apiKey }
  const request = get(`${serverUrl()}/v1/exports/${id}/download`, { headers, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const first: Buffer = response.read() ?? (await once(response, 'readable').then(() => response.read()))
  expect(response.statusCode).toBe(200)

  await advance('72h')
  expect((await memsolus.download(id)).status).toBe(410)
  expect((await control<ExportView>('GET', `/memsolus/exports/${id}`)).body).toMatchObject({
    status: 'EXPIRED',
    file: null,
  })

  expect(first.length).toBeLessThan(file?.bytes ?? 0)
  let bytes = first.length
  for await (const chunk of response) bytes += chunk.length
  expect(bytes).toBe(file?.bytes)
  expect(bytes).toBe(Number(response.headers['content-length']))
})
