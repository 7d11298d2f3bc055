import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import type { About, Action } from '../../sandbox/action.ts'
import { changeSandbox } from '../../sandbox/change.ts'

/** An action as it is written: an object with one member, the action's name and its body. */
export type ActionBody = Record<string, unknown>

/** Actions by name. */
export type NamedActions = Readonly<Record<string, Action>>

/** All actions that there are: those of the sandbox itself, and those of the APIs. */
export function allActions(own: NamedActions, modules: readonly ApiModule[]): NamedActions {
  return Object.assign({}, own, ...modules.map(({ actions }) => actions))
}

/** The schema of a list of actions. */
export function listOfActions(actions: NamedActions) {
  const members = Object.entries(actions).map(([name, { schema, description }]) => [
    name,
    Type.Optional({ ...schema, description }),
  ])
  return Type.Array(
    Type.Object(Object.fromEntries(members), { additionalProperties: false, minProperties: 1, maxProperties: 1 }),
    { maxItems: 100 },
  )
}

/** Does actions one after the other, each whole before the next. */
export async function runActions(
  { deps, actions }: { deps: Deps; actions: NamedActions },
  sandboxId: string,
  bodies: readonly ActionBody[],
  about: About = {},
): Promise<void> {
  for (const [name, body] of bodies.flatMap((action) => Object.entries(action))) {
    const action = actions[name]
    if (!action) throw new Error(`There is no action "${name}", though it was checked`)
    const after = await changeSandbox(deps.db, sandboxId, (tx, sandbox) => action.run(tx, sandbox, body, about))
    await after?.(deps)
  }
}
