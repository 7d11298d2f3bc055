import type { Static, TSchema } from '@sinclair/typebox'
import type { AfterCommit } from '../api-module.ts'
import type { Db } from '../ports/database/database.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * One of the data calls of the control API under another name and with the same body, for scripts and timelines. `run` has
 * the sandbox's lock and its next revision; what cannot be done in the transaction is answered, to be done after it.
 */
export type Action = {
  readonly schema: TSchema
  /** What it does, in a few words. */
  readonly description: string
  /** Does beforehand what would keep the database waiting. */
  prepare?(seed: number): Promise<unknown>
  run(tx: Db, sandbox: Sandbox, body: unknown, about: About): Promise<AfterCommit | undefined>
}

/** What the request is about that an action belongs to. */
export type About = { exportId?: string }

/** An action whose body is of a schema, against which it is checked before the action is kept. */
export function actionOf<S extends TSchema>(
  schema: S,
  description: string,
  run: (tx: Db, sandbox: Sandbox, body: Static<S>, about: About) => Promise<AfterCommit | undefined>,
  { prepare }: Pick<Action, 'prepare'> = {},
): Action {
  return {
    schema,
    description,
    run: (tx, sandbox, body, about) => run(tx, sandbox, body as Static<S>, about),
    ...(prepare && { prepare }),
  }
}

/** An action that is done with its transaction. */
export function changeOf<S extends TSchema>(
  schema: S,
  description: string,
  change: (tx: Db, sandbox: Sandbox, body: Static<S>) => Promise<unknown>,
  options: Pick<Action, 'prepare'> = {},
): Action {
  const run = async (tx: Db, sandbox: Sandbox, body: Static<S>) => {
    await change(tx, sandbox, body)
    return undefined
  }
  return actionOf(schema, description, run, options)
}
