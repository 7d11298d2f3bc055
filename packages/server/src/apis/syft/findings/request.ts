import type { JudgedExchange } from '../../../judging.ts'
import { type Instant, parseInstant } from '../../../wire/instant.ts'
import type { Filters } from './state.ts'

/** What an export request asks for, as far as it is judged. */
export type Asked = {
  motionId: string
  status: string
  isStatusGiven: boolean
  since: Instant | undefined
  until: Instant | undefined
  cursor: string | undefined
  filters: Filters
}

const PATH = /^\/api\/motion\/([^/]+)\/export$/

export function readAsked({ path, query }: JudgedExchange): Asked {
  const given = query.first('status')
  const status = given ?? 'completed'
  const since = readInstant(query.first('since'))
  const until = readInstant(query.first('until'))
  return {
    motionId: decoded(PATH.exec(path)?.[1] ?? ''),
    status,
    isStatusGiven: given !== undefined,
    since,
    until,
    cursor: query.first('cursor'),
    filters: {
      status,
      order: query.first('order') ?? 'asc',
      // The same instant may be written in several ways.
      ...(since && { since: textOf(since) }),
      ...(until && { until: textOf(until) }),
    },
  }
}

function readInstant(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text)
}

function textOf({ floor, ceil }: Instant): string {
  return floor === ceil ? new Date(floor).toISOString() : `${new Date(floor).toISOString()}+`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
