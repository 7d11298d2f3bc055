import { expect, it } from 'vitest'
import { control, testSandbox } from '../../harness/sandbox.ts'

it('U+0000 and half a surrogate pair are refused wherever they are, since they could not be stored as sent', async () => {
  const { control } = await testSandbox()
  const cases = [
    ['/syft/organizations', '/name', { name: 'a\0b' }],
    ['/syft/runs', '/items/1/account/description', { items: [{}, { account: { description: '\0' } }] }],
    ['/syft/runs', '/status', { status: 'x\ud800' }],
    ['/memsolus/memories', '/memory', { memory: '\udc00 half' }],
    ['/memsolus/memories', '/metadata/a/0/b', { metadata: { a: [{ b: '\0' }] } }],
    ['/memsolus/memories', '/metadata/k\0', { metadata: { 'k\0': 1 } }],
  ] as const
  for (const [call, path, body] of cases) {
    const answer = await control('POST', call, body)
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', path])
    expect(answer.body.message).toContain('cannot be stored')
  }
  const whole = await control<{ memory: string }>('POST', '/memsolus/memories', { memory: 'a\u0001😀\uffff' })
  expect(whole.body.memory).toBe('a\u0001😀\uffff')
})

it('what is refused leaves nothing behind', async () => {
  const { control, syft } = await testSandbox()
  const before = await everything(control)
  const refused = [
    await control('POST', '/syft/runs', { items: [{ runId: 'good' }, { runId: 'bad', statsu: 'x' }] }),
    await control('POST', '/syft/runs', { items: [{ runId: 'twice' }, { runId: 'twice' }] }),
    await control('POST', '/syft/runs', { items: [{}, { createdAt: '2026-01-02', updatedAt: '2026-01-01' }] }),
    await control('POST', '/syft/runs', { items: [{}, { motionId: 'nowhere' }] }),
    await control('POST', '/syft/organizations', { items: [{ id: 'o1' }, { id: 'o1' }] }),
    await control('POST', '/syft/motions', { items: [{ id: 'm1' }, { organizationId: 'nobody' }] }),
    await control('POST', '/memsolus/workspaces', { items: [{ id: 'w1' }, { id: 'w1' }] }),
    await control('POST', '/memsolus/memories', { items: [{ id: 'a' }, { id: 'a' }] }),
    await control('POST', '/memsolus/exports', { items: [{}, { status: 'READY', updated_at: '9999-01-01' }] }),
    await control('PUT', '/memsolus/behavior', { pendingFor: '5m', polls: { x: 1 } }),
    await control('POST', '/keys', { api: 'memsolus', permissions: ['export.delete'] }),
    await control('PUT', '/clock', { frozen: true, rat: 2 }),
  ]
  for (const { status, text } of refused) expect(text && Math.floor(status / 100)).toBe(4)
  expect(await everything(control)).toEqual(before)
  expect((await syft.page()).body.items).toEqual([])
})

async function everything(control: (method: string, path: string) => Promise<{ body: unknown }>) {
  const paths = [
    '/syft/organizations',
    '/syft/motions',
    '/syft/runs',
    '/memsolus/workspaces',
    '/memsolus/memories',
    '/memsolus/exports',
    '/memsolus/behavior',
    '/keys',
  ]
  return Promise.all(paths.map(async (path) => (await control('GET', path)).body))
}

it.each<[string, string, unknown]>([
  [
    '/data/syft/runs/items/1/updatedAt',
    'before it is created',
    { syft: { runs: { items: [{}, { createdAt: '2026-01-02', updatedAt: '2026-01-01' }] } } },
  ],
  [
    '/data/memsolus/memories/items/0/updated_at',
    'before it is created',
    { memsolus: { memories: { items: [{ created_at: '2026-01-02', updated_at: '2026-01-01' }] } } },
  ],
  [
    '/data/memsolus/exports/1/updated_at',
    'before it is created',
    { memsolus: { exports: [{}, { status: 'FAILED', created_at: '2026-01-02', updated_at: '2026-01-01' }] } },
  ],
  ['/data/syft/runs/count', 'not both', { syft: { runs: { items: [{}], count: 2 } } }],
])('what cannot be of the data of a new sandbox is pointed at: %s', async (path, says, data) => {
  const { status, body } = await control('POST', '/sandboxes', { data })
  expect([status, body.error, body.path]).toEqual([400, 'INVALID_VALUE', path])
  expect(body.message).toContain(says)
})
