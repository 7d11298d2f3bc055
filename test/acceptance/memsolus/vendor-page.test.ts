import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ApiError, type Export, type ExportList, testSandbox } from '../../harness/sandbox.ts'

const run = promisify(execFile)
const held = '00000000-0000-4000-8000-000000000001'
const unknown = '00000000-0000-4000-8000-000000000000'

/** A sandbox, and the page's requests in it, sent by curl as a reader would. */
async function pageSandbox(data: Record<string, unknown> = { memories: { count: 60 } }) {
  const sandbox = await testSandbox({
    clock: { now: '2026-03-01T00:00:00Z', frozen: true },
    data: { memsolus: data },
  })
  const { baseUrl, apiKey } = sandbox.view.memsolus
  /** Sends a request that the page documents; only what stands for the reader's own values is put in. */
  async function send<T = Export & ApiError>(published: string, { id = '', query = '', key = apiKey } = {}) {
    const [method = '', path = ''] = published.replace(':id', id).split(' ')
    const args = ['-s', '-i', '-X', method, '-H', `X-Api-Key: ${key}`, `${baseUrl}${path}${query && `?${query}`}`]
    const { stdout } = await run('curl', args, { maxBuffer: 1 << 26 })
    const end = stdout.indexOf('\r\n\r\n')
    const [statusLine = '', ...lines] = stdout.slice(0, end).split('\r\n')
    const headers = new Headers(
      lines.map((line): [string, string] => [line.replace(/:.*/, ''), line.replace(/^[^:]*:/, '')]),
    )
    const text = stdout.slice(end + 4)
    const isJson = headers.get('content-type')?.startsWith('application/json')
    return { status: Number(statusLine.split(' ')[1]), headers, text, body: (isJson ? JSON.parse(text) : text) as T }
  }
  /** Creates an export and makes all happen that is due by then. */
  async function ready(query = ''): Promise<string> {
    const { id } = (await send('POST /v1/exports', { query })).body
    await sandbox.advance('0s')
    return id
  }
  return { ...sandbox, send, ready }
}

