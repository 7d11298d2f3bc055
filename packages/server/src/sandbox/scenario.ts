import type { Origin, Reading } from './sandbox.ts'

/** A named starting point: what a sandbox is created with, and what happens to the first requests of its clients. */
export type Scenario = {
  readonly name: string
  /** What there is, and what happens. */
  readonly description: string
  /** What a client has to do to come through. */
  readonly goodClient: string
  readonly clock?: Origin['clock']
  readonly reading?: Partial<Reading>
  /** The data of each API. */
  readonly data?: Origin['data']
  readonly scripts?: readonly ScenarioScript[]
}

/** A script, as `POST …/scripts` takes it. */
export type ScenarioScript = {
  readonly operation: string
  readonly match?: Record<string, unknown>
  readonly steps: readonly Record<string, unknown>[]
  readonly repeat?: number | boolean
}
