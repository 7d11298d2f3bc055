import { describe, expect, it } from 'vitest'
import { control, type Item, request, testSandbox } from '../../harness/sandbox.ts'

/** What an export shows of a run, with what is awkward to keep. */
const shown = {
  runId: 'clrun000000000000000000a',
  status: 'failed',
  createdAt: '2025-06-01T10:00:00.123Z',
  updatedAt: '2025-06-01T10:00:01.456Z',
  completedAt: '2025-06-01T10:00:01.000Z',
  targetType: 'MarCompany',
  triggerSource: 'csv',
  account: { name: '株式会社 "サンプル"', domain: 'sample.example', primary_location: { zip: '0151', city: 'Oslo' } },
  contacts: [{ email: 'zoë@sample.example', emails: '', syft_persona_array: ['b', 'a'] }, { email: null }],
  session: null,
  evaluationSummary: '',
  triggerReason: null,
  actionPlanSummary: 'Sent\n\tone 🚀',
  error: 'No reply',
}

/** As it is served: with every documented field. */
const asServed = (items: Item[]) => items.map((item) => JSON.stringify(item))

describe('a fixture', () => {
  it('holds all that an export shows, so that another sandbox serves the same items in the same order', async () => {
    const first = await testSandbox({
      data: { syft: { runs: { items: [shown, { ...shown, runId: 'b' }, { ...shown, runId: 'a', account: null }] } } },
    })
    await first.addRuns({ count: 120, status: 'failed' })
    const { items } = await first.syft.all({ status: 'failed' })
    expect(items[0]).toMatchObject({ runId: 'a', account: null, actionPlanSummary: 'Sent\n\tone 🚀' })

    const motions = [{ id: 'm_recorded', name: 'Recorded' }]
    const second = await testSandbox({
      seed: 2,
      data: { $schema: 'x', syft: { motions, runs: { motionId: 'm_recorded', items } } },
    })
    const call = { motion: 'm_recorded' }
    expect(asServed((await second.syft.all({ status: 'failed', limit: 7 }, call)).items)).toEqual(asServed(items))

    await second.control('POST', '/reset')
    const { items: again } = await second.syft.all({ status: 'failed' }, call)
    expect(again).toEqual(items)
  })

  it('can be of the very motion and workspace that a sandbox begins with', async () => {
    const { motionId, view } = await testSandbox()
    const data = {
      syft: { motions: [{ id: motionId, name: 'Recorded' }], runs: { items: [] } },
      memsolus: { workspaces: [{ id: view.memsolus.workspaceId, name: 'Kept' }] },
    }
    const filled = await testSandbox({ data })
    const { body: found } = await filled.control<{ items: unknown[] }>('GET', '/syft/motions')
    expect(found.items).toMatchObject([{ id: data.syft.motions[0]?.id, name: 'Recorded' }])
    expect((await filled.syft.page()).status).toBe(200)
    expect(await filled.all('/memsolus/workspaces')).toMatchObject([
      { id: data.memsolus.workspaces[0]?.id, name: 'Kept' },
    ])
    expect((await filled.memsolus.list()).status).toBe(200)
  })

  it('that is wrong is refused, with the place', async () => {
    const items = [shown, { ...shown, runId: 'b', createdAt: '2025-06-31' }]
    const { status, body } = await control('POST', '/sandboxes', { data: { syft: { runs: { items } } } })
    expect([status, body.error, body.path]).toEqual([400, 'INVALID_VALUE', '/data/syft/runs/items/1/createdAt'])
  })

  it('has a schema, which needs no token', async () => {
    const { status, body } = await request<Record<string, unknown>>('/_sandport/fixture.schema.json')
    expect([status, body.$ref, Object.keys(body.$defs as object)]).toEqual([
      200,
      '#/$defs/Fixture',
      expect.arrayContaining(['Fixture', 'SyftData', 'RunInput', 'MemsolusData']),
    ])
  })
})