describe('the requests of the vendor’s page', () => {
  it.each([
    ['POST /v1/exports', 'export.write', 202],
    ['GET /v1/exports', 'export.read', 200],
    ['GET /v1/exports/:id', 'export.read', 200],
    ['GET /v1/exports/:id/download', 'export.read', 200],
  ])('M-AUTH-2 %s needs %s, and no other permission', async (published, permission, status) => {
    const { control, ready, send } = await pageSandbox()
    const id = await ready()
    const keyWith = async (permissions: string[]) =>
      (await control<{ key: string }>('POST', '/keys', { api: 'memsolus', permissions })).body.key
    expect((await send(published, { id, key: await keyWith([permission]) })).status).toBe(status)
    const others = ['export.read', 'export.write'].filter((other) => other !== permission)
    expect((await send(published, { id, key: await keyWith(others) })).status).toBe(403)
  })

  it('M-CREATE-1 M-GET-1 M-LIST-1 M-OBJECT-1 the export object is what creating, getting and listing answer', async () => {
    const { send } = await pageSandbox()
    const filters = 'format=csv&user_id=u&agent_id=a&session_id=s&priority=HIGH&categories=x&created_after=2026-01-01'
    for (const query of ['', `${filters}&created_before=2026-02-01`]) {
      const created = (await send('POST /v1/exports', { query })).body
      const got = (await send('GET /v1/exports/:id', { id: created.id })).body
      const [listed] = (await send<ExportList>('GET /v1/exports')).body.data
      for (const shown of [created, got, listed ?? {}]) {
        expect(Object.keys(shown)).toEqual(Object.keys(objectTable))
        for (const [field, type] of Object.entries(objectTable)) {
          const value: unknown = shown[field as keyof typeof shown]
          expect(isOfType(type, value), `${field} is ${type}, not ${JSON.stringify(value)}`).toBe(true)
        }
      }
    }
  })

  it.each([
    ['format', 'json', {}],
    ['format', 'csv', {}],
    ['format', 'markdown', {}],
    ['user_id', 'u 1', { user_id: 'u 1' }],
    ['agent_id', 'a/1', { agent_id: 'a/1' }],
    ['session_id', 's1', { session_id: 's1' }],
    ['priority', 'LOW', { priority: 'LOW' }],
    ['priority', 'MEDIUM', { priority: 'MEDIUM' }],
    ['priority', 'HIGH', { priority: 'HIGH' }],
    ['categories', 'food,travel', { categories: ['travel'] }],
    ['created_after', '2026-02-01T00:00:00Z', { created_at: '2026-02-01T00:00:00.001Z' }],
    ['created_before', '2026-02-01T00:00:00Z', { created_at: '2026-01-31T23:59:59.999Z' }],
  ])(
    'M-CREATE-2 M-CREATE-4 the parameter %s=%s is in the export, and decides what is in the file',
    async (name, value, own) => {
      // Of the two memories, one is as the filter wants it and the other as no filter does.
      const other = { user_id: 'o', agent_id: 'o', session_id: 'o', categories: [] }
      const created = { created_at: name === 'created_after' ? '2026-01-01T00:00:00Z' : '2026-02-15T00:00:00Z' }
      const priority = value === 'LOW' ? 'HIGH' : 'LOW'
      const items = [
        { id: 'inside', ...other, ...created, ...own },
        { id: 'outside', ...other, ...created, priority },
      ]
      const { send, ready } = await pageSandbox({ memories: { items } })
      const id = await ready(new URLSearchParams({ [name]: value }).toString())
      const { body } = await send('GET /v1/exports/:id', { id })
      const shown = name.startsWith('created') ? '2026-02-01T00:00:00.000Z' : value
      expect(body).toMatchObject({ status: 'READY', [name]: name === 'categories' ? value.split(',') : shown })
      const { text } = await send('GET /v1/exports/:id/download', { id })
      expect(text).toContain('inside')
      expect(text.includes('outside')).toBe(name === 'format')
    },
  )

  it('M-CREATE-2 without parameters all memories are exported, as JSON; 20 categories are allowed, 21 are not', async () => {
    const { send, ready } = await pageSandbox()
    const id = await ready()
    expect((await send('GET /v1/exports/:id', { id })).body).toMatchObject({ format: 'json', status: 'READY' })
    expect((await send('GET /v1/exports/:id/download', { id })).body).toHaveLength(60)
    const query = (count: number) => `categories=${Array.from({ length: count }, (_, index) => `c${index}`).join(',')}`
    expect((await send('POST /v1/exports', { query: query(20) })).status).toBe(202)
    expect((await send('POST /v1/exports', { query: query(21) })).status).toBe(422)
  })

  it('M-LIST-1 page is 1 and page_size 20 unless given, and page_size at most 100', async () => {
    const { control, send } = await pageSandbox({})
    await control('POST', '/memsolus/exports', { count: 110, behavior: { hold: 'PENDING' } })
    const list = async (query: string) => (await send<ExportList>('GET /v1/exports', { query })).body.data
    const all = [...(await list('page_size=100')), ...(await list('page=2&page_size=100'))]
    expect([all.length, new Set(all.map(({ id }) => id)).size]).toEqual([110, 110])
    expect(await list('')).toEqual(all.slice(0, 20))
    expect(await list('page=3')).toEqual(all.slice(40, 60))
    expect(await list('page=4&page_size=7')).toEqual(all.slice(21, 28))
    expect(await list('page_size=101')).toHaveLength(100)
  })

  it('M-LIFE-1 M-LIFE-2 create, poll until READY, download, for 72 hours; then create a new one', async () => {
    const { send, advance } = await pageSandbox({ memories: { count: 60 }, behavior: { processingFor: '5m' } })
    const { status, body } = await send('POST /v1/exports')
    expect([status, body.status]).toEqual([202, 'PENDING'])
    const { id } = body
    const statuses = []
    for (let polls = 0; statuses.at(-1) !== 'READY' && polls < 10; polls++) {
      statuses.push((await send('GET /v1/exports/:id', { id })).body.status)
      await advance('1m')
    }
    expect(statuses).toEqual([...Array(5).fill('PROCESSING'), 'READY'])
    expect((await send('GET /v1/exports/:id/download', { id })).body).toHaveLength(60)
    await advance('72h')
    expect((await send('GET /v1/exports/:id', { id })).body.status).toBe('EXPIRED')
    expect((await send('GET /v1/exports/:id/download', { id })).status).toBe(410)
    const next = (await send('POST /v1/exports')).body.id
    await advance('5m')
    expect((await send('GET /v1/exports/:id/download', { id: next })).body).toHaveLength(60)
  })

  it.each([
    ['json', 'application/json', /^\[\n\{"id":/],
    ['csv', 'text/csv', /^id,memory,/],
    ['markdown', 'text/markdown', /^# /],
  ])('M-DOWN-1 a %s file comes raw, as %s, under a name that a client can keep', async (format, type, content) => {
    const { view, send, ready } = await pageSandbox()
    const id = await ready(`format=${format}`)
    const { status, headers, text } = await send('GET /v1/exports/:id/download', { id })
    expect([status, headers.get('content-type')]).toEqual([200, type])
    expect(text).toMatch(content)

    const cwd = await mkdtemp(join(tmpdir(), 'sandport-test-'))
    onTestFinished(() => rm(cwd, { recursive: true }))
    const url = `${view.memsolus.baseUrl}/v1/exports/${id}/download`
    await run('curl', ['-s', '-O', '-J', '-H', `X-Api-Key: ${view.memsolus.apiKey}`, url], { cwd })
    const [name = ''] = await readdir(cwd)
    expect(headers.get('content-disposition')).toContain(`filename="${name}"`)
    expect(await readFile(join(cwd, name), 'utf8')).toBe(text)
  })

  it('M-GET-2 M-DOWN-2 M-DOWN-3 M-ERR-1 answer the documented errors', async () => {
    const { send, ready, advance } = await pageSandbox({ exports: [{ id: held, behavior: { hold: 'PROCESSING' } }] })
    const stranger = await pageSandbox()
    const expired = await ready()
    const errorOf = async (published: string, id: string) => {
      const { status, body } = await send<ApiError>(published, { id })
      expect(body).toEqual({ error: expect.any(String), message: expect.stringContaining(id), statusCode: status })
      return `${status} ${body.error}`
    }
    await advance('72h')
    for (const published of ['GET /v1/exports/:id', 'GET /v1/exports/:id/download']) {
      expect(await errorOf(published, unknown)).toBe('404 EXPORT_NOT_FOUND')
      expect(await errorOf(published, await stranger.ready())).toBe('404 EXPORT_NOT_FOUND')
    }
    expect(await errorOf('GET /v1/exports/:id/download', held)).toBe('409 EXPORT_NOT_READY')
    expect(await errorOf('GET /v1/exports/:id/download', expired)).toBe('410 EXPORT_EXPIRED')
  })
})
/** The page's table of the export object. */
const objectTable = {
  id: 'string',
  format: 'json | csv | markdown',
  status: 'PENDING | PROCESSING | READY | FAILED | EXPIRED',
  user_id: 'string | null',
  agent_id: 'string | null',
  session_id: 'string | null',
  priority: 'LOW | MEDIUM | HIGH | null',
  categories: 'string[] | null',
  created_after: 'string | null',
  created_before: 'string | null',
  created_at: 'string',
  updated_at: 'string',
}

/** Whether a value is of a type as the table writes it: alternatives, of which some stand for themselves. */
function isOfType(type: string, value: unknown): boolean {
  return type.split(' | ').some((alternative) => {
    if (alternative === 'string') return typeof value === 'string'
    if (alternative === 'null') return value === null
    if (alternative === 'string[]') return Array.isArray(value) && value.every((item) => typeof item === 'string')
    return value === alternative
  })
}
