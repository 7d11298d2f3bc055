import { and, asc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { lockSandbox, recordEvent } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import type { Match, Step } from './grammar.ts'
import { scripts } from './tables.ts'

/** What of a request a script can be made to depend on. */
export type Subject = {
  operation: string
  /** The id of its exchange. */
  exchange: string
  params: { motionId?: string; exportId?: string }
  query: (name: string) => string | undefined
  header: (name: string) => string | undefined
}

/** A step that a request has taken: nobody else has it. `turn` counts the requests of the script. */
export type Taken = { scriptId: string; index: number; step: Step; turn: number }

const hasStepsLeft = or(isNull(scripts.rounds), lt(scripts.taken, sql`${scripts.rounds} * ${scripts.length}`))

/** Takes the next step of the oldest script that a request matches and that has any left, in whichever process it came. */
export async function takeStep(db: Db, sandboxId: string, subject: Subject): Promise<Taken | undefined> {
  return db.transaction(async (tx) => {
    // Under the lock, no two requests take the same step.
    const sandbox = await lockSandbox(tx, sandboxId)
    if (!sandbox) return undefined
    const armed = await tx
      .select()
      .from(scripts)
      .where(and(eq(scripts.sandboxId, sandboxId), eq(scripts.operation, subject.operation), hasStepsLeft))
      .orderBy(asc(scripts.ordinal))
    const script = armed.find(({ match }) => isMatch(match, subject))
    if (!script) return undefined
    const turn = script.taken + 1
    await tx.update(scripts).set({ taken: turn }).where(isScript(script))
    if (script.rounds !== null && turn === script.rounds * script.length) await disarm(tx, sandboxId)
    const index = stepAt(script.steps, script.taken % script.length)
    const step = script.steps[index]
    if (!step) return undefined
    const { operation, exchange } = subject
    const data = { script: script.id, step: index, operation, exchange }
    await recordEvent(tx, sandboxId, { at: sandbox.now, type: 'script.step', data })
    return { scriptId: script.id, index, step, turn }
  })
}

/** Notes whether any script of a sandbox has steps left. */
export async function disarm(tx: Db, sandboxId: string): Promise<void> {
  const isScripted = sql<boolean>`exists (select from ${scripts} where ${and(eq(scripts.sandboxId, sandboxId), hasStepsLeft)})`
  await tx.update(sandboxes).set({ isScripted }).where(eq(sandboxes.id, sandboxId))
}

/** How many requests one round of the steps is for. */
export function lengthOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { times = 1 }) => sum + times, 0)
}

/** How often each step of a script was taken, and how often it still can be; null where that has no end. */
export function consumptionOf({ steps, length, rounds, taken }: typeof scripts.$inferSelect) {
  const full = Math.floor(taken / length)
  let rest = taken % length
  return steps.map(({ times = 1 }) => {
    const inRound = Math.min(rest, times)
    rest -= inRound
    const consumed = full * times + inRound
    return { consumed, remaining: rounds === null ? null : rounds * times - consumed }
  })
}

function stepAt(steps: readonly Step[], position: number): number {
  let end = 0
  return steps.findIndex(({ times = 1 }) => {
    end += times
    return position < end
  })
}

function isMatch({ motionId, exportId, query = {}, header = {} }: Match, subject: Subject): boolean {
  const isWanted = (wanted: string | { present: boolean }, value: string | undefined) =>
    typeof wanted === 'string' ? value === wanted : (value !== undefined) === wanted.present
  return (
    (motionId === undefined || motionId === subject.params.motionId) &&
    (exportId === undefined || exportId === subject.params.exportId) &&
    Object.entries(query).every(([name, wanted]) => isWanted(wanted, subject.query(name))) &&
    Object.entries(header).every(([name, wanted]) => isWanted(wanted, subject.header(name)))
  )
}

export function isScript({ sandboxId, id }: { sandboxId: string; id: string }) {
  return and(eq(scripts.sandboxId, sandboxId), eq(scripts.id, id))
}
