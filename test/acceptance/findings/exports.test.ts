import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { request, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }
const withBehavior = (behavior: Record<string, unknown>) => ({ clock, data: { memsolus: { behavior } } })

const script = ({ control }: TestSandbox, operation: string, steps: unknown[]) =>
  control('POST', '/scripts', { operation, steps })

describe('poll.tight', () => {
  it('M-LIFE-1 is found where an export that goes on is asked for again at once', async () => {
    const sandbox = await testSandbox(withBehavior({ pendingFor: '1m' }))
    const { id } = (await sandbox.memsolus.create()).body
    const first = await sandbox.memsolus.get(id)
    for (const _ of [1, 2, 3, 4]) await sandbox.memsolus.get(id)
    expect(await foundIn(sandbox, first)).toEqual([])
    const [found] = await findingsIn(sandbox)
    expect(found).toMatchObject({
      code: 'poll.tight',
      severity: 'warning',
      rule: 'M-LIFE-1',
      message: expect.stringMatching(new RegExp(`^Export ${id} was PENDING and asked for again after \\d+ ms\\. `)),
    })
  })

  it('M-LIFE-1 is not found where time passes in the sandbox between two polls', async () => {
    const sandbox = await testSandbox(withBehavior({ pendingFor: '1m' }))
    const { id } = (await sandbox.memsolus.create()).body
    for (const _ of [1, 2, 3]) {
      await sandbox.memsolus.get(id)
      await sandbox.advance('500ms')
    }
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('M-LIFE-1 is not found where it takes polls, not time, to get ahead, nor between different exports', async () => {
    const polled = await testSandbox(withBehavior({ polls: { pending: 2, processing: 2 } }))
    const { id } = (await polled.memsolus.create()).body
    for (const _ of [1, 2, 3, 4, 5]) await polled.memsolus.get(id)
    expect(await codesIn(polled)).toEqual([])
    const slow = await testSandbox(withBehavior({ pendingFor: '1m' }))
    for (const format of ['json', 'csv']) await slow.memsolus.get((await slow.memsolus.create({ format })).body.id)
    expect(await codesIn(slow)).toEqual([])
  })
})

describe('poll.ended', () => {
  it('M-LIFE-1 is found with the second poll after the answer that it has ended', async () => {
    const sandbox = await testSandbox({ clock })
    const { id } = (await sandbox.memsolus.create()).body
    await sandbox.advance('1s')
    const ready = await sandbox.memsolus.get(id)
    await sandbox.memsolus.get(id)
    expect(await codesIn(sandbox)).toEqual([])
    await sandbox.memsolus.get(id)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'poll.ended',
        severity: 'warning',
        rule: 'M-LIFE-1',
        message: `It was READY at ${ready.headers.get('sandport-exchange')}, and was polled 2 times since. Stop polling and download it.`,
      },
    ])
  })

  it('M-LIFE-1 is not found where what was READY is EXPIRED later', async () => {
    const sandbox = await testSandbox({ clock })
    const { id } = await sandbox.memsolus.finished()
    await sandbox.memsolus.get(id)
    await sandbox.advance('72h')
    await sandbox.memsolus.get(id)
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('poll.download', () => {
  it('M-DOWN-2 is found where a download is tried again that is not ready', async () => {
    const sandbox = await testSandbox(withBehavior({ pendingFor: '1m' }))
    const { id } = (await sandbox.memsolus.create()).body
    await sandbox.memsolus.download(id)
    expect(await codesIn(sandbox)).toEqual([])
    await sandbox.memsolus.download(id)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'poll.download',
        severity: 'warning',
        rule: 'M-DOWN-2',
        message: expect.stringContaining('its file was asked for 2 times. Poll its status'),
      },
    ])
  })
})

