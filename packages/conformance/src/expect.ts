import { isDeepStrictEqual } from 'node:util'
import { Unmet } from './case.ts'
import type { Exchange } from './exchange.ts'

/** Holds an answer to a status. */
export function expectStatus({ request, status, body }: Exchange, expected: number): void {
  if (status === expected) return
  throw new Unmet({ request, expected: `status ${expected}`, actual: `status ${status}${sayError(status, body)}` })
}

/** Holds an answer to a status and to a JSON body, which is the body of an error: it is shown where it differs. */
export function expectError(exchange: Exchange, status: number, expected: unknown): void {
  expectStatus(exchange, status)
  const { request, body } = exchange
  if (isDeepStrictEqual(body, expected)) return
  throw new Unmet({ request, expected: JSON.stringify(expected), actual: shapeOf(body, { withTexts: status >= 400 }) })
}

/** Holds an answer to whatever is true of it. `expected` and `actual` say nothing of what is in the data. */
export function expectThat(
  { request }: Pick<Exchange, 'request'>,
  isMet: boolean,
  { expected, actual }: { expected: string; actual: string },
): asserts isMet {
  if (!isMet) throw new Unmet({ request, expected, actual })
}

/** Nothing of what succeeded: what has an `error` there is data. */
function sayError(status: number, body: unknown): string {
  return status >= 400 && typeof body === 'object' && body !== null && 'error' in body
    ? ` and ${shapeOf(body, { withTexts: true })}`
    : ''
}

const MOST_TEXT = 200

/** What a value is, without what it says: `{items: list of 50, hasMore: boolean}`. Texts are shown only where they are errors. */
export function shapeOf(value: unknown, { withTexts = false } = {}): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing that is JSON'
  if (Array.isArray(value)) return `list of ${value.length}`
  if (typeof value === 'string') return withTexts ? JSON.stringify(value.slice(0, MOST_TEXT)) : 'text'
  if (typeof value !== 'object') return withTexts ? `${value}` : typeof value
  const parts = Object.entries(value).map(([name, part]) => `${name}: ${shapeOf(part, { withTexts })}`)
  return `{${parts.join(', ')}}`
}
