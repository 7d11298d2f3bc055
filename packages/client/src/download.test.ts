import { expect, it } from 'vitest'
import { downloadOf } from './download.ts'
import { IncompleteDownload } from './errors.ts'
import { createMemsolusClient } from './memsolus.ts'
import { collect, fakeFetch } from './testing.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

/** A file that comes in pieces, and then ends, or breaks off. */
function fileOf(
  pieces: (string | Uint8Array<ArrayBuffer>)[],
  { type = 'application/json', length, broken }: { type?: string; length?: number; broken?: Error } = {},
) {
  const chunks = pieces.map((piece) => (typeof piece === 'string' ? bytes(piece) : piece))
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else if (broken) controller.error(broken)
      else controller.close()
    },
  })
  const headers = { 'content-type': type, ...(length !== undefined && { 'content-length': `${length}` }) }
  return new Response(source, { headers })
}
const download = (...[pieces, options]: Parameters<typeof fileOf>) => downloadOf(fileOf(pieces, options), undefined)

const csv = 'id,memory,user_id,categories,access_count\r\nm1,"a ""b"",\nc",,"[""x""]",2\r\n'
const memory = { id: 'm1', memory: 'a "b",\nc', user_id: null, categories: ['x'], access_count: 2 }

it('gives the same memories from JSON and from CSV', async () => {
  const json = `[${JSON.stringify(memory)}]\n`
  expect(await download([json.slice(0, 5), json.slice(5)], { length: json.length }).memories()).toEqual([memory])
  expect(await download(csv.match(/[\s\S]{1,3}/g) ?? [], { type: 'text/csv', length: csv.length }).memories()).toEqual([
    memory,
  ])
})

it('puts together a character that comes in two pieces', async () => {
  const [first, second] = [bytes('é').slice(0, 1), bytes('é').slice(1)]
  expect(await download(['# ', first, second], { type: 'text/markdown' }).text()).toBe('# é')
})

it('tells what the headers say of the file', () => {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-length': '3',
    'content-disposition': 'attachment; filename="m.csv"',
  }
  const { format, fileName, sizeBytes } = downloadOf(new Response('a\r\n', { headers }), undefined)
  expect({ format, fileName, sizeBytes }).toEqual({ format: 'csv', fileName: 'm.csv', sizeBytes: 3 })
})

it('takes no length of what was compressed on the way', async () => {
  const headers = { 'content-type': 'text/csv', 'content-length': '3', 'content-encoding': 'gzip' }
  expect(await downloadOf(new Response('longer', { headers }), undefined).text()).toBe('longer')
})

it.each([
  ['is shorter than it was to be', { length: 9 }, 5, 9],
  ['is longer than it was to be', { length: 3 }, 5, 3],
  ['breaks off', { broken: new TypeError('terminated') }, 5, undefined],
])('refuses a file that %s, read in whichever way', async (_, options, receivedBytes, expectedBytes) => {
  const incomplete = { code: 'INCOMPLETE_DOWNLOAD', receivedBytes, expectedBytes }
  await expect(download(['[]   '], options).text()).rejects.toMatchObject(incomplete)
  await expect(download(['[]   '], options).memories()).rejects.toThrow(IncompleteDownload)
  const asCsv = { ...options, type: 'text/csv' }
  await expect(collect(download(['id\r\n1'], asCsv).eachMemory())).rejects.toThrow(IncompleteDownload)
  await expect(new Response(download(['[]   '], options).body).arrayBuffer()).rejects.toMatchObject(incomplete)
})

it.each([
  ['no JSON', ['[1,']],
  ['no list', ['{}']],
  ['no UTF-8', [new Uint8Array([0xff])]],
])('refuses a file that is %s', async (_, pieces) => {
  await expect(download(pieces).memories()).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})

it('refuses what is no file, and to read memories from Markdown', async () => {
  expect(() => download(['<html>'], { type: 'text/html' })).toThrow('content type "text/html"')
  await expect(download(['# 0'], { type: 'text/markdown' }).memories()).rejects.toThrow(TypeError)
})

it('ends the stream of the server when nobody reads on', async () => {
  let isCancelled = false
  const cancel = () => {
    isCancelled = true
  }
  const source = () => new ReadableStream({ pull: (to) => to.enqueue(bytes('id\r\nm1\r\n')), cancel })
  const endless = () => new Response(source(), { headers: { 'content-type': 'text/csv' } })
  for await (const _ of downloadOf(endless(), undefined).eachMemory()) break
  expect(isCancelled).toBe(true)
  isCancelled = false
  await downloadOf(endless(), undefined).cancel()
  expect(isCancelled).toBe(true)
})

it('rejects with the reason of its signal while it is read, and is not asked for again', async () => {
  const controller = new AbortController()
  const { fetch, sent } = fakeFetch(() => fileOf(['['], { broken: new Error('aborted') }))
  const memsolus = createMemsolusClient({ baseUrl: 'http://server', apiKey: 'k', fetch })
  const file = await memsolus.download('e1', { signal: controller.signal })
  controller.abort(new Error('Enough'))
  await expect(file.text()).rejects.toThrow('Enough')
  expect(sent).toHaveLength(1)
})
