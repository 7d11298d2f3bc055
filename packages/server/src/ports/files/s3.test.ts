import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { filesContract, MANY, megabytes } from './contract.ts'
import { type S3Place, s3Files } from './s3.ts'
import { openTestStore } from './testing-store.ts'

const MEGABYTE = 1024 * 1024

let store: Awaited<ReturnType<typeof openTestStore>>
let prefixes = 0

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test'
  process.env.AWS_SECRET_ACCESS_KEY = 'test'
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  store.requests.length = 0
})

/** Files under a prefix of their own. */
async function testFiles({ prefix = `test-${prefixes++}/`, ...changes }: Partial<S3Place> = {}) {
  const files = s3Files({ ...store.place(prefix), ...changes })
  onTestFinished(() => files.close())
  return files
}

filesContract(testFiles)

/** Has the store answer with a status where a request matches, so many times. */
function answers(
  status: number,
  times: number,
  matches: (request: { method: string; query: URLSearchParams }) => boolean,
) {
  let left = times
  const mend = store.fail((request, response) => {
    if (left === 0 || !matches(request)) return false
    left--
    response.writeHead(status).end()
    return true
  })
  onTestFinished(mend)
  return mend
}

const isPart = ({ query }: { query: URLSearchParams }) => query.has('partNumber')

describe('a store that fails for a while', () => {
  it.each([500, 503])('with %i, is asked again, and the file is whole', async (status) => {
    const files = await testFiles()
    answers(status, 2, isPart)
    expect(await files.write('file', megabytes(MANY))).toBe(MANY * MEGABYTE)
    const file = await files.read('file')
    expect(file && (await buffer(file.content)).length).toBe(MANY * MEGABYTE)
    expect(store.unfinished()).toEqual([])
  })

  it('is asked again where the file is small, too, and where it is read', async () => {
    const files = await testFiles()
    answers(503, 2, ({ method }) => method === 'PUT')
    await files.write('file', megabytes(1))
    answers(503, 2, ({ method }) => method === 'GET')
    const file = await files.read('file')
    expect(file && (await buffer(file.content)).length).toBe(MEGABYTE)
  })
})

describe('a store that goes on to fail', () => {
  it('rejects the write at its first part that fails, reads no more of the content, and leaves nothing', async () => {
    const files = await testFiles()
    let isRead = false
    answers(500, Number.POSITIVE_INFINITY, isPart)
    const content = megabytes(100, () => {
      isRead = true
    })
    await expect(files.write('file', content)).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } })
    expect(isRead).toBe(false)
    expect((await content.next()).done).toBe(true)
    expect(store.unfinished()).toEqual([])
    expect(await files.list()).toEqual([])
  })

  it('in completing a file leaves nothing of it', async () => {
    const files = await testFiles()
    answers(503, Number.POSITIVE_INFINITY, ({ method, query }) => method === 'POST' && query.has('uploadId'))
    await expect(files.write('file', megabytes(MANY))).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
    expect(store.unfinished()).toEqual([])
    expect(await files.list()).toEqual([])
  })

  it('in removing the parts, too, leaves them listed until they are removed', async () => {
    const files = await testFiles()
    const mend = answers(503, Number.POSITIVE_INFINITY, ({ method }) => method === 'DELETE')
    const failure = new Error('No more')
    for (const key of ['first', 'second', 'third']) {
      await expect(
        files.write(
          key,
          megabytes(MANY, () => Promise.reject(failure)),
        ),
      ).rejects.toBe(failure)
    }
    mend()
    expect((await files.list()).sort()).toEqual(['first', 'second', 'third'])
    await files.remove('third')
    expect((await files.list()).sort()).toEqual(['first', 'second'])
    for (const key of ['first', 'second']) await files.remove(key)
    expect(store.unfinished()).toEqual([])
  })
})

it('uploads parts of 8 MB, one after the other', async () => {
  const files = await testFiles()
  let underWay = 0
  let most = 0
  onTestFinished(
    store.fail((request, response) => {
      if (!isPart(request)) return false
      most = Math.max(most, ++underWay)
      response.once('close', () => underWay--)
      return false
    }),
  )
  await files.write('file', megabytes(MANY))
  expect(store.requests.filter(isPart).map(({ bytes }) => bytes / MEGABYTE)).toEqual([8, 8, 4])
  expect(most).toBe(1)
})

it('ends a download with an error where the store breaks off', async () => {
  const files = await testFiles()
  await files.write('file', megabytes(1))
  onTestFinished(
    store.fail(({ method, path }, response) => {
      if (method !== 'GET' || !path.endsWith('/file')) return false
      response
        .writeHead(200, { 'content-length': MEGABYTE })
        .write(Buffer.alloc(MEGABYTE / 2), () => response.destroy())
      return true
    }),
  )
  const file = await files.read('file')
  expect(file?.sizeBytes).toBe(MEGABYTE)
  await expect(file && buffer(file.content)).rejects.toThrow('aborted')
})

it('lets go of the connection of a reader who goes away', async () => {
  const files = await testFiles()
  const gone = new Promise((resolve) => {
    onTestFinished(
      store.fail(({ method }, response) => {
        if (method !== 'GET') return false
        response.writeHead(200, { 'content-length': MEGABYTE }).write('begun')
        response.once('close', resolve)
        return true
      }),
    )
  })
  const file = await files.read('file')
  if (file) await once(file.content, 'readable')
  file?.content.destroy()
  await gone
})

it('sees nothing of other prefixes, nor below its own', async () => {
  const [files, other, below] = await Promise.all(
    ['mine/', 'mine-too/', 'mine/below/'].map((prefix) => testFiles({ prefix })),
  )
  await files?.write('file', megabytes(1))
  await other?.write('file', megabytes(1))
  await below?.write('file', megabytes(1))
  expect(await files?.list()).toEqual(['file'])
  await files?.remove('file')
  expect(await files?.list()).toEqual([])
  expect(await other?.list()).toEqual(['file'])
  expect(await below?.list()).toEqual(['file'])
})

it('takes no file for its own that a store lists though it was not asked for it', async () => {
  const [files, below] = [await testFiles({ prefix: 'asked/' }), await testFiles({ prefix: 'asked/below/' })]
  const seen: string[][] = []
  const lookAt = async () => seen.push(await files.list())
  await below.write('file', megabytes(MANY, lookAt))
  expect(store.requests.some(({ query }) => query.has('uploads') && query.get('prefix') === 'asked/')).toBe(true)
  expect(seen).toEqual([[]])
})

describe('a bucket that is not there', () => {
  it('has no health, and is not taken for a file that is missing', async () => {
    const files = await testFiles({ bucket: 'no-such-bucket' })
    await expect(files.ping()).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(files.read('file')).rejects.toMatchObject({ name: 'NoSuchBucket' })
    await expect(files.write('file', megabytes(MANY))).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  it('nor is a store that nobody runs', async () => {
    const files = await testFiles({ endpoint: 'http://127.0.0.1:1' })
    await expect(files.ping()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(files.read('file')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
