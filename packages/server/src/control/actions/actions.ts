import { Type } from '@sinclair/typebox'
import type { AfterCommit, ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../ports/database/database.ts'
import type { About, Action } from '../../sandbox/action.ts'
import { changeSandbox, recordChange } from '../../sandbox/change.ts'
import { lockSandbox, recordEvent, reviseSandbox } from '../../sandbox/queries.ts'

/** An action as it is written: an object with one member, the action's name and its body. */
export type ActionBody = Record<string, unknown>

/** Actions by name. */
export type NamedActions = Readonly<Record<string, Action>>

/** All actions that there are: those of the sandbox itself, and those of the APIs. */
export function allActions(own: NamedActions, modules: readonly ApiModule[]): NamedActions {
  const ofApis = modules.flatMap(({ actions }) => Object.entries(actions))
  return { ...own, ...Object.fromEntries(ofApis.map(([name, action]) => [name, told(name, action)])) }
}

/** An action that whoever follows the sandbox is told of. */
function told(name: string, action: Action): Action {
  return {
    ...action,
    async run(tx, sandbox, body, about) {
      const after = await action.run(tx, sandbox, body, about)
      await recordChange(tx, sandbox, { action: name }, body)
      return after
    },
  }
}

/** The schema of a list of actions. */
export function listOfActions(actions: NamedActions) {
  const members = Object.entries(actions).map(([name, { schema, description }]) => [
    name,
    Type.Optional({ ...schema, description }),
  ])
  return Type.Array(
    Type.Object(Object.fromEntries(members), {
      $id: 'Action',
      description: 'One of these, by its name',
      examples: [{ insertRuns: { count: 2 } }],
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
    }),
    { maxItems: 100 },
  )
}

/** An action that could not be done, and why; `path` is a JSON Pointer into the action as it is written. */
type FailedAction = { action: string; error: string; message: string; path?: string }

type Doer = { deps: Deps; actions: NamedActions }

/**
 * Does actions one after the other, each whole before the next. One that cannot be done leaves nothing behind and keeps
 * none of the others from being done: it is logged, recorded as an event, and answered.
 */
export async function runActions(
  { deps, actions }: Doer,
  sandboxId: string,
  bodies: readonly ActionBody[],
  about: About = {},
): Promise<FailedAction[]> {
  const failed: FailedAction[] = []
  for (const [name, body] of named(bodies)) {
    const { run, prepare } = actionNamed(actions, name)
    try {
      const after = await changeSandbox(
        deps.db,
        sandboxId,
        async (tx, sandbox) => {
          const left = await run(tx, sandbox, body, about)
          await recordChange(tx, sandbox, { action: name }, body)
          return left
        },
        prepare && { prepare: ({ seed }) => prepare(seed) },
      )
      await after?.(deps)
    } catch (error) {
      failed.push(await noteLater(deps, sandboxId, { name, error }))
    }
  }
  return failed
}

/**
 * Does actions within a transaction that has the sandbox's lock, at an instant of its time, each under a revision of its
 * own. Of one that cannot be done the same holds as above. It goes no further than to one that leaves something to do after
 * the transaction. Answers how many are done, and what is left. `origin` is told in events.
 */
export async function runActionsWithin(
  tx: Db,
  { deps, actions }: Doer,
  { sandboxId, at, origin }: { sandboxId: string; at: Date; origin: Record<string, unknown> },
  bodies: readonly ActionBody[],
): Promise<{ done: number; left?: AfterCommit }> {
  for (const [position, [name, body]] of named(bodies).entries()) {
    const { run } = actionNamed(actions, name)
    try {
      const after = await tx.transaction(async (savepoint) => {
        const sandbox = await reviseSandbox(savepoint, sandboxId)
        if (!sandbox) return undefined
        const left = await run(savepoint, { ...sandbox, now: at }, body, {})
        await recordChange(savepoint, { ...sandbox, now: at }, { action: name }, body)
        return left
      })
      if (!after) continue
      const left: AfterCommit = () =>
        after(deps).catch(async (error) => {
          await noteLater(deps, sandboxId, { name, error, at, origin })
        })
      return { done: position + 1, left }
    } catch (error) {
      const failure = describe(deps, sandboxId, { name, error })
      await recordEvent(tx, sandboxId, { at, type: 'action.failed', data: { ...origin, ...failure } })
    }
  }
  return { done: bodies.length }
}

function named(bodies: readonly ActionBody[]): [name: string, body: unknown][] {
  return bodies.flatMap((action) => Object.entries(action))
}

function actionNamed(actions: NamedActions, name: string): Action {
  const action = actions[name]
  if (!action) throw new Error(`There is no action "${name}", though it was checked`)
  return action
}

type Failure = { name: string; error: unknown; at?: Date; origin?: Record<string, unknown> }

/** Records a failure in a transaction of its own, where the sandbox is still there. */
async function noteLater(deps: Deps, sandboxId: string, { at, origin, ...failure }: Failure): Promise<FailedAction> {
  const failed = describe(deps, sandboxId, failure)
  await deps.db.transaction(async (tx) => {
    const sandbox = await lockSandbox(tx, sandboxId)
    if (!sandbox) return
    await recordEvent(tx, sandboxId, { at: at ?? sandbox.now, type: 'action.failed', data: { ...origin, ...failed } })
  })
  return failed
}

type CallerError = { statusCode?: number; code?: string; message?: string; path?: string }

/** What is told of a failure. What is the server's own fault is in its log alone, and one that stops has failed at nothing. */
function describe(deps: Deps, sandboxId: string, { name, error }: Failure): FailedAction {
  if (deps.stopping.aborted) throw error
  const { statusCode = 500, code, message, path }: CallerError = error instanceof Error ? error : {}
  if (statusCode >= 500) {
    deps.log.error({ err: error, sandboxId, action: name }, 'action failed')
    return { action: name, error: 'INTERNAL_ERROR', message: 'Internal server error' }
  }
  deps.log.warn({ sandboxId, action: name, code, reason: message }, 'action could not be done')
  const failed = { action: name, error: code ?? 'ERROR', message: message ?? '' }
  return path === undefined ? failed : { ...failed, path: `/${name}${path}` }
}
