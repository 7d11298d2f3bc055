import { describe, expect, it } from 'vitest'
import { control as call, request, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }
const exportIds = { ready: '11111111-1111-4111-8111-111111111111', held: '22222222-2222-4222-8222-222222222222' }

/** A sandbox with some of everything, under these ids. Its seed decides about all other ids. */
const fullSandbox = (seed: number) =>
  testSandbox({
    seed,
    clock,
    data: {
      syft: {
        organizations: [{ id: 'acme' }],
        motions: [{ id: 'outbound', organizationId: 'acme' }],
        runs: {
          items: [
            { runId: 'r1', status: 'completed' },
            { runId: 'r2', motionId: 'outbound' },
          ],
        },
      },
      memsolus: {
        workspaces: [{ id: 'desk' }],
        memories: { items: [{ id: 'm1' }, { id: 'm2', workspaceId: 'desk' }] },
        exports: [
          { id: exportIds.ready, status: 'READY' },
          { id: exportIds.held, behavior: { hold: 'PENDING' } },
        ],
        behavior: { pendingFor: '1h' },
      },
    },
  })

/** All that can be seen of a sandbox, by its clients and by who commands it. */
async function look({ id, control, syft, memsolus, all }: TestSandbox) {
  const exports = await memsolus.list()
  return {
    view: (await call('GET', `/sandboxes/${id}`)).body,
    clock: (await control('GET', '/clock')).body,
    behavior: (await control('GET', '/memsolus/behavior')).body,
    keys: (await control('GET', '/keys')).body,
    lists: await Promise.all(
      [
        'syft/organizations',
        'syft/motions',
        'syft/runs',
        'memsolus/workspaces',
        'memsolus/memories',
        'memsolus/exports',
      ].map((path) => all(`/${path}`)),
    ),
    page: (await syft.page()).text,
    exports: exports.text,
    files: await Promise.all(exports.body.data.map(async (job) => (await memsolus.download(job.id)).text)),
  }
}

describe('what is in another sandbox', () => {
  it('S-MOTION-1 M-GET-2 is not there for a client, whatever it asks', async () => {
    const mine = await fullSandbox(1)
    const before = await look(mine)
    const other = await testSandbox({ seed: 2, clock })
    const key = other.view.syft.secretKey
    for (const motion of [mine.motionId, 'outbound']) {
      const { status, body } = await other.syft.page({}, { key, motion })
      expect([status, body]).toEqual([404, { error: 'Motion not found' }])
    }
    for (const id of Object.values(exportIds)) {
      for (const answer of [await other.memsolus.get(id), await other.memsolus.download(id)])
        expect([answer.status, answer.body.error]).toEqual([404, 'EXPORT_NOT_FOUND'])
    }
    expect((await other.memsolus.list()).body).toMatchObject({ data: [], meta: { total: 0 } })
    const { id } = await other.memsolus.finished()
    expect((await other.memsolus.download(id)).body).toEqual([])
    expect((await other.memsolus.list()).body.data).toMatchObject([{ id }])
    expect(await look(mine)).toEqual(before)
  })

  it('S-AUTH-3 M-AUTH-1 lets nobody in with the key of the other API', async () => {
    const mine = await fullSandbox(1)
    const swapped = { authorization: `Bearer ${mine.view.memsolus.apiKey}`, 'x-api-key': mine.view.syft.secretKey }
    for (const path of [`/api/motion/${mine.motionId}/export`, '/v1/exports', `/v1/exports/${exportIds.ready}`])
      expect((await request(path, { headers: swapped })).status).toBe(401)
  })

  it('is not there for who commands this one: every call about one object is 404, and lists hold their own alone', async () => {
    const mine = await fullSandbox(1)
    const before = await look(mine)
    const other = await testSandbox({ seed: 2, clock })
    const own = await look(other)
    const objects = {
      'syft/organizations': ['acme', mine.view.syft.motions[0]?.organizationId],
      'syft/motions': ['outbound', mine.motionId],
      'syft/runs': ['r1', 'r2'],
      'memsolus/workspaces': ['desk', mine.view.memsolus.workspaceId],
      'memsolus/memories': ['m1', 'm2'],
    }
    for (const [kind, ids] of Object.entries(objects)) {
      for (const id of ids) {
        for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
          const { status } = await other.control(method, `/${kind}/${id}`, body)
          expect([method, kind, id, status]).toEqual([method, kind, id, 404])
        }
      }
    }
    for (const id of Object.values(exportIds)) {
      expect((await other.control('GET', `/memsolus/exports/${id}`)).status).toBe(404)
      for (const name of ['hold', 'release', 'step', 'fail', 'expire', 'lose-file'])
        expect((await other.control('POST', `/memsolus/exports/${id}/${name}`)).status).toBe(404)
    }
    for (const { key } of mine.view.keys) expect((await other.control('DELETE', `/keys/${key}`)).status).toBe(404)
    for (const [path, body] of [
      ['/syft/motions', { organizationId: 'acme' }],
      ['/syft/runs', { motionId: 'outbound' }],
      ['/memsolus/memories', { workspaceId: 'desk' }],
      ['/memsolus/exports', { workspaceId: 'desk' }],
      ['/keys', { api: 'syft', organizationId: 'acme' }],
      ['/keys', { api: 'memsolus', workspaceId: 'desk' }],
    ] as const)
      expect([path, (await other.control('POST', path, body)).status]).toEqual([path, 404])
    for (const path of ['/syft/runs?motionId=outbound', '/memsolus/memories?workspaceId=desk'])
      expect((await other.control('GET', path)).body).toEqual({ items: [], nextCursor: null })
    expect(await look(other)).toEqual(own)
    expect(await look(mine)).toEqual(before)
  })
})

