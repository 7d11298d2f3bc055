import type { FindingCode } from './control/findings/catalogue.ts'
import type { exchanges } from './control/journal/tables.ts'
import type { Db } from './ports/database/database.ts'
import type { Reading } from './sandbox/sandbox.ts'
import type { Query } from './wire/query.ts'

/** What is questionable in an exchange. The message names the values, and says what to do. */
export type Finding = { code: FindingCode; message: string }

type Columns =
  | 'exchangeId'
  | 'api'
  | 'operation'
  | 'method'
  | 'path'
  | 'search'
  | 'requestBody'
  | 'keyEnd'
  | 'at'
  | 'openedUs'
  | 'closedUs'
  | 'revision'
  | 'status'
  | 'isWhole'
  | 'cutBy'
  | 'exportId'
  | 'facts'

/** An exchange as far as it is looked at for judging a client. */
export type JudgedExchange = Pick<typeof exchanges.$inferSelect, Columns> & {
  query: Query
  /** What the answer's `Retry-After` said. */
  retryAfter: string | null
}

/** What is known beside the exchange. */
export type JudgeContext = { db: Db; sandbox: { id: string; reading: Reading } }

/** What an API documents of a call's query. Names that are in none of the lists but the first are plain texts. */
export type Parameters = {
  names: readonly string[]
  /** Those that are instants. */
  times?: readonly string[]
  /** Those that may be given several times. */
  repeatable?: readonly string[]
  /** Those of which the API says what an empty one means. */
  mayBeEmpty?: readonly string[]
  /** Those that are cut to a largest number. */
  capped?: Readonly<Record<string, number>>
}

/**
 * How an API's clients are judged, one exchange after the other as they ended. `State` is what of a client's past still
 * matters: JSON, of limited size.
 */
export interface Judge<State = unknown> {
  /** By operation. */
  readonly parameters: Readonly<Record<string, Parameters>>
  begin(): State
  step(exchange: JudgedExchange, state: State, context: JudgeContext): Promise<Finding[]>
}

/** What was remembered last of a number of things, the newest at the end; an object would lose the order as JSON. */
export type Recent<T> = [name: string, value: T][]

export function recall<T>(recent: Recent<T>, name: string): T | undefined {
  return recent.find(([known]) => known === name)?.[1]
}

/** Remembers a thing as the newest, and forgets the oldest where there are more than `most`. */
export function remember<T>(recent: Recent<T>, name: string, value: T, most: number): T {
  forget(recent, name)
  recent.push([name, value])
  if (recent.length > most) recent.shift()
  return value
}

export function forget<T>(recent: Recent<T>, name: string): void {
  const known = recent.findIndex(([other]) => other === name)
  if (known >= 0) recent.splice(known, 1)
}
