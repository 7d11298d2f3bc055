import type { Finding, JudgedExchange } from '../../../judging.ts'
import { mark } from '../../../wire/wording.ts'
import { decodeCursor } from '../cursor.ts'
import type { Asked } from './request.ts'
import { type Filters, filterNames, filtersOf, isSame, type Scope, type SyftPast } from './state.ts'

/** What is questionable in the cursor of a request. */
export function judgeCursor(
  { cursor, motionId, filters }: Asked,
  { query }: JudgedExchange,
  past: SyftPast,
): Finding[] {
  if (cursor === undefined) return []
  if (!decodeCursor(motionId, cursor)) {
    const message = `${mark(cursor)} was never issued for the motion ${mark(motionId)}. A cursor is opaque: send the last \`nextCursor\` back as it came.`
    return [{ code: 'cursor.foreign', message }]
  }
  const known = filtersOf(past, cursor)
  const made = known?.at(-1)
  if (!made || known?.some((other) => isSame(other, filters))) return []
  const changes = filterNames.flatMap((name) => changeOf(name, made, filters, query.first(name)) ?? [])
  const message = `This page ${changes.join(', ')}. Its own filters apply, not those that its cursor was made with: send the same on every page.`
  return [{ code: 'cursor.filters', message }]
}

function changeOf(
  name: (typeof filterNames)[number],
  made: Filters,
  asked: Filters,
  given: string | undefined,
): string | undefined {
  if (made[name] === asked[name]) return undefined
  if (given === undefined) return `dropped ${mark(`${name}=${made[name]}`)}`
  return made[name] === undefined
    ? `added ${mark(`${name}=${given}`)}`
    : `asks for ${mark(`${name}=${given}`)} instead of ${mark(`${made[name]}`)}`
}

/** Where a new pass begins though the client has seen that the one before it goes on. */
export function judgeUnfollowed(scope: Scope, { openedUs }: JudgedExchange): Finding[] {
  const seen = scope.announced.filter(({ closedUs }) => closedUs <= openedUs)
  scope.announced = scope.announced.filter(({ closedUs }) => closedUs > openedUs)
  const last = seen.at(-1)
  if (!last) return []
  const message = `A new pass begins, though ${last.exchangeId} said \`hasMore: true\` and its \`nextCursor\` was never asked for. Follow \`nextCursor\` until \`hasMore\` is false.`
  return [{ code: 'cursor.not-followed', message }]
}
