import { describe, expect, it } from 'vitest'
import { type Item, type List, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

type Run = Item & { motionId: string; version: number }

const runIds = async ({ all }: TestSandbox) => (await all<Run>('/syft/runs')).map(({ runId }) => runId)

describe('a run', () => {
  it('by itself is answered whole, and as the API shows it', async () => {
    const sandbox = await testSandbox({ clock })
    const given = {
      runId: 'r1',
      status: 'failed',
      targetType: 'MarCompany',
      triggerSource: 'mcp',
      evaluationSummary: 'Ünïcode 😀',
      triggerReason: null,
      actionPlanSummary: '',
      error: 'No seat left',
      createdAt: '2026-02-01T00:00:00.000Z',
      completedAt: '2026-02-01T00:01:00.000Z',
      updatedAt: '2026-02-01T00:02:00.000Z',
      account: null,
      session: null,
      contacts: [],
    }
    const { status, body } = await sandbox.control<Run>('POST', '/syft/runs', given)
    expect([status, body]).toEqual([201, { motionId: sandbox.motionId, version: expect.any(Number), ...given }])
    expect((await sandbox.control('GET', '/syft/runs/r1')).body).toEqual(body)
    expect((await sandbox.syft.page({ status: 'failed' })).body.items).toEqual([given])
  })

  it('for which nothing is given is whole, and has ended just now', async () => {
    const sandbox = await testSandbox({ clock })
    const { body } = await sandbox.control<Run>('POST', '/syft/runs', {})
    expect(body.updatedAt).toBe(now)
    expect(body.createdAt <= now).toBe(true)
    expect((await sandbox.syft.page({ status: body.status })).body.items).toMatchObject([{ runId: body.runId }])
  })

  it('is created with others, one by one, each with what it is given', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/syft/motions', { items: [{ id: 'in' }, { id: 'out' }] })
    const answer = await sandbox.addRuns({
      motionId: 'in',
      items: [{ runId: 'b', status: 'skipped' }, { runId: 'a', motionId: 'out' }, { runId: 'c' }],
    })
    expect([answer.status, answer.body]).toEqual([201, { items: [{ runId: 'b' }, { runId: 'a' }, { runId: 'c' }] }])
    const runs = await sandbox.all<Run>('/syft/runs', 1)
    expect(runs.map(({ runId, motionId }) => [runId, motionId])).toEqual([
      ['a', 'out'],
      ['b', 'in'],
      ['c', 'in'],
    ])
    const listed = await sandbox.control<List<Run>>('GET', '/syft/runs?motionId=in&limit=1')
    expect(listed.body.items.map(({ runId }) => runId)).toEqual(['b'])
    const next = await sandbox.control<List<Run>>('GET', `/syft/runs?motionId=in&cursor=${listed.body.nextCursor}`)
    expect(next.body).toMatchObject({ items: [{ runId: 'c' }], nextCursor: null })
  })

  it('of many that are counted has the fields in common, and its own place in the range that they are spread over', async () => {
    const sandbox = await testSandbox({ clock })
    const { body } = await sandbox.addRuns({
      count: 4,
      status: 'completed',
      triggerSource: 'csv',
      createdAt: { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' },
    })
    const { items } = await sandbox.syft.all()
    expect(items.map(({ runId }) => runId)).toEqual(body.items.map(({ runId }) => runId))
    expect(items.map(({ createdAt }) => createdAt)).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-02-01T06:00:00.000Z',
      '2026-02-01T12:00:00.000Z',
      '2026-02-01T18:00:00.000Z',
    ])
    for (const { triggerSource, createdAt, updatedAt } of items) {
      expect(triggerSource).toBe('csv')
      expect(updatedAt >= createdAt && updatedAt <= now).toBe(true)
    }
    await sandbox.addRuns({ count: 2, motionId: sandbox.motionId, createdAt: '2026-01-01T00:00:00Z' })
    const runs = await sandbox.all<Run>('/syft/runs')
    expect(runs.filter(({ createdAt }) => createdAt === '2026-01-01T00:00:00.000Z')).toHaveLength(2)
  })

  it('has its instants in UTC and cut to milliseconds', async () => {
    const { control } = await testSandbox({ clock })
    const { body } = await control<Run>('POST', '/syft/runs', {
      status: 'completed',
      createdAt: '2026-02-01T00:00:00.1239999Z',
      updatedAt: '2026-02-01T02:00:00,9999+02:00',
      completedAt: '2026-02-01',
    })
    expect(body).toMatchObject({
      createdAt: '2026-02-01T00:00:00.123Z',
      updatedAt: '2026-02-01T00:00:00.999Z',
      completedAt: '2026-02-01T00:00:00.000Z',
    })
    const patched = await control('PATCH', `/syft/runs/${body.runId}`, { updatedAt: '2026-02-01T00:00:01.0009Z' })
    expect(patched.body).toMatchObject({ updatedAt: '2026-02-01T00:00:01.000Z' })
  })

  it('S-DATA-1c is updated now when it is changed, unless it is said when', async () => {
    const { control, advance } = await testSandbox({ clock })
    const before = await control<Run>('POST', '/syft/runs', { runId: 'r', status: 'running', triggerReason: 'old' })
    await advance('1h')
    const { status, body } = await control<Run>('PATCH', '/syft/runs/r', { triggerReason: 'new' })
    expect([status, body]).toEqual([
      200,
      { ...before.body, version: body.version, triggerReason: 'new', updatedAt: '2026-03-01T01:00:00.000Z' },
    ])
    const given = await control('PATCH', '/syft/runs/r', { updatedAt: '2026-03-01T00:30:00Z' })
    expect(given.body).toEqual({ ...body, version: expect.any(Number), updatedAt: '2026-03-01T00:30:00.000Z' })
    expect((await control('GET', '/syft/runs/r')).body).toEqual(given.body)
  })

  it('S-ITEM-2 S-ITEM-4c has a completedAt and an error that go with a status that is changed', async () => {
    const { control, advance } = await testSandbox({ clock })
    await control('POST', '/syft/runs', { runId: 'r', status: 'running' })
    await advance('1h')
    const patch = async (body: unknown) => (await control<Run>('PATCH', '/syft/runs/r', body)).body
    const at = '2026-03-01T01:00:00.000Z'
    expect(await patch({ status: 'failed', error: 'x' })).toMatchObject({ completedAt: at, error: 'x' })
    await advance('1h')
    expect(await patch({ status: 'completed' })).toMatchObject({ completedAt: at, error: null })
    expect(await patch({ status: 'open' })).toMatchObject({ completedAt: null, error: null })
    expect(await patch({ status: 'failed', error: null, completedAt: null })).toMatchObject({
      completedAt: null,
      error: null,
    })
  })

  it('has another account, other contacts or none when they are changed', async () => {
    const { control } = await testSandbox({ clock })
    await control('POST', '/syft/runs', {
      runId: 'r',
      account: { name: 'Acme' },
      contacts: [{ email: 'a@acme.example' }],
    })
    const before = (await control<Run & { account: object }>('GET', '/syft/runs/r')).body
    const changed = await control<Run>('PATCH', '/syft/runs/r', { account: { name: 'Zeta' }, contacts: [] })
    expect(changed.body).toEqual({
      ...before,
      version: changed.body.version,
      account: { ...before.account, name: 'Zeta' },
      contacts: [],
    })
    expect(changed.body.version).toBeGreaterThan(before.version)
    expect((await control('PATCH', '/syft/runs/r', { account: null })).body).toMatchObject({ account: null })
  })

  it('is not updated before it is created: the place in the body is named', async () => {
    const { control } = await testSandbox({ clock })
    await control('POST', '/syft/runs', { runId: 'r', createdAt: '2026-02-01', updatedAt: '2026-02-02' })
    const before = await control('GET', '/syft/runs')
    const wrong = { createdAt: '2026-01-02', updatedAt: '2026-01-01T23:59:59.999Z' }
    const range = { from: '2026-01-01', to: '2026-01-03' }
    const refused = [
      [await control('POST', '/syft/runs', wrong), '/updatedAt'],
      [await control('POST', '/syft/runs', { items: [{}, {}, wrong] }), '/items/2/updatedAt'],
      [await control('POST', '/syft/runs', { count: 3, createdAt: range, updatedAt: '2026-01-02' }), '/updatedAt'],
      [await control('PATCH', '/syft/runs/r', { updatedAt: '2026-01-31' }), '/updatedAt'],
      [await control('PATCH', '/syft/runs/r', { createdAt: '2026-03-02' }), '/updatedAt'],
    ] as const
    for (const [{ status, body }, path] of refused) {
      expect([status, body.error, body.path]).toEqual([400, 'INVALID_VALUE', path])
      expect(body.message).toMatch(/before it is created: \S+Z is before \S+Z/)
    }
    expect((await control('GET', '/syft/runs')).body).toEqual(before.body)
  })

  it('S-DATA-1c is deleted alone, and can be created again', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({ items: [{ runId: 'a' }, { runId: 'b' }] })
    const deleted = await sandbox.control('DELETE', '/syft/runs/a')
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect(await runIds(sandbox)).toEqual(['b'])
    expect((await sandbox.control('POST', '/syft/runs', { runId: 'a' })).status).toBe(201)
  })
})