describe('create.again', () => {
  it.each([
    ['PENDING', { pendingFor: '1m' }, 'is PENDING. Go on polling it instead.'],
    ['PROCESSING', { processingFor: '1m' }, 'is PROCESSING. Go on polling it instead.'],
    ['READY and not downloaded', {}, 'is READY and was not downloaded. Download it instead.'],
  ])('M-CREATE-1 is found where one of the same filters is %s', async (_, behavior, advice) => {
    const sandbox = await testSandbox(withBehavior(behavior))
    const { id } = (await sandbox.memsolus.create({ user_id: 'u', format: 'csv' })).body
    await sandbox.advance('10s')
    await sandbox.memsolus.create({ format: 'csv', user_id: 'u' })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'create.again',
        severity: 'warning',
        rule: 'M-CREATE-1',
        message: `Export ${id} has the same filters and ${advice}`,
      },
    ])
  })

  it('M-CREATE-1 tells how the other export was then, not how it is by now', async () => {
    const sandbox = await testSandbox(withBehavior({ pendingFor: '1m' }))
    await sandbox.memsolus.create()
    await sandbox.memsolus.create()
    await sandbox.advance('100h')
    expect((await findingsIn(sandbox)).map(({ message }) => message)).toEqual([expect.stringContaining('is PENDING')])
  })

  it('M-CREATE-1 is not found where the other was downloaded, expired, failed, or has other filters', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
    const downloaded = await sandbox.memsolus.finished()
    await sandbox.memsolus.download(downloaded.id)
    await sandbox.memsolus.finished()
    await sandbox.memsolus.create({ priority: 'HIGH' })
    await sandbox.memsolus.create({ format: 'csv' })
    await sandbox.advance('72h')
    await sandbox.control('PUT', '/memsolus/behavior', { outcome: 'fail' })
    await sandbox.memsolus.finished()
    await sandbox.memsolus.create()
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('M-CREATE-1 is not found where nobody got the answer that the other was created', async () => {
    const sandbox = await testSandbox({ clock })
    await script(sandbox, 'memsolus.createExport', [{ reset: true }])
    await expect(sandbox.memsolus.create()).rejects.toThrow()
    await sandbox.memsolus.create()
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('create.body', () => {
  it.each([
    ['JSON', 'application/json', '{"user_id": "u", "format": "csv"}'],
    ['a form', 'application/x-www-form-urlencoded', 'format=csv&user_id=u'],
    ['JSON in camel case', 'application/json', '{"userId":"u","format":"csv"}'],
  ])('M-CREATE-7c is found in filters that are sent as %s', async (_, type, body) => {
    const sandbox = await testSandbox({ clock })
    const headers = { 'x-api-key': sandbox.view.memsolus.apiKey, 'content-type': type }
    expect((await request('/v1/exports', { method: 'POST', headers, body })).status).toBe(202)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'create.body',
        severity: 'error',
        rule: 'M-CREATE-7c',
        message:
          'The body was ignored, with `format`, `user_id` in it. Filters belong in the query: `POST /v1/exports?format=…`',
      },
    ])
  })

  it('M-CREATE-7c is not found in a body without filters, nor in an empty one', async () => {
    const sandbox = await testSandbox({ clock })
    const headers = { 'x-api-key': sandbox.view.memsolus.apiKey, 'content-type': 'application/json' }
    await request('/v1/exports?format=csv', { method: 'POST', headers, body: '{}' })
    await request('/v1/exports?format=json', { method: 'POST', headers, body: '{"note":"format"}' })
    await request('/v1/exports?format=markdown', { method: 'POST', headers })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('create.nothing', () => {
  it('M-CREATE-2 is a note on an export that is READY and empty, of a workspace that is not', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { memories: { count: 3 } } } })
    const { id } = await sandbox.memsolus.finished({ user_id: 'U1', categories: 'a,b' })
    await sandbox.memsolus.get(id)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'create.nothing',
        severity: 'note',
        rule: 'M-CREATE-2',
        message: expect.stringContaining('no memory of the workspace matched `user_id=U1&categories=a,b`'),
      },
    ])
  })

  it('M-CREATE-2 is not found where something matches, nor where there was nothing at all', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.memsolus.finished({ user_id: 'U1' })
    await sandbox.addMemories({ items: [{ user_id: 'U2' }] })
    await sandbox.memsolus.finished({ user_id: 'U2' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('download.late', () => {
  it('M-DOWN-3 is found where the file has expired, and says how long ago', async () => {
    const sandbox = await testSandbox({ clock })
    const { id } = await sandbox.memsolus.finished()
    await sandbox.advance('75h')
    await sandbox.memsolus.download(id)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'download.late',
        severity: 'warning',
        rule: 'M-DOWN-3',
        message: `Export ${id} expired 3 h before its file was asked for. Create a new one, and download it within 72 hours of READY.`,
      },
    ])
  })

  it('M-DOWN-1 is not found a moment before that, nor where a script says so', async () => {
    const sandbox = await testSandbox({ clock })
    const { id } = await sandbox.memsolus.finished()
    await sandbox.advance('259199999ms')
    expect((await sandbox.memsolus.download(id)).status).toBe(200)
    await script(sandbox, 'memsolus.downloadExport', [{ respond: { status: 410 } }])
    expect((await sandbox.memsolus.download(id)).status).toBe(410)
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('list.drift', () => {
  it('M-LIST-1 is found where an export was created between two pages of a listing', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { exports: [{}, {}, {}] } } })
    await sandbox.memsolus.list({ page: 1, page_size: 2 })
    await sandbox.memsolus.create()
    await sandbox.memsolus.list({ page: 2, page_size: 2 })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'list.drift',
        severity: 'warning',
        rule: 'M-LIST-1',
        message: expect.stringContaining('An export was created since page 1'),
      },
    ])
  })

  it('M-LIST-1 is not found where nothing was created, nor where a listing begins anew', async () => {
    const sandbox = await testSandbox({ clock, data: { memsolus: { exports: [{}, {}, {}] } } })
    await sandbox.memsolus.list({ page: 1, page_size: 2 })
    await sandbox.memsolus.list({ page: 2, page_size: 2 })
    await sandbox.memsolus.create()
    await sandbox.memsolus.list({ page: 1, page_size: 2 })
    await sandbox.memsolus.list({ page: 2, page_size: 2 })
    expect(await codesIn(sandbox)).toEqual([])
  })
})
