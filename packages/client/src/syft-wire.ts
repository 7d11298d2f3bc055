import type { Static } from '@sinclair/typebox'
import type { ExportQuery, RunItem, RunPage } from '../../server/src/apis/syft/schemas.ts'

/** One run of a motion, whole: its 14 documented fields (S-ITEM-1). Times are ISO 8601 in UTC. */
export type Run = Static<typeof RunItem>

/** The name of a field of a run. */
export type RunField = keyof Run

/** A run with `runId` and the fields that were asked for; whole, where none were named (S-FIELDS-1). */
export type RunWith<F extends RunField> = Pick<Run, F | 'runId'>

/** A page of runs (S-PAGE-4). `nextCursor` is null, and `hasMore` false, on the last one. */
export type RunPageOf<F extends RunField> = Omit<Static<typeof RunPage>, 'items'> & { items: RunWith<F>[] }

type Documented = Static<typeof ExportQuery>

/** Which runs are asked for, and what of them. Everything is optional. */
export type RunsQuery<F extends RunField = RunField> = {
  /** Only runs created or updated after this instant, and not at it (S-TIME-1): ISO 8601, or a date. */
  since?: Documented['since'] | Date | undefined
  /** Only runs created or updated before this instant (S-TIME-2). */
  until?: Documented['until'] | Date | undefined
  /** Only runs of this status: `completed` if not given (S-STATUS-1). */
  status?: Documented['status'] | undefined
  /** Oldest first, `asc`, if not given (S-ORDER-1). */
  order?: Documented['order'] | undefined
  /** Only these fields, and `runId`. Without `account`, `contacts` and `session` it is answered sooner (S-FIELDS-4). */
  fields?: readonly F[] | undefined
  /** How many runs a page may have: 100, which is the most, if not given (S-PAGE-2). */
  limit?: number | undefined
}

/** S-ITEM-1: the fields that can be null, which a service may leave out then. */
const nullable = [
  'completedAt',
  'triggerSource',
  'account',
  'session',
  'evaluationSummary',
  'triggerReason',
  'actionPlanSummary',
  'error',
] as const satisfies readonly RunField[]

/** Puts null where a field was asked for and left out, so that who reads a run need not tell the two apart. */
export function fillIn<F extends RunField>(run: RunWith<F>, fields: readonly RunField[] | undefined): RunWith<F> {
  const missing = nullable.filter((name) => !(name in run) && (!fields || fields.includes(name)))
  return missing.length === 0 ? run : { ...run, ...Object.fromEntries(missing.map((name) => [name, null])) }
}
