import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { Db } from '../../../ports/database/database.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import type { Sandbox } from '../../../sandbox/sandbox.ts'
import { addSandbox, testDeps } from '../../../testing.ts'
import { runs, runVersions } from '../tables.ts'
import { createMotion, deleteMotion } from './motions.ts'
import { deleteOrganization, insertOrganization } from './organizations.ts'
import { createRuns, deleteRuns, updateRun } from './runs.ts'

const { db } = await testDeps()

/** A sandbox with the motions `m` of `o` and `n` of `p`. */
async function addMotions(id: string): Promise<void> {
  await addSandbox(db, id)
  await change(id, async (tx, sandbox) => {
    await insertOrganization(tx, sandbox, { id: 'o' })
    await insertOrganization(tx, sandbox, { id: 'p' })
    await createMotion(tx, sandbox, { id: 'm', organizationId: 'o' })
    await createMotion(tx, sandbox, { id: 'n', organizationId: 'p' })
  })
}

/** Does something to a sandbox and answers the revision that it was done under. */
function change(id: string, act: (tx: Db, sandbox: Sandbox) => Promise<unknown>): Promise<number> {
  return changeSandbox(db, id, async (tx, sandbox) => {
    await act(tx, sandbox)
    return sandbox.revision
  })
}

/** What the sandbox `s` showed under a revision: the runs that there are since then or before, and those of the past. */
async function statusesAt(revision: number) {
  const present = await db
    .select({ id: runs.id, status: runs.status })
    .from(runs)
    .where(and(eq(runs.sandboxId, 's'), lte(runs.version, revision)))
  const past = await db
    .select({ id: runVersions.runId, status: runVersions.status })
    .from(runVersions)
    .where(and(eq(runVersions.sandboxId, 's'), lte(runVersions.version, revision), gt(runVersions.until, revision)))
  return Object.fromEntries([...present, ...past].map(({ id, status }) => [id, status]))
}

it('what the runs of a sandbox were under a revision is known later, whatever became of them', async () => {
  await addMotions('s')
  await addMotions('other')
  const items = [
    { runId: 'a', motionId: 'm', status: 'pending' },
    { runId: 'b', motionId: 'n', status: 'completed' },
  ]
  await change('other', (tx, sandbox) => createRuns(tx, sandbox, { items }))
  const created = await change('s', (tx, sandbox) => createRuns(tx, sandbox, { items }))
  const running = await change('s', (tx, sandbox) => updateRun(tx, sandbox, 'a', { status: 'running' }))
  const finished = await change('s', (tx, sandbox) => updateRun(tx, sandbox, 'a', { status: 'completed' }))
  const deleted = await change('s', (tx, sandbox) => deleteRuns(tx, sandbox, ['a']))
  const again = await change('s', (tx, sandbox) => createRuns(tx, sandbox, { items: [{ ...items[0], status: 'new' }] }))
  const motionless = await change('s', (tx, sandbox) => deleteMotion(tx, sandbox, 'm'))
  const empty = await change('s', (tx, sandbox) => deleteOrganization(tx, sandbox, 'p'))

  expect(await statusesAt(created - 1)).toEqual({})
  expect(await statusesAt(created)).toEqual({ a: 'pending', b: 'completed' })
  expect(await statusesAt(running)).toEqual({ a: 'running', b: 'completed' })
  expect(await statusesAt(finished)).toEqual({ a: 'completed', b: 'completed' })
  expect(await statusesAt(deleted)).toEqual({ b: 'completed' })
  expect(await statusesAt(again)).toEqual({ a: 'new', b: 'completed' })
  expect(await statusesAt(motionless)).toEqual({ b: 'completed' })
  expect(await statusesAt(empty)).toEqual({})

  const kept = await db
    .select()
    .from(runVersions)
    .where(inArray(runVersions.sandboxId, ['s', 'other']))
    .orderBy(asc(runVersions.until), asc(runVersions.version))
  expect(kept.map(({ sandboxId, runId, version, until }) => [sandboxId, runId, version, until])).toEqual([
    ['s', 'a', created, running],
    ['s', 'a', running, finished],
    ['s', 'a', finished, deleted],
    ['s', 'a', again, motionless],
    ['s', 'b', created, empty],
  ])
})

it('what was never there for anybody to see is not kept', async () => {
  await addMotions('unseen')
  await change('unseen', async (tx, sandbox) => {
    await createRuns(tx, sandbox, { items: [{ runId: 'a' }] })
    await updateRun(tx, sandbox, 'a', { status: 'running' })
    await deleteRuns(tx, sandbox, ['a'])
  })
  expect(await db.select().from(runVersions).where(eq(runVersions.sandboxId, 'unseen'))).toEqual([])
})
