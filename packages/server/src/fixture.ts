import type { MemsolusData } from './apis/memsolus/data/schemas.ts'
import type { SyftData } from './apis/syft/data/schemas.ts'
import { modules } from './app.ts'
import { fixtureOf } from './control/sandboxes/schemas.ts'
import { InvalidInput, validate, withPlace } from './wire/validation.ts'

export { type RecordedRun, recordRun } from './apis/syft/data/recorded-run.ts'

/** What a sandbox is filled with: a body's `data` as a file of its own, checked. */
export type Fixture = { syft?: SyftData; memsolus?: MemsolusData }

/**
 * Checks a fixture as the control API checks `data`. Throws a `FixtureRefused` that names the place of the first thing that is
 * wrong.
 */
export function readFixture(value: unknown): Fixture {
  try {
    const { $schema, ...parts }: Record<string, unknown> = validate(fixtureOf(modules), value, 'The fixture')
    return parts
  } catch (error) {
    throw refusedFixture(error) ?? error
  }
}

/** A fixture cannot be used. The message names what is wrong, and where in the file. */
export class FixtureRefused extends Error {
  override readonly name = 'FixtureRefused'
}

/** What filling a sandbox with a fixture was refused with, about the fixture; undefined for any other failure. */
export function refusedFixture(error: unknown): FixtureRefused | undefined {
  if (error instanceof InvalidInput) {
    const path = error.path.replace(/^\/data(?=\/)/, '')
    return new FixtureRefused(withPlace({ message: error.message, path }), { cause: error })
  }
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const { statusCode, message } = error
  if (typeof statusCode !== 'number' || statusCode >= 500) return undefined
  return new FixtureRefused(message, { cause: error })
}
