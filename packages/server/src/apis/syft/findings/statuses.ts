import { and, count, eq, gt, inArray, lte, not, type SQL } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Finding, JudgeContext, JudgedExchange } from '../../../judging.ts'
import { mark, nearest } from '../../../wire/wording.ts'
import { runs, runVersions } from '../tables.ts'
import type { Asked } from './request.ts'
import { type Scope, type SyftPast, short } from './state.ts'

/** S-STATUS-3c: those that the page names, or that stand for runs that will end as one of the others. */
const inProgress = ['open', 'running', 'in_progress']
const namedStatuses = ['completed', 'failed', 'skipped', ...inProgress]

/** A status that no run of the motion has ever had, and that nobody has heard of. */
export async function judgeStatus({ status, motionId }: Asked, { db, sandbox }: JudgeContext): Promise<Finding[]> {
  if (namedStatuses.includes(status)) return []
  const ofMotion = and(eq(runs.sandboxId, sandbox.id), eq(runs.motionId, motionId), eq(runs.status, status))
  const past = and(eq(runVersions.sandboxId, sandbox.id), eq(runVersions.status, status))
  const known = await unionAll(
    db.select({ id: runs.id }).from(runs).where(ofMotion).limit(1),
    db.select({ id: runVersions.runId }).from(runVersions).where(past).limit(1),
  )
  if (known.length > 0) return []
  const near = nearest(status, namedStatuses)
  const advice = status.includes(',')
    ? 'Ask once for each status.'
    : near === undefined
      ? `The page names ${['completed', 'failed', 'skipped', 'in_progress'].map(mark).join(', ')}.`
      : `Did you mean ${mark(near)}?`
  return [
    { code: 'status.unknown', message: `${mark(status)} is the status of no run, and matches nothing. ${advice}` },
  ]
}

const TELLING_PASSES = 3

/** Notes a finished pass. With the third one that did not say its status, tells what the client has never asked for. */
export async function judgeFinishedPass(
  { motionId, isStatusGiven }: Asked,
  { revision }: JudgedExchange,
  { scope, past, context }: { scope: Scope; past: SyftPast; context: JudgeContext },
): Promise<Finding[]> {
  if (isStatusGiven) return []
  scope.barePasses += 1
  if (scope.barePasses !== TELLING_PASSES) return []
  const counts = await countOthers(context, { motionId, revision })
  const unasked = counts.filter(({ status }) => !past.scopes.some(([name]) => name === short(`${motionId} ${status}`)))
  if (unasked.length === 0) return []
  const list = unasked.map(({ status, runs: number }) => `${number} ${status}`).join(' and ')
  const message = `Without \`status\` only completed runs come, and ${list} were never asked for in ${TELLING_PASSES} passes. Ask for each status that matters to you.`
  return [{ code: 'status.default', message }]
}

/** How many runs a motion had under a revision of the statuses that are the end of a run and not `completed`. */
async function countOthers(
  { db, sandbox }: JudgeContext,
  { motionId, revision }: { motionId: string; revision: number },
) {
  const isOther = (status: typeof runs.status | typeof runVersions.status): SQL =>
    not(inArray(status, ['completed', ...inProgress]))
  const shown = unionAll(
    db
      .select({ status: runs.status })
      .from(runs)
      .where(
        and(
          eq(runs.sandboxId, sandbox.id),
          eq(runs.motionId, motionId),
          lte(runs.version, revision),
          isOther(runs.status),
        ),
      ),
    db
      .select({ status: runVersions.status })
      .from(runVersions)
      .where(
        and(
          eq(runVersions.sandboxId, sandbox.id),
          eq(runVersions.motionId, motionId),
          lte(runVersions.version, revision),
          gt(runVersions.until, revision),
          isOther(runVersions.status),
        ),
      ),
  ).as('shown')
  return db.select({ status: shown.status, runs: count() }).from(shown).groupBy(shown.status).orderBy(shown.status)
}
