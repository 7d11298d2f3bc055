import { SandboxNotFound } from '../../sandbox/errors.ts'
import { lockSandbox } from '../../sandbox/queries.ts'
import { parseDuration } from '../../wire/duration.ts'
import { invalid, parseClockInstant } from '../../wire/validation.ts'
import type { ClockInput } from '../sandboxes/schemas.ts'
import { recordClock, setClock } from './queries.ts'
import type { AdvanceInput } from './schemas.ts'
import { advance, type Walker } from './walk.ts'

/** Moves a clock forward, by a duration or to an instant. */
export function advanceClock(walker: Walker, input: AdvanceInput) {
  return advance(walker, (from) =>
    'to' in input ? instantFrom(input.to, from, '/to') : new Date(from.getTime() + (parseDuration(input.by) ?? 0)),
  )
}

/** Sets a clock forward, freezes it or lets it run, at another rate or the same. */
export async function changeClock(walker: Walker, { now: text, ...settings }: ClockInput): Promise<void> {
  const { deps, modules, sandboxId } = walker
  if (text !== undefined) {
    await advance(walker, (now) => instantFrom(text, now, '/now'), settings)
  } else {
    await deps.db.transaction(async (tx) => {
      const sandbox = await lockSandbox(tx, sandboxId)
      if (!sandbox) throw new SandboxNotFound(sandboxId)
      await setClock(tx, sandboxId, sandbox.now, settings)
      await recordClock(tx, sandboxId, sandbox.now)
    })
  }
  for (const module of modules) await module.wakeDue?.(deps)
}

/** An instant of a body, `now` being the sandbox's. */
function instantFrom(text: string, now: Date, path: string): Date {
  const at = parseClockInstant(text, now.getTime())
  if (at === undefined) throw invalid(path, `"${text}" is not an instant`)
  return new Date(at)
}
