import { Type } from '@sinclair/typebox'
import { and, eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { actionOf, changeOf } from '../../sandbox/action.ts'
import { issueKey } from '../../sandbox/keys.ts'
import { findSandbox, listEventsAfter } from '../../sandbox/queries.ts'
import { apiKeys } from '../../sandbox/tables.ts'
import { addSandbox, testDeps } from '../../testing.ts'
import { invalid } from '../../wire/validation.ts'
import { runActions } from './actions.ts'
import { ownActions } from './own.ts'

const deps = await testDeps()
const { db } = deps

const rules = { prefix: 'k_', permissions: [] }

async function addKey(sandboxId: string, key: string): Promise<void> {
  const sandbox = await findSandbox(db, sandboxId)
  if (sandbox) await issueKey(db, sandbox, { api: 'any', rules, ownerId: 'o', key })
}

async function isRevoked(key: string): Promise<boolean> {
  const [found] = await db.select().from(apiKeys).where(eq(apiKeys.key, key))
  return found?.revokedAt !== null
}

it('actions are done one after the other, each whole before the next, what is left of it too', async () => {
  await addSandbox(db, 'orderly')
  const order: string[] = []
  const add = actionOf(Type.String(), 'Notes it', async (_tx, sandbox, name, about) => {
    order.push(`${name} of ${sandbox.id} about ${about.exportId}`)
    return async () => {
      order.push(`rest of ${name}`)
    }
  })
  const done = await runActions({ deps, actions: { add } }, 'orderly', [{ add: 'one' }, { add: 'two' }], {
    exportId: 'e',
  })
  expect(done).toEqual([])
  expect(order).toEqual(['one of orderly about e', 'rest of one', 'two of orderly about e', 'rest of two'])
})

it('one that cannot be done is answered and recorded, and those after it are done', async () => {
  await addSandbox(db, 'failing')
  await addKey('failing', 'k_1')
  await addKey('failing', 'k_2')
  const half = changeOf(Type.Object({}), 'Fails in its middle', async (tx, { id }) => {
    await tx
      .update(apiKeys)
      .set({ revokedAt: new Date(0) })
      .where(and(eq(apiKeys.sandboxId, id), eq(apiKeys.key, 'k_1')))
    throw invalid('/items/0', 'It is wrong')
  })
  const late = actionOf(Type.Object({}), 'Fails after its transaction', async () => async () => {
    throw new Error('secret')
  })
  const actions = { ...ownActions([]), half, late }
  const failed = await runActions({ deps, actions }, 'failing', [
    { half: {} },
    { revokeKey: { key: 'nobody' } },
    { late: {} },
    { advanceClock: { to: '2020-01-01T00:00:00Z' } },
    { revokeKey: { key: 'k_2' } },
  ])
  expect(failed).toEqual([
    { action: 'half', error: 'INVALID_VALUE', message: 'It is wrong', path: '/half/items/0' },
    { action: 'revokeKey', error: 'KEY_NOT_FOUND', message: expect.any(String) },
    { action: 'late', error: 'INTERNAL_ERROR', message: 'Internal server error' },
    { action: 'advanceClock', error: 'CLOCK_BACKWARDS', message: expect.any(String) },
  ])
  expect([await isRevoked('k_1'), await isRevoked('k_2')]).toEqual([false, true])
  const at = new Date('2026-03-01T00:00:00.000Z')
  expect(await listEventsAfter(db, 'failing', 0)).toEqual(failed.map((data) => ({ at, type: 'action.failed', data })))
})

it('the clock is advanced, set and frozen, and by how much is up to it', async () => {
  await addSandbox(db, 'moved')
  const actions = ownActions([])
  const bodies = [
    { advanceClock: { by: '1h' } },
    { setClock: { now: 'now+1h', rate: 60 } },
    { advanceClock: { to: 'now+1m' } },
  ]
  expect(await runActions({ deps, actions }, 'moved', bodies)).toEqual([])
  expect((await findSandbox(db, 'moved'))?.now).toEqual(new Date('2026-03-01T02:01:00.000Z'))
})

it('nothing is done in a sandbox that is gone, and nothing is left of it', async () => {
  const failed = await runActions({ deps, actions: ownActions([]) }, 'gone', [{ revokeKey: { key: 'k_1' } }])
  expect(failed).toMatchObject([{ action: 'revokeKey', error: 'SANDBOX_NOT_FOUND' }])
  expect(await listEventsAfter(db, 'gone', 0)).toEqual([])
})
