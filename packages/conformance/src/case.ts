import type { Kit } from './kit.ts'
import type { ReadingName } from './readings.ts'

/** The APIs that there are cases for. */
export type Api = 'syft' | 'memsolus'

/**
 * One thing that a service does or does not do. It returns where the service does it, and throws an `Unmet` where it does
 * something else, or a `NotTold` where nothing can be said.
 */
export type Case = {
  /** The API and a name, such as `syft/limit-capped`: what `only` chooses by, and what stays the same from version to version. */
  id: string
  api: Api
  /** What the service does, as a sentence without its subject: `serves a limit above 100 as 100`. */
  does: string
  /** The rules that it shows, by their ids; chosen ones end in `c`. */
  rules: readonly [string, ...string[]]
  /** The section of the vendor's page that it goes back to; for a chosen rule the one that says nothing of it. */
  section: string
  /** `control` where it needs a sandbox of its own, which only Sandport gives. */
  needs?: 'control'
  /** The reading that it finds out and tells the kit, whichever that is. */
  reading?: ReadingName
  run(kit: Kit): Promise<void>
}

/** Whether a service that does otherwise contradicts its own page. Chosen rules are Sandport's where pages are silent. */
export function isDocumented({ rules }: Pick<Case, 'rules'>): boolean {
  return rules.some((rule) => !rule.endsWith('c'))
}

/** The service did something else. Neither text says what is in anybody's data. */
export class Unmet extends Error {
  override readonly name = 'Unmet'
  readonly expected: string
  readonly actual: string
  /** The request that it was seen with, such as `GET /v1/exports?page=0`. */
  readonly request: string

  constructor({ request, expected, actual }: { request: string; expected: string; actual: string }) {
    super(`${request} should be answered with ${expected}, but was with ${actual}`)
    this.request = request
    this.expected = expected
    this.actual = actual
  }
}

/** Nothing can be said of the service, for the reason in the message: it has too little data, for example. */
export class NotTold extends Error {
  override readonly name = 'NotTold'
}
