import type { Action } from '../../sandbox/action.ts'

/** What scripts and timelines can do to the API's data. */
export const syftActions: Readonly<Record<string, Action>> = {}
