import { type Column, type SQL, sql } from 'drizzle-orm'

/**
 * Real time, as the database tells it: every process and host that shares a database agrees on it. It serves durations,
 * claims, backoff and sweeps; whatever a client sees is sandbox time.
 */
export const realNow: SQL<Date> = sql<Date>`clock_timestamp()`

/** The same in microseconds since 1970. */
export const realNowUs: SQL<number> = sql`(extract(epoch from ${realNow}) * 1000000)::bigint`.mapWith(Number)

/** More than there are years, and few enough that PostgreSQL still has an instant so long after any of them. */
const MOST_ELAPSED = sql`interval '10000 years'`

/** The columns of a sandbox that make its clock. */
export type ClockColumns = { clockAt: Column; clockReal: Column; rate: Column; frozen: Column; walkTo: Column }

/** There is no later instant of four digits a year. */
const END_OF_TIME = sql`timestamptz '9999-12-31 23:59:59.999Z'`

/**
 * Sandbox time: it stood at `clockAt` when real time was `clockReal`, and has run at `rate` since, unless it is frozen
 * or a walk moves it. Cut to milliseconds, as every instant of a sandbox is.
 */
export function sandboxNow(clock: ClockColumns): SQL<Date> {
  const passed = sql`greatest(${realNow} - ${clock.clockReal}, interval '0') * ${clock.rate}`
  const elapsed = sql`least(${passed}, ${MOST_ELAPSED})`
  return sql`case when ${clock.frozen} or ${clock.walkTo} is not null then ${clock.clockAt}
    else least(date_trunc('milliseconds', ${clock.clockAt} + ${elapsed}), ${END_OF_TIME}) end`.mapWith(
    (value) => clock.clockAt.mapFromDriverValue(value) as Date,
  )
}
