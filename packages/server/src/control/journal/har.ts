import { STATUS_CODES } from 'node:http'
import { formatInstant } from '../../wire/instant.ts'
import type { ExchangeRow } from './queries.ts'
import { named } from './view.ts'

/**
 * An exchange as an entry of HAR 1.2. It is dated in real time, for the order in which developer tools draw what went on;
 * what the format has no place for is under names that begin with an underscore. `origin` is where it came to.
 */
export function harEntry(row: ExchangeRow, { origin, codes }: { origin: string; codes: readonly string[] }) {
  const header = (pairs: ExchangeRow['requestHeaders'], name: string) =>
    pairs.find(([each]) => each.toLowerCase() === name)?.[1]
  const timeMs = (row.closedUs - row.openedUs) / 1000
  const type = header(row.responseHeaders, 'content-type')
  return {
    startedDateTime: formatInstant(Math.floor(row.openedUs / 1000)),
    time: timeMs,
    request: {
      method: row.method,
      url: urlOf(row, origin),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(row.requestHeaders),
      queryString: named(row.query),
      ...(row.requestBody !== null && {
        postData: { mimeType: header(row.requestHeaders, 'content-type') ?? '', text: row.requestBody },
      }),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      // What was sent nothing has the status 0, as a browser shows it.
      status: row.status ?? 0,
      statusText: STATUS_CODES[row.status ?? 0] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: row.status === null ? [] : named(row.responseHeaders),
      content: {
        size: row.bytes,
        mimeType: type ?? 'x-unknown',
        ...(row.responseBody !== null && { text: row.responseBody }),
      },
      redirectURL: header(row.responseHeaders, 'location') ?? '',
      headersSize: -1,
      bodySize: row.bytes,
      ...(row.cutBy !== null && { _error: `cut by the ${row.cutBy}` }),
    },
    cache: {},
    timings: { send: 0, wait: timeMs, receive: 0 },
    _exchange: row.exchangeId,
    _operation: row.operation,
    _sandboxTime: formatInstant(row.at.getTime()),
    _whole: row.isWhole,
    _findings: codes,
  }
}

/** What the request was for, whole; what no URL may hold is encoded. */
function urlOf({ path, search }: ExchangeRow, origin: string): string {
  const url = new URL(origin)
  url.pathname = path
  url.search = search
  return url.href
}
