import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Recent, recall, remember } from '../../../judging.ts'

/** What of a client's past still matters. Instants are epoch milliseconds, cursors are shortened. */
export type SyftPast = {
  /** By motion and status. */
  scopes: Recent<Scope>
  /** By cursor: the filters of the pages that it was given with. */
  issued: Recent<Filters[]>
  /** By scope and cursor: those that were answered whole. */
  followed: Recent<true>
}

/** The filters of a request, as they count. */
export type Filters = { since?: string; until?: string; status: string; order: string }

/** All that a client asks of one motion and status. */
export type Scope = {
  /** Pages that were whole and had a next one that nobody asked for yet. */
  announced: { cursor: string; exchangeId: string; closedUs: number }[]
  /** The latest `updatedAt` that was served. */
  latest: number | null
  /** The `updatedAt` of the last runs of pages. */
  ends: number[]
  /** The ends of windows. */
  untils: number[]
  /** When a pass began last whose first page was whole, in real time. */
  begunUs: number | null
  /** Finished passes that did not say which status they are for. */
  barePasses: number
}

const MOST_SCOPES = 50
const MOST_CURSORS = 200
const MOST_FILTERS = 5
const MOST_OF_A_SCOPE = 50

export function beginPast(): SyftPast {
  return { scopes: [], issued: [], followed: [] }
}

export function scopeOf({ scopes }: SyftPast, motionId: string, status: string): Scope {
  const name = short(`${motionId} ${status}`)
  const known = recall(scopes, name)
  const begun = { announced: [], latest: null, ends: [], untils: [], begunUs: null, barePasses: 0 }
  return remember(scopes, name, known ?? begun, MOST_SCOPES)
}

export function rememberIssued({ issued }: SyftPast, cursor: string, filters: Filters): void {
  const others = (recall(issued, short(cursor)) ?? []).filter((known) => !isSame(known, filters))
  remember(issued, short(cursor), [...others, filters].slice(-MOST_FILTERS), MOST_CURSORS)
}

/** The filters that a cursor was given with; undefined where that is not known any more. */
export function filtersOf({ issued }: SyftPast, cursor: string): Filters[] | undefined {
  return recall(issued, short(cursor))
}

export function isSame(one: Filters, other: Filters): boolean {
  return filterNames.every((name) => one[name] === other[name])
}
export const filterNames = ['status', 'since', 'until', 'order'] as const

export function rememberFollowed({ followed }: SyftPast, cursor: string, scopeName: string): void {
  remember(followed, short(`${scopeName} ${cursor}`), true, MOST_CURSORS)
}

export function wasFollowed({ followed }: SyftPast, cursor: string, scopeName: string): boolean {
  return recall(followed, short(`${scopeName} ${cursor}`)) ?? false
}

/** Adds to a list of which only the newest are kept. */
export function keep<T>(list: T[], item: T): void {
  if (list.includes(item)) return
  list.push(item)
  if (list.length > MOST_OF_A_SCOPE) list.shift()
}

/** A text that stands for a long one. Those that come again and again are not hashed each time. */
export function short(text: string): string {
  const known = shortened.get(text)
  if (known !== undefined) return known
  const made = createHash('sha256').update(text).digest('base64url').slice(0, 12)
  shortened.set(text, made)
  return made
}

const shortened = new LRUCache<string, string>({ max: 1000 })
