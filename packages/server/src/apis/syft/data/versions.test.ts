import { and, asc, eq, gt, lte } from 'drizzle-orm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { realNow } from '../../../ports/clock.ts'
import type { Db } from '../../../ports/database/database.ts'
import { openPglite } from '../../../ports/database/pglite.ts'
import { changeSandbox } from '../../../sandbox/change.ts'
import { nextRevision } from '../../../sandbox/queries.ts'
import { defaultReading, type Sandbox } from '../../../sandbox/sandbox.ts'
import { sandboxes } from '../../../sandbox/tables.ts'
import { runs, runVersions } from '../tables.ts'
import { createMotion, deleteMotion } from './motions.ts'
import { deleteOrganization, insertOrganization } from './organizations.ts'
import { createRuns, deleteRuns, updateRun } from './runs.ts'

/** A new database takes a while. */
vi.setConfig({ testTimeout: 30_000 })

const start = new Date('2026-03-01T00:00:00.000Z')

/** A database with the sandboxes `s` and `other`, each with the motions `m` of `o` and `n` of `p`. */
async function openSandboxes(): Promise<Db> {
  const { db, migrate, close } = await openPglite({})
  onTestFinished(close)
  await migrate()
  for (const id of ['s', 'other']) {
    const identity = { id, kind: 'live', name: id, seed: 1, token: '', reading: defaultReading } as const
    const clock = { startedAt: start, clockAt: start, frozen: true, createdAt: realNow, clockReal: realNow }
    const origin = { clock: {}, startedAt: null, wellKnown: false, data: {} }
    await db.insert(sandboxes).values({ ...identity, ...clock, origin, revision: nextRevision })
    await changeSandbox(db, id, async (tx, sandbox) => {
      await insertOrganization(tx, sandbox, { id: 'o' })
      await insertOrganization(tx, sandbox, { id: 'p' })
      await createMotion(tx, sandbox, { id: 'm', organizationId: 'o' })
      await createMotion(tx, sandbox, { id: 'n', organizationId: 'p' })
    })
  }
  return db
}

/** Does something to the sandbox `s` and answers the revision that it was done under. */
function change(db: Db, act: (tx: Db, sandbox: Sandbox) => Promise<unknown>): Promise<number> {
  return changeSandbox(db, 's', async (tx, sandbox) => {
    await act(tx, sandbox)
    return sandbox.revision
  })
}

/** What the sandbox `s` showed under a revision: the runs that there are since then or before, and those of the past. */
async function statusesAt(db: Db, revision: number) {
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
  const db = await openSandboxes()
  const items = [
    { runId: 'a', motionId: 'm', status: 'pending' },
    { runId: 'b', motionId: 'n', status: 'completed' },
  ]
  await changeSandbox(db, 'other', (tx, sandbox) => createRuns(tx, sandbox, { items }))
  const created = await change(db, (tx, sandbox) => createRuns(tx, sandbox, { items }))
  const running = await change(db, (tx, sandbox) => updateRun(tx, sandbox, 'a', { status: 'running' }))
  const finished = await change(db, (tx, sandbox) => updateRun(tx, sandbox, 'a', { status: 'completed' }))
  const deleted = await change(db, (tx, sandbox) => deleteRuns(tx, sandbox, ['a']))
  const again = await change(db, (tx, sandbox) => createRuns(tx, sandbox, { items: [{ ...items[0], status: 'new' }] }))
  const motionless = await change(db, (tx, sandbox) => deleteMotion(tx, sandbox, 'm'))
  const empty = await change(db, (tx, sandbox) => deleteOrganization(tx, sandbox, 'p'))

  expect(await statusesAt(db, created - 1)).toEqual({})
  expect(await statusesAt(db, created)).toEqual({ a: 'pending', b: 'completed' })
  expect(await statusesAt(db, running)).toEqual({ a: 'running', b: 'completed' })
  expect(await statusesAt(db, finished)).toEqual({ a: 'completed', b: 'completed' })
  expect(await statusesAt(db, deleted)).toEqual({ b: 'completed' })
  expect(await statusesAt(db, again)).toEqual({ a: 'new', b: 'completed' })
  expect(await statusesAt(db, motionless)).toEqual({ b: 'completed' })
  expect(await statusesAt(db, empty)).toEqual({})

  const kept = await db.select().from(runVersions).orderBy(asc(runVersions.until), asc(runVersions.version))
  expect(kept.map(({ sandboxId, runId, version, until }) => [sandboxId, runId, version, until])).toEqual([
    ['s', 'a', created, running],
    ['s', 'a', running, finished],
    ['s', 'a', finished, deleted],
    ['s', 'a', again, motionless],
    ['s', 'b', created, empty],
  ])
})

it('what was never there for anybody to see is not kept', async () => {
  const db = await openSandboxes()
  await change(db, async (tx, sandbox) => {
    await createRuns(tx, sandbox, { items: [{ runId: 'a' }] })
    await updateRun(tx, sandbox, 'a', { status: 'running' })
    await deleteRuns(tx, sandbox, ['a'])
  })
  expect(await db.select().from(runVersions)).toEqual([])
})
