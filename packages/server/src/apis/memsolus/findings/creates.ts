import { and, eq } from 'drizzle-orm'
import type { Finding, JudgeContext, JudgedExchange } from '../../../judging.ts'
import { isAmong } from '../../../ports/database/insert.ts'
import { mark } from '../../../wire/wording.ts'
import type { ExportRow } from '../exports.ts'
import { CreateQuery } from '../schemas.ts'
import { exportJobs } from '../tables.ts'
import { exportOf, type MemsolusPast } from './state.ts'

/** What is said of a new export for judging the client. */
export type CreateFacts = { filters: string; workspaceId: string }

/** What is questionable in a request for a new export. */
export async function judgeCreate(
  exchange: JudgedExchange,
  past: MemsolusPast,
  context: JudgeContext,
): Promise<Finding[]> {
  const findings = judgeBody(exchange)
  const { exportId, status, isWhole } = exchange
  const { filters, workspaceId }: Partial<CreateFacts> = exchange.facts
  if (exportId === null || filters === undefined || status !== 202) return findings
  const asked = `${workspaceId} ${filters}`
  const others = past.exports.filter(([, known]) => known.asked === asked && !known.isDownloaded).map(([id]) => id)
  const again = others.length === 0 ? undefined : await findUnfinished(context, others, exchange.at)
  if (again) {
    const message = `Export ${again.id} has the same filters and is ${again.state}. ${again.advice}`
    findings.push({ code: 'create.again', message })
  }
  // Who got no answer has to create another one.
  if (isWhole) exportOf(past, exportId).asked = asked
  return findings
}

const names = Object.keys(CreateQuery.properties)

/** M-CREATE-7c: filters in JSON or in a form, which may have been cut off. */
function judgeBody({ requestBody }: JudgedExchange): Finding[] {
  if (!requestBody) return []
  const found = names.filter((name) => {
    const anyCase = name.replaceAll('_', '_?')
    return new RegExp(`"${anyCase}"\\s*:|(?:^|&)${anyCase}=|name="${anyCase}"`, 'i').test(requestBody)
  })
  if (found.length === 0) return []
  const message = `The body was ignored, with ${found.map(mark).join(', ')} in it. Filters belong in the query: ${mark(`POST /v1/exports?${found[0]}=…`)}`
  return [{ code: 'create.body', message }]
}

/** The newest of some exports that was live at an instant, or had a file. */
async function findUnfinished({ db, sandbox }: JudgeContext, ids: readonly string[], at: Date) {
  const rows = await db
    .select()
    .from(exportJobs)
    .where(and(eq(exportJobs.sandboxId, sandbox.id), isAmong(exportJobs.id, ids)))
    .orderBy(exportJobs.ordinal)
  const row = rows.findLast((each) => !isBy(each.failedAt, at) && !(isBy(each.readyAt, at) && isBy(each.expiresAt, at)))
  return row && { id: row.id, ...stateAt(row, at) }
}

function stateAt({ readyAt, processingAt }: ExportRow, at: Date): { state: string; advice: string } {
  if (isBy(readyAt, at)) return { state: 'READY and was not downloaded', advice: 'Download it instead.' }
  return { state: isBy(processingAt, at) ? 'PROCESSING' : 'PENDING', advice: 'Go on polling it instead.' }
}

function isBy(instant: Date | null, at: Date): boolean {
  return instant !== null && instant <= at
}
