import type { AfterCommit, ApiModule, DueThing } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { lastEventId, listEventsAfter, lockSandbox, type SandboxEvent } from '../../sandbox/queries.ts'
import { inOrder } from '../../wire/control-types.ts'
import { formatInstant, latestInstant } from '../../wire/instant.ts'
import { invalid } from '../../wire/validation.ts'
import { ClockBackwards, TooManySteps } from '../errors.ts'
import { countDueItems, fireItem, nextDueItem } from '../timeline/due.ts'
import { type ClockSettings, listWalking, readClock, recordClock, setClock } from './queries.ts'

const MAX_STEPS = 10_000

export type Walker = { deps: Deps; modules: readonly ApiModule[]; sandboxId: string }

/**
 * Moves a sandbox's clock forward and makes all that is due on the way happen, each at its instant. Calls at once add up.
 * Once there, the clock goes on as `settings` say. Answers the events that there were since, in the order of sandbox time.
 */
export async function advance(
  walker: Walker,
  goalFrom: (now: Date) => Date,
  settings: ClockSettings = {},
): Promise<{ now: Date; events: SandboxEvent[] }> {
  const { deps, modules, sandboxId } = walker
  const before = await lastEventId(deps.db, sandboxId)
  const goal = await deps.db.transaction((tx) => beginWalk(tx, walker, goalFrom, settings))
  await walk(walker)
  for (const module of modules) await module.tidy?.(deps)
  return { now: goal, events: await listEventsAfter(deps.db, sandboxId, before) }
}

/** Says how far the walk goes: from now on the clock stands, save that the walk moves it. */
async function beginWalk(
  tx: Db,
  { modules, sandboxId }: Walker,
  goalFrom: (now: Date) => Date,
  settings: ClockSettings,
): Promise<Date> {
  const sandbox = await lockSandbox(tx, sandboxId)
  if (!sandbox) throw new SandboxNotFound(sandboxId)
  const { walkTo } = await readClock(tx, sandboxId)
  const from = walkTo ?? sandbox.now
  const goal = goalFrom(from)
  if (goal < from) throw new ClockBackwards(formatInstant(from.getTime()), formatInstant(goal.getTime()))
  if (goal.getTime() > latestInstant) throw invalid('', 'The clock cannot go beyond the year 9999')
  let steps = await countDueItems(tx, sandboxId, goal)
  for (const module of modules) steps += (await module.countDue?.(tx, sandboxId, goal)) ?? 0
  if (steps > MAX_STEPS) throw new TooManySteps(steps, MAX_STEPS)
  await setClock(tx, sandboxId, sandbox.now, { ...settings, walkTo: goal })
  return goal
}

/** Goes on with the walk of a sandbox, whoever began it, until it is finished. */
async function walk(walker: Walker): Promise<void> {
  for (;;) {
    const rest = await walker.deps.db.transaction((tx) => takeStep(tx, walker))
    if (!rest) return
    await inOrder(rest, (act) => act(walker.deps))
  }
}

/**
 * Sets the clock to the next due thing, and makes it happen as far as it takes no time, or ends the walk. The rest is
 * answered: it happens outside the lock, so that rendering keeps nobody waiting; the clock stands until it has.
 */
async function takeStep(tx: Db, walker: Walker): Promise<AfterCommit[] | undefined> {
  const { modules, sandboxId } = walker
  const sandbox = await lockSandbox(tx, sandboxId)
  const { walkTo } = await readClock(tx, sandboxId)
  if (!sandbox || !walkTo) return undefined
  const things: (DueThing | undefined)[] = []
  for (const module of modules) things.push(await module.nextDue?.(tx, sandboxId, walkTo))
  const [thing] = things.filter((due) => due !== undefined).toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const item = await nextDueItem(tx, { sandboxId, until: walkTo })
  // At the same instant the timeline comes last, so that it finds what the APIs have become by then.
  const isItemNext = item && (!thing || item.nextAt < thing.at)
  const at = isItemNext ? item.nextAt : thing?.at
  if (!at) {
    await setClock(tx, sandboxId, walkTo, { walkTo: null })
    await recordClock(tx, sandboxId, walkTo)
    return undefined
  }
  if (at > sandbox.now) await setClock(tx, sandboxId, at, {})
  if (isItemNext) return fireItem(tx, walker, item)
  return thing && [(deps) => thing.fire(deps)]
}

/** Goes on with walks that nobody may be at any more; with those that somebody is at, two are no faster and do no harm. */
export async function finishWalks(deps: Deps, modules: readonly ApiModule[]): Promise<void> {
  for (const sandboxId of await listWalking(deps.db)) await walk({ deps, modules, sandboxId })
}
