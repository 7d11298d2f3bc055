import { expect, it } from 'vitest'
import { type Answer, type ApiError, request, testSandbox } from '../../harness/sandbox.ts'

const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}`
const unknownId = idOf(0)

/** A sandbox with an export in each state that a download is refused in, and a key that may do nothing. */
async function sandboxOfErrors() {
  const sandbox = await testSandbox({
    clock: { now: '2026-03-01T00:00:00Z', frozen: true },
    data: {
      memsolus: {
        exports: [
          { id: idOf(1), behavior: { hold: 'PENDING' } },
          { id: idOf(2), status: 'FAILED' },
          { id: idOf(3), status: 'EXPIRED' },
          { id: idOf(4), status: 'READY' },
        ],
      },
    },
  })
  await sandbox.control('POST', `/memsolus/exports/${idOf(4)}/lose-file`)
  const { body } = await sandbox.control<{ key: string }>('POST', '/keys', { api: 'memsolus', permissions: [] })
  const headers = { 'x-api-key': sandbox.view.memsolus.apiKey }
  const send = (method: string, path: string) => request<ApiError>(path, { method, headers })
  return { ...sandbox, forbidden: { key: body.key }, send }
}
type Errors = Awaited<ReturnType<typeof sandboxOfErrors>>

it.each<[status: number, code: string, when: string, ask: (errors: Errors) => Promise<Answer<ApiError>>]>([
  [401, 'UNAUTHORIZED', 'there is no key', () => request('/v1/exports')],
  [401, 'UNAUTHORIZED', 'the key is unknown', ({ memsolus }) => memsolus.create({}, { key: 'msk_live_none' })],
  [403, 'FORBIDDEN', 'the key may not create', ({ memsolus, forbidden }) => memsolus.create({}, forbidden)],
  [403, 'FORBIDDEN', 'the key may not list', ({ memsolus, forbidden }) => memsolus.list({}, forbidden)],
  [404, 'EXPORT_NOT_FOUND', 'there is no such export', ({ memsolus }) => memsolus.get(unknownId)],
  [404, 'EXPORT_NOT_FOUND', 'there is none to download', ({ memsolus }) => memsolus.download(unknownId)],
  [404, 'NOT_FOUND', 'there is no such path', ({ send }) => send('GET', '/v1/export')],
  [405, 'METHOD_NOT_ALLOWED', 'the path takes no such method', ({ send }) => send('DELETE', '/v1/exports')],
  [409, 'EXPORT_NOT_READY', 'it is not ready', ({ memsolus }) => memsolus.download(idOf(1))],
  [409, 'EXPORT_NOT_READY', 'it has failed', ({ memsolus }) => memsolus.download(idOf(2))],
  [410, 'EXPORT_EXPIRED', 'it has expired', ({ memsolus }) => memsolus.download(idOf(3))],
  [422, 'INVALID_FORMAT', 'the format is unknown', ({ memsolus }) => memsolus.create({ format: 'xml' })],
  [422, 'INVALID_PRIORITY', 'the priority is unknown', ({ memsolus }) => memsolus.create({ priority: 'URGENT' })],
  [422, 'INVALID_DATE', 'a date is none', ({ memsolus }) => memsolus.create({ created_after: 'yesterday' })],
  [422, 'TOO_MANY_CATEGORIES', 'there are 21 categories', ({ memsolus }) => memsolus.create({ categories: letters })],
  [422, 'INVALID_PAGE', 'the page is none', ({ memsolus }) => memsolus.list({ page: 0 })],
  [422, 'INVALID_PAGE_SIZE', 'the page is empty', ({ memsolus }) => memsolus.list({ page_size: 0 })],
  [500, 'EXPORT_FILE_MISSING', 'its file is lost', ({ memsolus }) => memsolus.download(idOf(4))],
])(
  'M-ERR-1 M-ERR-2c %i %s has its code in error and words in message, as JSON, where %s',
  async (status, code, _, ask) => {
    const answer = await ask(await sandboxOfErrors())
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/)
    expect(answer.body).toEqual({ error: code, message: expect.any(String), statusCode: status })
    // A sentence or more, which does not only repeat the code.
    expect(answer.body.message).toMatch(/^[A-Z].* .*\.$/s)
    expect(answer.body.message).not.toContain(code)
  },
)
const letters = [...'abcdefghijklmnopqrstu'].join(',')
