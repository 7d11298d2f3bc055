import { describe, expect, it } from 'vitest'
import { control, testSandbox } from '../../harness/sandbox.ts'

type Refusal = [path: string, near: string, body: unknown]

describe('an unknown property is refused where it is, with the nearest name', () => {
  it.each<Refusal>([
    ['/naem', 'name', { naem: 'x' }],
    ['/Seed', 'seed', { Seed: 1 }],
    ['/clock/frozn', 'frozen', { clock: { frozn: true } }],
    ['/reading/null', 'nulls', { reading: { null: 'absent' } }],
    ['/data/sift', 'syft', { data: { sift: {} } }],
    ['/data/syft/run', 'runs', { data: { syft: { run: { count: 1 } } } }],
    ['/data/syft/runs/cuont', 'count', { data: { syft: { runs: { cuont: 1 } } } }],
    [
      '/data/syft/runs/createdAt/form',
      'from',
      { data: { syft: { runs: { count: 2, createdAt: { form: '2026-01-01', to: '2026-01-02' } } } } },
    ],
    ['/data/syft/organizations/0/plna', 'plan', { data: { syft: { organizations: [{ plna: 'pro' }] } } }],
    [
      '/data/syft/motions/1/organisationId',
      'organizationId',
      { data: { syft: { motions: [{}, { organisationId: 'x' }] } } },
    ],
    [
      '/data/memsolus/memories/items/0/user',
      'user_id',
      { data: { memsolus: { memories: { items: [{ user: 'u' }] } } } },
    ],
    ['/data/memsolus/behavior/polls/pendng', 'pending', { data: { memsolus: { behavior: { polls: { pendng: 1 } } } } }],
    [
      '/data/memsolus/exports/0/behavior/outcom',
      'outcome',
      { data: { memsolus: { exports: [{ behavior: { outcom: 'fail' } }] } } },
    ],
  ])('%s of a sandbox', async (path, near, body) => {
    await expectUnknown('/sandboxes', { path, near, body })
  })

  it.each<[call: string, ...Refusal]>([
    ['/clock/advance', '/bye', 'by', { bye: '1h' }],
    ['/keys', '/permission', 'permissions', { api: 'memsolus', permission: ['export.read'] }],
    ['/syft/organizations', '/items/1/nam', 'name', { items: [{ name: 'a' }, { nam: 'b' }] }],
    ['/syft/motions', '/motionName', 'name', { motionName: 'a' }],
    ['/syft/runs', '/items/2/account/domian', 'domain', { items: [{}, {}, { account: { domian: 'a.example' } }] }],
    ['/syft/runs', '/contacts/1/emial', 'email', { contacts: [{}, { emial: 'a@a.example' }] }],
    ['/syft/runs', '/session/cty', 'city', { session: { cty: 'x' } }],
    ['/memsolus/workspaces', '/names', 'name', { names: 'a' }],
    ['/memsolus/memories', '/createdAt', 'created_at', { createdAt: '2026-01-01T00:00:00Z' }],
    [
      '/memsolus/exports',
      '/items/0/behavior/polls/procesing',
      'processing',
      { items: [{ behavior: { polls: { procesing: 1 } } }] },
    ],
  ])('%s %s', async (call, path, near, body) => {
    const { id } = await testSandbox()
    await expectUnknown(`/sandboxes/${id}${call}`, { path, near, body })
  })

  async function expectUnknown(call: string, { path, near, body }: { path: string; near: string; body: unknown }) {
    const answer = await control('POST', call, body)
    expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'UNKNOWN_PROPERTY', path])
    expect(answer.body.message).toContain(`Unknown property "${path.split('/').at(-1)}"`)
    expect(answer.body.message).toContain(`"${near}"`)
  }
})
