import { expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T00:00:00.000Z', frozen: true }

it('M-GET-1 answers the export as it is now: only its status and updated_at are not what create answered', async () => {
  const behavior = { pendingFor: '10s', processingFor: '1m' }
  const { memsolus, advance } = await testSandbox({ clock, data: { memsolus: { behavior, memories: { count: 3 } } } })
  const created = await memsolus.create({
    format: 'csv',
    user_id: 'u',
    agent_id: 'a',
    session_id: 's',
    priority: 'LOW',
    categories: 'x,y',
    created_after: '2026-01-01',
    created_before: '2026-02-01',
  })
  const { id } = created.body
  const seen = async () => {
    const { status, headers, body } = await memsolus.get(id)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    return body
  }
  expect(await seen()).toEqual(created.body)
  await advance('10s')
  const changed = (status: string, updated_at: string) => ({ ...created.body, status, updated_at })
  expect(await seen()).toEqual(changed('PROCESSING', '2026-03-01T00:00:10.000Z'))
  await advance('1m')
  expect(await seen()).toEqual(changed('READY', '2026-03-01T00:01:10.000Z'))
  await advance('72h')
  expect(await seen()).toEqual(changed('EXPIRED', '2026-03-04T00:01:10.000Z'))
})

it('M-GET-1 M-GET-3c answers one that has failed, too', async () => {
  const { memsolus } = await testSandbox({ clock, data: { memsolus: { behavior: { outcome: 'fail' } } } })
  const created = (await memsolus.create()).body
  await memsolus.finished()
  expect((await memsolus.get(created.id)).body).toEqual({ ...created, status: 'FAILED' })
})

it('M-GET-1 answers the one that was asked for, among many', async () => {
  const { memsolus } = await testSandbox({ clock, data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  const users = Array.from({ length: 30 }, (_, index) => `user-${index}`)
  const created = await Promise.all(users.map(async (user_id) => (await memsolus.create({ user_id })).body))
  const answered = await Promise.all(created.map(async ({ id }) => (await memsolus.get(id)).body))
  expect(answered).toEqual(created)
  expect(new Set(answered.map(({ id }) => id)).size).toBe(30)
})

it('M-GET-1 takes the id in either case, and whatever parameters there are', async () => {
  const { memsolus } = await testSandbox({ clock, data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  const { body } = await memsolus.create()
  expect((await memsolus.get(body.id.toUpperCase())).body).toEqual(body)
  expect((await memsolus.get(`${body.id}?format=xml&page=0`)).body).toEqual(body)
})
