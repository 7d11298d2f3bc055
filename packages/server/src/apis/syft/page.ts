import type { Reading } from '../../sandbox/sandbox.ts'
import { formatInstant } from '../../wire/instant.ts'
import { encodeCursor } from './cursor.ts'
import type { PageRequest } from './export-query.ts'
import type { PageRow } from './page-query.ts'
import { type RunField, runFields } from './schemas.ts'

/** The JSON text of each field of a run. */
const fieldTexts: Record<RunField, (run: PageRow) => string> = {
  runId: (run) => JSON.stringify(run.runId),
  status: (run) => JSON.stringify(run.status),
  createdAt: (run) => instantText(run.createdAt),
  updatedAt: (run) => instantText(run.updatedAt),
  completedAt: (run) => instantText(run.completedAt),
  targetType: (run) => JSON.stringify(run.targetType),
  triggerSource: (run) => JSON.stringify(run.triggerSource),
  account: (run) => run.account ?? 'null',
  contacts: (run) => `[${run.contacts ?? ''}]`,
  session: (run) => run.session ?? 'null',
  evaluationSummary: (run) => JSON.stringify(run.evaluationSummary),
  triggerReason: (run) => JSON.stringify(run.triggerReason),
  actionPlanSummary: (run) => JSON.stringify(run.actionPlanSummary),
  error: (run) => JSON.stringify(run.error),
}

function instantText(at: Date | null): string {
  return at ? `"${formatInstant(at.getTime())}"` : 'null'
}

/** What is said of a page for judging the client. Instants are epoch milliseconds. */
export type PageFacts = {
  nextCursor: string | null
  hasMore: boolean
  /** The latest `updatedAt` on it, and that of its last run. */
  latest: number | null
  last: number | null
  /** Whether the sandbox's clock was never moved and goes as fast as real time. */
  isSteady: boolean
}

/**
 * The body of a page (S-PAGE-4) and what the journal keeps of it, from the rows found for it. The stored JSON of accounts,
 * contacts and sessions goes in as it is, unread.
 */
export function renderPage(rows: readonly PageRow[], { motionId, page, reading }: Shape) {
  const hasMore = rows.length > page.limit
  const served = rows.slice(0, page.limit)
  const fields = runFields.filter((field) => page.fields.has(field))
  const items = served.map((run) => {
    const item = `{${fields.map((field) => `"${field}":${fieldTexts[field](run)}`).join(',')}}`
    return reading.nulls === 'absent' ? JSON.stringify(withoutNulls(JSON.parse(item))) : item
  })
  const last = served.at(-1)
  const at = reading.order === 'updatedAt' ? last?.updatedAt : last?.createdAt
  const nextCursor = hasMore && last && at ? encodeCursor(motionId, { at: at.getTime(), runId: last.runId }) : null
  const body = `{"items":[${items.join(',')}],"nextCursor":${JSON.stringify(nextCursor)},"hasMore":${hasMore}}`
  return {
    body: Buffer.from(body),
    items: served.map(({ runId, version }): [string, number] => [runId, version]),
    facts: { nextCursor, hasMore, latest: latestOf(served), last: last?.updatedAt.getTime() ?? null },
  }
}

function latestOf(rows: readonly PageRow[]): number | null {
  return rows.length === 0 ? null : Math.max(...rows.map(({ updatedAt }) => updatedAt.getTime()))
}

type Shape = { motionId: string; page: PageRequest; reading: Reading }

/** Reading `nulls: absent`: fields whose value is null are left out, at every depth. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
  )
}
