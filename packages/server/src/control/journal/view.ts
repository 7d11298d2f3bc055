import type { Db } from '../../ports/database/database.ts'
import { formatInstant } from '../../wire/instant.ts'
import { findingsOf } from '../findings/queries.ts'
import type { ExchangeRow } from './queries.ts'
import type { ExchangeView } from './schemas.ts'

/** Exchanges as the control API shows them, with the codes of their findings. */
export async function viewExchanges(db: Db, sandboxId: string, rows: readonly ExchangeRow[]): Promise<ExchangeView[]> {
  const codes = await findingsOf(
    db,
    sandboxId,
    rows.map(({ exchangeId }) => exchangeId),
  )
  return rows.map((row) => viewExchange(row, codes.get(row.exchangeId)))
}

export function viewExchange(row: ExchangeRow, findings: string[] = []): ExchangeView {
  const { nextCursor, hasMore } = row.facts
  return {
    exchange: row.exchangeId,
    operation: row.operation,
    method: row.method,
    path: row.path,
    search: row.search,
    query: named(row.query),
    motionId: row.motionId,
    exportId: row.exportId,
    key: row.keyEnd,
    at: formatInstant(row.at.getTime()),
    realAt: formatInstant(Math.floor(row.openedUs / 1000)),
    durationMs: (row.closedUs - row.openedUs) / 1000,
    status: row.status,
    bytes: row.bytes,
    whole: row.isWhole,
    cutBy: row.cutBy,
    revision: row.revision,
    cursorIn: row.query.find(([name]) => name === 'cursor')?.[1] || null,
    cursorOut: typeof nextCursor === 'string' ? nextCursor : null,
    hasMore: typeof hasMore === 'boolean' ? hasMore : null,
    script: row.script,
    findings,
    requestHeaders: named(row.requestHeaders),
    requestBody: row.requestBody,
    responseHeaders: named(row.responseHeaders),
    responseBody: row.responseBody,
  }
}

/** Pairs as objects, in their order: a name may come twice. */
export function named(pairs: readonly (readonly [name: string, value: string])[]) {
  return pairs.map(([name, value]) => ({ name, value }))
}
