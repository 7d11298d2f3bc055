import type { ScenarioScript } from './scenario.ts'

/** How a sandbox reads the pages where they can be read in two ways. */
export type Reading = {
  /** Whether a run at exactly `since` is served. */
  since: 'exclusive' | 'inclusive'
  /** Which instant "execution timestamp" is. */
  order: 'createdAt' | 'updatedAt'
  /** Whether a page that more follow may hold fewer items than asked for. */
  pages: 'full' | 'short'
  /** Whether what is null is shown or left out. */
  nulls: 'present' | 'absent'
  /** `Retry-After`, `Location` and `ETag` where no page mentions them. */
  hints: boolean
}

export const defaultReading: Reading = {
  since: 'exclusive',
  order: 'createdAt',
  pages: 'full',
  nulls: 'present',
  hints: false,
}

/** What an API does to requests that come too fast: at most so many in each window of real time. */
export type Policy = { rateLimit?: { requests: number; per: string } }

/** What a sandbox was created from: enough to make it again. */
export type Origin = {
  /** How its clock was asked for. An instant such as `now-3m` is taken anew when the sandbox is made again. */
  clock: { now?: string; frozen?: boolean; rate?: number }
  /** Where its made-up data ends (epoch ms), or null for the instant its clock begins at. */
  startedAt: number | null
  /** Whether it has the credentials that copied examples use. */
  wellKnown: boolean
  /** The data calls made at creation, by the name of the API. */
  data: Record<string, Record<string, unknown>>
  /** The scenario that it is, and what that does to the first requests. */
  scenario?: string
  scripts?: readonly ScenarioScript[]
}

/** A sandbox as its rows' writers and readers meet it: who it is and what time it is there. */
export type Sandbox = {
  id: string
  seed: number
  reading: Reading
  startedAt: Date
  now: Date
  revision: number
  settings: Record<string, unknown>
}
