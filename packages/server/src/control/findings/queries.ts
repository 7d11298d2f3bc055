import { and, asc, eq, gt, not } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { isAmong } from '../../ports/database/insert.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { findings } from '../journal/tables.ts'
import type { FindingCode, Severity } from './catalogue.ts'

export type FindingRow = typeof findings.$inferSelect

type Wanted = { code?: FindingCode; severity?: Severity; after: number; limit: number }

/** What was found in a sandbox, as it was found, after a place in it; save what the sandbox allows. */
export async function listFindings(db: Db, sandboxId: string, { code, severity, after, limit }: Wanted) {
  const allowed = await readAllowed(db, sandboxId)
  return db
    .select()
    .from(findings)
    .where(
      and(
        eq(findings.sandboxId, sandboxId),
        gt(findings.id, after),
        not(isAmong(findings.code, allowed)),
        code && eq(findings.code, code),
        severity && eq(findings.severity, severity),
      ),
    )
    .orderBy(asc(findings.id))
    .limit(limit)
}

/** The codes of what was found in each of some exchanges; save what the sandbox allows. */
export async function findingsOf(
  db: Db,
  sandboxId: string,
  exchangeIds: readonly string[],
): Promise<Map<string, string[]>> {
  const allowed = await readAllowed(db, sandboxId)
  const rows = await db
    .select({ exchangeId: findings.exchangeId, code: findings.code })
    .from(findings)
    .where(
      and(
        eq(findings.sandboxId, sandboxId),
        isAmong(findings.exchangeId, exchangeIds),
        not(isAmong(findings.code, allowed)),
      ),
    )
    .orderBy(asc(findings.id))
  const codes = new Map<string, string[]>()
  for (const { exchangeId, code } of rows) codes.set(exchangeId, [...(codes.get(exchangeId) ?? []), code])
  return codes
}

/** The codes that a sandbox allows its clients. */
export async function readAllowed(db: Db, sandboxId: string): Promise<string[]> {
  const [row] = await db
    .select({ allowed: sandboxes.allowedFindings })
    .from(sandboxes)
    .where(eq(sandboxes.id, sandboxId))
  return row?.allowed ?? []
}

export async function allowFindings(db: Db, sandboxId: string, codes: readonly FindingCode[]): Promise<void> {
  const allowedFindings = [...new Set(codes)]
  await db.update(sandboxes).set({ allowedFindings }).where(eq(sandboxes.id, sandboxId))
}