describe('under the same ids', () => {
  it('two sandboxes hold what is theirs: nothing done to one is seen in the other', async () => {
    const mine = await fullSandbox(1)
    const before = await look(mine)
    const other = await fullSandbox(1)
    expect((await look(other)).page).toBe(before.page)

    await other.control('PATCH', '/syft/organizations/acme', { name: 'Theirs', plan: 'starter' })
    await other.control('PATCH', '/syft/motions/outbound', { name: 'Theirs' })
    await other.control('PATCH', '/syft/runs/r1', { error: 'Theirs', account: { name: 'Theirs' } })
    await other.control('PATCH', '/memsolus/memories/m1', { memory: 'Theirs' })
    await other.control('PUT', '/memsolus/behavior', { outcome: 'fail' })
    await other.control('POST', `/memsolus/exports/${exportIds.ready}/expire`)
    await other.control('POST', `/memsolus/exports/${exportIds.held}/fail`)
    await other.control('POST', '/keys', { api: 'syft' })
    await other.memsolus.create()
    await other.advance('1000h')
    expect(await look(mine)).toEqual(before)

    for (const path of [
      '/syft/runs/r1',
      '/syft/organizations/acme',
      '/memsolus/memories/m1',
      '/memsolus/workspaces/desk',
    ])
      expect((await other.control('DELETE', path)).status).toBe(204)
    for (const { key } of other.view.keys) await other.control('DELETE', `/keys/${key}`)
    await other.control('DELETE', `/memsolus/workspaces/${other.view.memsolus.workspaceId}`)
    expect(await look(mine)).toEqual(before)

    expect((await other.control('POST', '/reset')).status).toBe(200)
    expect(await look(mine)).toEqual(before)
    expect((await look(other)).page).toBe(before.page)

    await call('DELETE', `/sandboxes/${other.id}`)
    expect(await look(mine)).toEqual(before)
  })

  it('each advances by itself: the events and the clock of one are none of the other', async () => {
    const [mine, other] = [await fullSandbox(1), await fullSandbox(1)]
    const create = { id: '33333333-3333-4333-8333-333333333333', behavior: { pendingFor: '1h', processingFor: '1h' } }
    for (const { control } of [mine, other]) await control('POST', '/memsolus/exports', create)
    const [far, near] = await Promise.all([mine.advance('80h'), other.advance('90m')])
    expect(far.body.events.map(({ to }) => to)).toEqual(['PROCESSING', 'READY', 'EXPIRED', 'EXPIRED'])
    expect(near.body.events.map(({ at, to }) => [at, to])).toEqual([['2026-03-01T01:00:00.000Z', 'PROCESSING']])
    expect((await other.control('GET', '/clock')).body).toMatchObject({ now: '2026-03-01T01:30:00.000Z' })
    expect((await other.memsolus.get(exportIds.ready)).body.status).toBe('READY')
  })
})
