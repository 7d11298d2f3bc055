import type { Reading } from '../../sandbox/sandbox.ts'
import { parseInstant } from '../../wire/instant.ts'
import { parsePositiveInteger, type Query } from '../../wire/query.ts'
import { decodeCursor, type Position } from './cursor.ts'
import { InvalidCursor, InvalidFields, InvalidLimit, InvalidOrder, InvalidTimestamp } from './errors.ts'
import { type RunField, runFields } from './schemas.ts'

/** What a request for a page asks for, read and checked. Instants are epoch milliseconds. */
export type PageRequest = {
  statuses: readonly string[]
  /** Runs updated at `from` or later. */
  from: number | undefined
  /** Runs updated before `until`. */
  until: number | undefined
  order: 'asc' | 'desc'
  limit: number
  fields: ReadonlySet<RunField>
  after: Position | undefined
}

/** S-PAGE-1 */
const DEFAULT_LIMIT = 50
/** S-PAGE-2 */
const MAX_LIMIT = 100
/** Reading `pages: short`: the share of the asked items that a page holds. */
const SHORT_PAGE = 0.6
/** S-STATUS-3c */
const IN_PROGRESS = ['open', 'running', 'in_progress']

/** Reads the query of an export request; the first thing wrong is thrown (S-ERR-2c). */
export function readPageRequest(
  query: Query,
  { motionId, reading }: { motionId: string; reading: Reading },
): PageRequest {
  const limit = readLimit(query.first('limit'))
  const since = readInstant('since', query.first('since'))
  const until = readInstant('until', query.first('until'))
  const order = readOrder(query.first('order'))
  const fields = readFields(query.first('fields'))
  const cursor = query.first('cursor')
  const after = cursor === undefined ? undefined : decodeCursor(motionId, cursor)
  if (cursor !== undefined && !after) throw new InvalidCursor()
  // S-STATUS-1, S-STATUS-2
  const status = query.first('status') ?? 'completed'
  return {
    statuses: status === 'in_progress' ? IN_PROGRESS : [status],
    // Runs are kept to the millisecond, so those after an instant within one are those from the next on.
    from: since && (reading.since === 'inclusive' ? since.ceil : since.floor + 1),
    until: until?.ceil,
    order,
    limit: reading.pages === 'short' ? Math.ceil(limit * SHORT_PAGE) : limit,
    fields,
    after,
  }
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT
  const limit = parsePositiveInteger(text)
  if (limit === undefined) throw new InvalidLimit()
  return Math.min(limit, MAX_LIMIT)
}

function readInstant(name: 'since' | 'until', text: string | undefined) {
  if (text === undefined) return undefined
  const instant = parseInstant(text)
  if (!instant) throw new InvalidTimestamp(name)
  return instant
}

function readOrder(text: string | undefined): 'asc' | 'desc' {
  if (text === undefined) return 'asc'
  if (text !== 'asc' && text !== 'desc') throw new InvalidOrder()
  return text
}

/** S-FIELDS-1 to S-FIELDS-5c */
function readFields(text = ''): ReadonlySet<RunField> {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '')
  const unknown = names.filter((name) => !isRunField(name))
  if (unknown.length > 0) throw new InvalidFields(unknown.join(', '), runFields.join(', '))
  return new Set(names.length === 0 ? runFields : ['runId', ...names.filter(isRunField)])
}

function isRunField(name: string): name is RunField {
  return (runFields as readonly string[]).includes(name)
}
