import { expect, it } from 'vitest'
import { type ApiError, request, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

/** Asks each of the four operations, for an export that is READY where it is the caller's. */
async function askAll({ memsolus }: TestSandbox, { key, exportId }: { key: string; exportId: string }) {
  const answers = [
    await memsolus.create({}, { key }),
    await memsolus.list({}, { key }),
    await memsolus.get(exportId, { key }),
    await memsolus.download(exportId, { key }),
  ]
  return answers.map(({ status }) => status)
}

async function issueKey(sandbox: TestSandbox, input: Record<string, unknown> = {}) {
  const { status, body } = await sandbox.control<{ key: string }>('POST', '/keys', { api: 'memsolus', ...input })
  expect(status).toBe(201)
  return body.key
}

const unauthorized = { error: 'UNAUTHORIZED', message: expect.any(String), statusCode: 401 }

it('M-AUTH-1 X-Api-Key authenticates every operation', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  const key = sandbox.view.memsolus.apiKey
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([202, 200, 200, 200])
})

it('M-AUTH-1 M-AUTH-3c M-ERR-2c no key and an unknown one are answered with 401 everywhere', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  expect(await askAll(sandbox, { key: '', exportId: id })).toEqual([401, 401, 401, 401])
  expect(await askAll(sandbox, { key: 'msk_live_unknown', exportId: id })).toEqual([401, 401, 401, 401])
  const { body, headers } = await request('/v1/exports')
  expect(body).toEqual(unauthorized)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
})

it('M-AUTH-3c no other header and no parameter authenticates', async () => {
  const { view } = await testSandbox()
  const key = view.memsolus.apiKey
  for (const headers of [{ authorization: `Bearer ${key}` }, { authorization: key }, { 'x-syft-secret-key': key }]) {
    const { status, body } = await request('/v1/exports', { headers })
    expect([status, body]).toEqual([401, unauthorized])
  }
  expect((await request(`/v1/exports?api_key=${key}&X-Api-Key=${key}`)).status).toBe(401)
})

it('M-AUTH-1 a key counts whole and as it is: cut, in capitals or of the other API it is invalid', async () => {
  const { memsolus, view } = await testSandbox()
  const key = view.memsolus.apiKey
  for (const wrong of [key.slice(0, -1), `${key}x`, key.toUpperCase(), `${key}, ${key}`, view.syft.secretKey]) {
    expect((await memsolus.list({}, { key: wrong })).status, wrong).toBe(401)
  }
})

it('M-AUTH-2 M-AUTH-3c a key that may only read cannot create, and is told which permission it lacks', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  const key = await issueKey(sandbox, { permissions: ['export.read'] })
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([403, 200, 200, 200])
  const { body } = await sandbox.memsolus.create({}, { key })
  expect(body).toEqual({ error: 'FORBIDDEN', message: expect.stringContaining('export.write'), statusCode: 403 })
  expect((await sandbox.memsolus.list()).body.meta.total).toBe(1)
})

it('M-AUTH-2 M-AUTH-3c a key that may only write cannot list, get or download', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  const key = await issueKey(sandbox, { permissions: ['export.write'] })
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([202, 403, 403, 403])
  const { body } = await sandbox.memsolus.download(id, { key })
  expect(body).toEqual({ error: 'FORBIDDEN', message: expect.stringContaining('export.read'), statusCode: 403 })
})

it('M-AUTH-2 a key without permissions is known, and may do nothing', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  const key = await issueKey(sandbox, { permissions: [] })
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([403, 403, 403, 403])
})

it('M-AUTH-3c a revoked key is invalid from then on, and the others are not', async () => {
  const sandbox = await testSandbox()
  const { id } = await sandbox.memsolus.finished()
  const key = await issueKey(sandbox)
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([202, 200, 200, 200])
  expect((await sandbox.control('DELETE', `/keys/${key}`)).status).toBe(204)
  expect(await askAll(sandbox, { key, exportId: id })).toEqual([401, 401, 401, 401])
  expect((await sandbox.memsolus.get(id)).status).toBe(200)
})

it('X-KEY-1c every made-up key says that it is nobody’s secret', async () => {
  const sandbox = await testSandbox()
  const workspace = await sandbox.control<{ apiKey: string }>('POST', '/memsolus/workspaces', {})
  for (const key of [sandbox.view.memsolus.apiKey, await issueKey(sandbox), workspace.body.apiKey]) {
    expect(key).toMatch(/^msk_live_sp_[0-9A-Za-z]{16,}$/)
  }
})

it('M-ERR-2c checks run in the order 401, 403, 404, 422, 409', async () => {
  const sandbox = await testSandbox({ data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  const { memsolus } = sandbox
  const { id } = (await memsolus.create()).body
  const nothing = await issueKey(sandbox, { permissions: [] })
  const code = async (answer: Promise<{ status: number; body: ApiError }>) => {
    const { status, body } = await answer
    return [status, body.error]
  }
  const unknownId = '00000000-0000-4000-8000-000000000000'
  expect(await code(memsolus.create({ format: 'xml' }, { key: 'msk_live_no' }))).toEqual([401, 'UNAUTHORIZED'])
  expect(await code(memsolus.create({ format: 'xml' }, { key: nothing }))).toEqual([403, 'FORBIDDEN'])
  expect(await code(memsolus.create({ format: 'xml' }))).toEqual([422, 'INVALID_FORMAT'])
  expect(await code(memsolus.list({ page: 0 }, { key: 'msk_live_no' }))).toEqual([401, 'UNAUTHORIZED'])
  expect(await code(memsolus.list({ page: 0 }, { key: nothing }))).toEqual([403, 'FORBIDDEN'])
  expect(await code(memsolus.get(unknownId, { key: 'msk_live_no' }))).toEqual([401, 'UNAUTHORIZED'])
  expect(await code(memsolus.get(unknownId, { key: nothing }))).toEqual([403, 'FORBIDDEN'])
  expect(await code(memsolus.download(unknownId, { key: nothing }))).toEqual([403, 'FORBIDDEN'])
  expect(await code(memsolus.download(unknownId))).toEqual([404, 'EXPORT_NOT_FOUND'])
  expect(await code(memsolus.download(id, { key: nothing }))).toEqual([403, 'FORBIDDEN'])
  expect(await code(memsolus.download(id))).toEqual([409, 'EXPORT_NOT_READY'])
})
