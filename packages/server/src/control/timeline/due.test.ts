import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { changeSandbox } from '../../sandbox/change.ts'
import { listEventsAfter } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { addSandbox, testDeps } from '../../testing.ts'
import { settleTimeline, wakeTimelines } from './due.ts'
import { createItems } from './items.ts'

const deps = await testDeps()
const { db } = deps

const revokeNothing = { revokeKey: { key: 'none' } }

it('what is due happens in a sandbox that nobody asks, unless a walk is at it or it is no live one', async () => {
  const walkTo = new Date('2026-03-01T00:00:01.000Z')
  await addSandbox(db, 'due')
  await addSandbox(db, 'later')
  await addSandbox(db, 'walking', { walkTo })
  await addSandbox(db, 'kept', { kind: 'snapshot' })
  for (const id of ['due', 'later', 'walking', 'kept']) {
    const item = { every: '1h', from: id === 'later' ? 'now+1s' : 'now', do: [revokeNothing] }
    await changeSandbox(db, id, (tx, sandbox) => createItems(tx, sandbox, [item]))
  }
  const timelineAt = async (id: string) => {
    const [found] = await db.select({ at: sandboxes.timelineAt }).from(sandboxes).where(eq(sandboxes.id, id))
    return found?.at?.toISOString()
  }
  expect(await timelineAt('later')).toBe('2026-03-01T00:00:01.000Z')
  await wakeTimelines({ deps, modules: [] })
  await settleTimeline({ deps, modules: [] }, 'walking')
  expect(await timelineAt('due')).toBe('2026-03-01T01:00:00.000Z')
  expect((await listEventsAfter(db, 'due', 0)).map(({ type }) => type)).toEqual(['timeline.fired', 'action.failed'])
  for (const id of ['later', 'walking', 'kept']) expect(await listEventsAfter(db, id, 0)).toEqual([])
})

it('of what is long overdue no more is done at once than anybody would wait for', async () => {
  await addSandbox(db, 'overdue')
  const fired = async () =>
    (await listEventsAfter(db, 'overdue', 0)).filter(({ type }) => type === 'timeline.fired').length
  const item = { every: '1s', from: 'now-300s', do: [revokeNothing] }
  await changeSandbox(db, 'overdue', (tx, sandbox) => createItems(tx, sandbox, [item]))
  await wakeTimelines({ deps, modules: [] })
  expect(await fired()).toBe(200)
  await settleTimeline({ deps, modules: [] }, 'overdue')
  expect(await fired()).toBe(301)
})
