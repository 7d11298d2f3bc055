import { and, eq, lt } from 'drizzle-orm'
import type { Finding, JudgeContext, JudgedExchange } from '../../../judging.ts'
import { roughly } from '../../../wire/duration.ts'
import { formatInstant } from '../../../wire/instant.ts'
import { mark } from '../../../wire/wording.ts'
import type { ExportRow } from '../exports.ts'
import type { ExportStatus } from '../schemas.ts'
import { exportJobs, memories } from '../tables.ts'
import { isExport } from '../transitions.ts'
import { exportOf, type KnownExport, type MemsolusPast } from './state.ts'

/** What is said of a poll for judging the client. */
export type PollFacts = {
  status: ExportStatus
  /** How many memories are in it; null as long as there is no file. */
  rows: number | null
  /** Whether it waits for polls instead of time, so that polling fast is what is wanted. */
  byPolls: boolean
}

const TIGHT_MS = 500

/** What is questionable in asking how far an export is. */
export async function judgePoll(exchange: JudgedExchange, past: MemsolusPast, context: JudgeContext) {
  const { exportId, exchangeId, openedUs, at, isWhole } = exchange
  const { status, rows, byPolls }: Partial<PollFacts> = exchange.facts
  if (exportId === null || status === undefined || exchange.status !== 200 || exchange.method === 'HEAD') return []
  const known = exportOf(past, exportId)
  const isLive = status === 'PENDING' || status === 'PROCESSING'
  const findings = [...(byPolls ? [] : judgeTightness(exchange, known)), ...judgeEnded(status, known)]
  if (status === 'READY' && rows === 0 && !known.isToldEmpty) {
    findings.push(...(await judgeEmpty(exportId, context)))
    known.isToldEmpty = true
  }
  if (isWhole) known.polled = { status, openedUs, atMs: at.getTime() }
  if (isWhole && !isLive && known.ended?.status !== status) known.ended = { status, exchangeId, polls: 0 }
  return findings
}

/** Time has passed if it has for the client or in the sandbox. */
function judgeTightness({ exportId, openedUs, at }: JudgedExchange, { polled }: KnownExport): Finding[] {
  if (!polled || (polled.status !== 'PENDING' && polled.status !== 'PROCESSING')) return []
  const apartMs = Math.max((openedUs - polled.openedUs) / 1000, at.getTime() - polled.atMs)
  if (apartMs >= TIGHT_MS || openedUs < polled.openedUs) return []
  const message = `Export ${exportId} was ${polled.status} and asked for again after ${roughly(apartMs)}. Wait half a second at least, and longer each time.`
  return [{ code: 'poll.tight', message }]
}

function judgeEnded(status: ExportStatus, { ended }: KnownExport): Finding[] {
  if (ended?.status !== status) return []
  ended.polls += 1
  if (ended.polls < 2) return []
  const message = `It was ${status} at ${ended.exchangeId}, and was polled ${ended.polls} times since. ${advices[status] ?? ''}`
  return [{ code: 'poll.ended', message: message.trimEnd() }]
}

const advices: Partial<Record<ExportStatus, string>> = {
  READY: 'Stop polling and download it.',
  FAILED: 'It stays so: stop polling.',
  EXPIRED: 'It stays so: create a new one.',
}

/** M-CREATE-2: an export without memories, of a workspace that has some. */
async function judgeEmpty(exportId: string, context: JudgeContext): Promise<Finding[]> {
  const { db, sandbox } = context
  const row = await findRow(exportId, context)
  const filters = row ? filtersOf(row) : ''
  if (!row || filters === '') return []
  const isOfWorkspace = and(eq(memories.sandboxId, sandbox.id), eq(memories.workspaceId, row.workspaceId))
  const [some] = await db
    .select({ id: memories.id })
    .from(memories)
    .where(and(isOfWorkspace, lt(memories.revision, row.revision)))
    .limit(1)
  if (!some) return []
  const message = `Export ${exportId} is empty: no memory of the workspace matched ${mark(filters)}. Check the filters, which have to match all at once.`
  return [{ code: 'create.nothing', message }]
}

async function findRow(exportId: string, { db, sandbox }: JudgeContext): Promise<ExportRow | undefined> {
  const [row] = await db
    .select()
    .from(exportJobs)
    .where(isExport({ sandboxId: sandbox.id, id: exportId }))
  return row
}

/** The filters of an export as they stand in a query. */
function filtersOf(row: ExportRow): string {
  const filters = {
    user_id: row.userId,
    agent_id: row.agentId,
    session_id: row.sessionId,
    priority: row.priority,
    categories: row.categories?.join(','),
    created_after: row.createdAfter && formatInstant(row.createdAfter.getTime()),
    created_before: row.createdBefore && formatInstant(row.createdBefore.getTime()),
  }
  const given = Object.entries(filters).flatMap(([name, value]) => (value ? [`${name}=${value}`] : []))
  return given.join('&')
}

/** What is questionable in asking for the file. */
export async function judgeDownload(exchange: JudgedExchange, past: MemsolusPast, context: JudgeContext) {
  const { exportId, status, isWhole, at, method } = exchange
  if (exportId === null) return []
  const findings: Finding[] = []
  if (status === 200 && isWhole && method !== 'HEAD') exportOf(past, exportId).isDownloaded = true
  if (status === 409) {
    const known = exportOf(past, exportId)
    known.refused += 1
    if (known.refused >= 2) {
      const message = `Export ${exportId} was not ready, and its file was asked for ${known.refused} times. Poll its status, and download when that is READY.`
      findings.push({ code: 'poll.download', message })
    }
  }
  // Not where a script said so.
  if (status === 410 && isWhole) {
    const row = await findRow(exportId, context)
    const lateMs = row?.expiresAt ? at.getTime() - row.expiresAt.getTime() : -1
    const when = lateMs < 0 ? 'has expired' : `expired ${roughly(lateMs)} before its file was asked for`
    const message = `Export ${exportId} ${when}. Create a new one, and download it within 72 hours of READY.`
    findings.push({ code: 'download.late', message })
  }
  return findings
}
