import { expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'
import { arm } from '../../harness/scripts.ts'

const clock = { now: '2026-03-01T12:00:00.000Z', frozen: true }
const threeRuns = ['a', 'b', 'c'].map((runId, index) => ({
  runId,
  status: 'completed',
  createdAt: `2026-02-0${index + 1}T00:00:00Z`,
}))

it('then: what is done to the data is seen by the next page, and not by the one it comes with', async () => {
  const sandbox = await testSandbox({ clock, data: { syft: { runs: { items: threeRuns } } } })
  const { syft } = sandbox
  await arm(sandbox, {
    operation: 'syft.exportRuns',
    steps: [
      {
        then: [
          { deleteRuns: { runIds: ['b'] } },
          { updateRuns: { runIds: ['a'], error: 'Changed' } },
          { insertRuns: { ...threeRuns[2], runId: 'd', createdAt: '2026-02-04T00:00:00Z' } },
        ],
      },
    ],
  })
  const { pages } = await syft.all({ limit: 1, fields: 'runId,error' })
  expect(pages.map(({ items }) => items.map(({ runId, error }) => [runId, error]))).toEqual([
    [['a', null]],
    [['c', null]],
    [['d', null]],
  ])
  expect((await syft.page({ limit: 1, fields: 'error' })).body.items).toMatchObject([{ error: 'Changed' }])
})

it('before: what is done is seen by the very answer, and a clock that is moved dates it', async () => {
  const sandbox = await testSandbox({ clock })
  const { memsolus, control } = sandbox
  const { id } = await memsolus.finished()
  await arm(sandbox, {
    operation: 'memsolus.getExport',
    steps: [{ before: [{ advanceClock: { by: '72h' } }] }, { before: [{ setClock: { now: 'now+1h', frozen: true } }] }],
  })
  const expired = await memsolus.get(id)
  expect(expired.body).toMatchObject({ status: 'EXPIRED', updated_at: '2026-03-04T12:00:00.000Z' })
  expect(expired.headers.get('date')).toBe('Wed, 04 Mar 2026 12:00:00 GMT')
  expect((await memsolus.get(id)).headers.get('date')).toBe('Wed, 04 Mar 2026 13:00:00 GMT')
  expect((await control('GET', '/clock')).body).toMatchObject({ now: '2026-03-04T13:00:00.000Z' })
})

it('an action on an export without its id is on the one that the request is about, or else on the newest', async () => {
  const behavior = { hold: 'PENDING' }
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior } } })
  const { memsolus, control } = sandbox
  const older = (await memsolus.create()).body.id
  const newer = (await memsolus.create()).body.id
  await arm(sandbox, { operation: 'memsolus.getExport', steps: [{ then: [{ failExport: { message: 'No luck' } }] }] })
  await arm(sandbox, {
    operation: 'memsolus.listExports',
    steps: [{ before: [{ stepExport: {} }, { stepExport: {} }] }],
  })
  expect((await memsolus.get(older)).body.status).toBe('PENDING')
  expect((await memsolus.get(older)).body.status).toBe('FAILED')
  expect((await memsolus.list()).body.data).toMatchObject([
    { id: newer, status: 'READY' },
    { id: older, status: 'FAILED' },
  ])
  const { file } = (await control<ExportView>('GET', `/memsolus/exports/${newer}`)).body
  expect(file).not.toBeNull()
})

it('a key is revoked and a plan is changed between two requests', async () => {
  const sandbox = await testSandbox({ clock })
  const { syft, memsolus, view } = sandbox
  await arm(sandbox, {
    operation: 'syft.exportRuns',
    steps: [{ then: [{ changeOrganization: { plan: 'starter' } }, { revokeKey: { key: view.memsolus.apiKey } }] }],
  })
  expect([(await memsolus.list()).status, (await syft.page()).status]).toEqual([200, 200])
  expect([(await memsolus.list()).status, (await syft.page()).status]).toEqual([401, 403])
})

it('an action that cannot be done breaks no request, and those after it are done', async () => {
  const sandbox = await testSandbox({ clock, data: { syft: { runs: { items: threeRuns } } } })
  const { syft } = sandbox
  const impossible = [
    { deleteRuns: { runIds: ['a', 'nobody'] } },
    { stepExport: {} },
    { advanceClock: { to: '2020-01-01T00:00:00Z' } },
    { revokeKey: { key: 'nobody' } },
  ]
  await arm(sandbox, {
    operation: 'syft.exportRuns',
    steps: [{ before: [...impossible, { deleteRuns: { runIds: ['b'] } }], then: impossible }],
  })
  const { status, body } = await syft.page({ fields: 'runId' })
  expect([status, body.items.map(({ runId }) => runId)]).toEqual([200, ['a', 'c']])
})
