import { describe, expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { type List, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }
const data = { memsolus: { memories: { count: 6 } } }

const created = '2026-02-20T00:00:00.000Z'
const entered = '2026-02-28T00:00:00.000Z'

describe('an export as data', () => {
  it('is PENDING and created now, where nothing is said, and goes on from there', async () => {
    const sandbox = await testSandbox({ clock, data })
    const behavior = { pendingFor: '90s', processingFor: 'PT1H', polls: {}, failure: 'none' }
    const { status, body } = await sandbox.control<ExportView>('POST', '/memsolus/exports', { behavior })
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        format: 'json',
        status: 'PENDING',
        user_id: null,
        agent_id: null,
        session_id: null,
        priority: null,
        categories: null,
        created_after: null,
        created_before: null,
        created_at: now,
        updated_at: now,
        workspaceId: sandbox.view.memsolus.workspaceId,
        behavior: {
          pendingFor: '90s',
          processingFor: '1h',
          polls: {},
          hold: null,
          outcome: 'ready',
          failure: 'none',
        },
        nextAt: '2026-03-01T00:01:30.000Z',
        expiresAt: null,
        progress: { rows: 0, total: null },
        file: null,
        attempts: 0,
        timeline: [{ at: now, status: 'PENDING' }],
      },
    ])
    await sandbox.advance('2h')
    expect((await sandbox.memsolus.get(body.id)).body).toMatchObject({
      status: 'READY',
      updated_at: '2026-03-01T01:01:30.000Z',
    })
  })

  it('has every field that the API shows, and is what the API shows', async () => {
    const sandbox = await testSandbox({ clock })
    const given = {
      id: '11111111-1111-4111-8111-111111111111',
      format: 'csv',
      status: 'FAILED',
      user_id: 'u',
      agent_id: 'a',
      session_id: 's',
      priority: 'LOW',
      categories: ['x', 'y, z'],
      created_after: '2026-01-01T00:00:00.000Z',
      created_before: '2026-02-01T00:00:00.000Z',
      created_at: created,
      updated_at: entered,
    }
    const { body } = await sandbox.control<ExportView>('POST', '/memsolus/exports', given)
    expect(body).toMatchObject(given)
    expect((await sandbox.memsolus.get(given.id)).body).toEqual(given)
    expect((await sandbox.control('GET', `/memsolus/exports/${given.id}`)).body).toEqual(body)
  })

  it.each<[status: string, shown: Partial<ExportView>]>([
    [
      'PROCESSING',
      {
        created_at: created,
        updated_at: entered,
        nextAt: '2026-03-03T00:00:00.000Z',
        expiresAt: null,
        file: null,
        progress: { rows: 0, total: null },
        timeline: [
          { at: created, status: 'PENDING' },
          { at: entered, status: 'PROCESSING' },
        ],
      },
    ],
    [
      'READY',
      {
        created_at: created,
        updated_at: entered,
        nextAt: '2026-03-03T00:00:00.000Z',
        expiresAt: '2026-03-03T00:00:00.000Z',
        file: { key: expect.any(String), bytes: expect.any(Number) },
        progress: { rows: 6, total: 6 },
        timeline: [
          { at: created, status: 'PENDING' },
          { at: entered, status: 'PROCESSING' },
          { at: entered, status: 'READY' },
        ],
      },
    ],
    [
      'FAILED',
      {
        created_at: created,
        updated_at: entered,
        nextAt: null,
        expiresAt: null,
        file: null,
        timeline: [
          { at: created, status: 'PENDING' },
          { at: entered, status: 'PROCESSING' },
          { at: entered, status: 'FAILED' },
        ],
      },
    ],
    [
      'EXPIRED',
      {
        created_at: created,
        updated_at: entered,
        nextAt: null,
        expiresAt: entered,
        file: null,
        timeline: [
          { at: created, status: 'PENDING' },
          { at: '2026-02-25T00:00:00.000Z', status: 'PROCESSING' },
          { at: '2026-02-25T00:00:00.000Z', status: 'READY' },
          { at: entered, status: 'EXPIRED' },
        ],
      },
    ],
  ])('is %s since when it is said to be', async (status, shown) => {
    const sandbox = await testSandbox({ clock, data })
    const behavior = { processingFor: '72h' }
    const given = { status, created_at: created, updated_at: entered, behavior }
    const { body } = await sandbox.control<ExportView>('POST', '/memsolus/exports', given)
    expect(body).toMatchObject({ status, ...shown })
    expect(body.timeline).toEqual(shown.timeline)
    const { status: code } = await sandbox.memsolus.download(body.id)
    expect(code).toBe({ PROCESSING: 409, READY: 200, FAILED: 409, EXPIRED: 410 }[status])
  })

  it.each(['PENDING', 'PROCESSING', 'READY', 'FAILED', 'EXPIRED'])(
    'is %s since now where no age is given',
    async (status) => {
      const { control } = await testSandbox({ clock })
      const behavior = { hold: status === 'PENDING' ? 'PENDING' : 'PROCESSING' }
      const { body } = await control<ExportView>('POST', '/memsolus/exports', { status, behavior })
      expect(body).toMatchObject({
        status,
        updated_at: now,
        created_at: status === 'EXPIRED' ? '2026-02-26T00:00:00.000Z' : now,
      })
    },
  )

  it('M-LIFE-2 M-LIFE-3c is EXPIRED where it was READY 72 hours ago or longer', async () => {
    const sandbox = await testSandbox({ clock, data })
    const create = async (updated_at: string) =>
      (await sandbox.control<ExportView>('POST', '/memsolus/exports', { status: 'READY', updated_at })).body
    expect(await create('2026-02-26T00:00:00.001Z')).toMatchObject({ status: 'READY' })
    for (const [updatedAt, expiredAt] of [
      ['2026-02-26T00:00:00.000Z', now],
      ['2026-01-01T00:00:00.000Z', '2026-01-04T00:00:00.000Z'],
    ] as const) {
      const { id, ...body } = await create(updatedAt)
      expect(body).toMatchObject({ status: 'EXPIRED', updated_at: expiredAt, nextAt: null, file: null })
      expect(body.timeline.at(-1)).toEqual({ at: expiredAt, status: 'EXPIRED' })
      expect((await sandbox.memsolus.download(id)).status).toBe(410)
      await sandbox.advance('0s')
      expect((await sandbox.memsolus.get(id)).body).toMatchObject({ status: 'EXPIRED', updated_at: expiredAt })
    }
  })

  it('M-DOWN-5c is READY without its file where its behavior is to lose it', async () => {
    const sandbox = await testSandbox({ clock, data })
    const given = { status: 'READY', behavior: { outcome: 'lose-file' } }
    const { body } = await sandbox.control<ExportView>('POST', '/memsolus/exports', given)
    expect(body).toMatchObject({ status: 'READY', file: null, behavior: { outcome: 'lose-file' } })
    const missing = await sandbox.memsolus.download(body.id)
    expect([missing.status, missing.body.error]).toEqual([500, 'EXPORT_FILE_MISSING'])
  })

  it('keeps the behavior that it was given, also where it is past it', async () => {
    const { control } = await testSandbox({ clock, data })
    const behavior = { hold: 'PROCESSING', outcome: 'fail', failure: 'no disk', pendingFor: '5m' }
    const { body } = await control<ExportView>('POST', '/memsolus/exports', { status: 'READY', behavior })
    expect(body).toMatchObject({ status: 'READY', behavior })
    expect(body.file).not.toBeNull()
  })

  it('M-CREATE-8c holds the memories that match, and none that is added later', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addMemories({
      items: [
        { id: 'mine', user_id: 'u' },
        { id: 'theirs', user_id: 'v' },
      ],
    })
    const given = { status: 'READY', user_id: 'u' }
    const { body } = await sandbox.control<ExportView>('POST', '/memsolus/exports', given)
    await sandbox.addMemories({ id: 'later', user_id: 'u' })
    expect(JSON.parse((await sandbox.memsolus.download(body.id)).text)).toMatchObject([{ id: 'mine' }])
    expect(body.progress).toEqual({ rows: 1, total: 1 })
  })

  it('is created with others, one by one or by number, and listed page by page, of all workspaces', async () => {
    const sandbox = await testSandbox({ clock, data })
    await sandbox.control('POST', '/memsolus/workspaces', { items: [{ id: 'desk' }] })
    const id = '11111111-1111-4111-8111-111111111111'
    const listed = await sandbox.control<List<{ id: string }>>('POST', '/memsolus/exports', {
      workspaceId: 'desk',
      items: [{ id, status: 'READY' }, { status: 'FAILED' }],
    })
    expect([listed.status, listed.body]).toEqual([201, { items: [{ id }, { id: expect.any(String) }] }])
    const counted = await sandbox.control<List<{ id: string }>>('POST', '/memsolus/exports', {
      count: 3,
      status: 'READY',
      format: 'markdown',
      created_at: { from: '2026-02-27T00:00:00Z', to: '2026-02-28T12:00:00Z' },
    })
    const all = await sandbox.all<ExportView>('/memsolus/exports', 2)
    expect(all.map((view) => view.id)).toEqual(
      [...listed.body.items, ...counted.body.items].map((made) => made.id).toSorted(),
    )
    const shown = counted.body.items.map((made) => all.find((view) => view.id === made.id))
    expect(shown.map((view) => view?.created_at)).toEqual([
      '2026-02-27T00:00:00.000Z',
      '2026-02-27T12:00:00.000Z',
      '2026-02-28T00:00:00.000Z',
    ])
    expect(shown).toMatchObject(Array(3).fill({ status: 'READY', format: 'markdown', progress: { rows: 6, total: 6 } }))
    expect((await sandbox.memsolus.list()).body.meta.total).toBe(3)
  })

  it.each<[path: string, says: string, body: unknown]>([
    ['/updated_at', 'leave "updated_at" out', { updated_at: entered }],
    ['/updated_at', 'before it is created', { status: 'READY', created_at: entered, updated_at: created }],
    ['/updated_at', `clock, which says ${now}`, { status: 'READY', updated_at: '2026-03-01T00:00:00.001Z' }],
    ['/created_at', `clock, which says ${now}`, { created_at: '2026-03-02' }],
    [
      '/items/1/updated_at',
      'before it is created',
      { items: [{}, { status: 'FAILED', created_at: entered, updated_at: created }] },
    ],
  ])('is refused where its age makes no sense: %s, %s', async (path, says, body) => {
    const sandbox = await testSandbox({ clock })
    const answer = await sandbox.control('POST', '/memsolus/exports', body)
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', path])
    expect(answer.body.message).toContain(says)
    expect(await sandbox.all('/memsolus/exports')).toEqual([])
  })
})
