import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import type { Finding, JudgeContext, JudgedExchange } from '../../judging.ts'
import type { Db } from '../../ports/database/database.ts'
import { insertRows } from '../../ports/database/insert.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { parseQuery } from '../../wire/query.ts'
import { exchanges, findings, judgements } from '../journal/tables.ts'
import { catalogue, type FindingCode, ruleOf } from './catalogue.ts'
import { judgeKeys, parametersWithKeys } from './keys.ts'
import { judgeParameters } from './parameters.ts'
import { beginRetries, judgeRetries, type Retries } from './retries.ts'

export type Judges = { deps: Pick<Deps, 'db'>; modules: readonly ApiModule[] }

/** What of a client's past still matters. */
type Past = {
  /** What was visible when it was judged last: what is not in it is judged next, whenever it began. */
  snapshot: string | null
  /** The numbers of exchanges that were visible then, but whose turn had not come. */
  left: number[]
  retries: Retries
  /** By API. */
  apis: Record<string, unknown>
  /** How often each code was found. */
  found: Partial<Record<FindingCode, number>>
}

/** As many findings of one code are kept in a sandbox. */
const MOST_OF_A_CODE = 1000

/**
 * Judges a sandbox's exchanges that are written and not judged yet, as they ended, each once, in whichever process. Those
 * that ended after `untilUs`, in microseconds of real time, are left for later: others that ended before them may come.
 */
export async function judge({ deps, modules }: Judges, sandboxId: string, untilUs = Infinity): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const sandbox = await lockJudged(tx, sandboxId)
    if (!sandbox) return
    const { through, past } = await readJudgement(tx, sandboxId)
    const { unjudged, snapshot } = await findUnjudged(tx, sandboxId, past)
    const fresh = unjudged.filter(({ closedUs }) => closedUs <= untilUs)
    if (fresh.length === 0) return
    past.snapshot = snapshot
    past.left = unjudged.slice(fresh.length).map(({ id }) => id)
    const found: FindingRow[] = []
    for (const exchange of fresh) {
      const module = modules.find(({ name }) => name === exchange.api)
      if (!module) continue
      for (const finding of await judgeExchange(exchange, { module, past, context: { db: tx, sandbox } })) {
        const times = (past.found[finding.code] ?? 0) + 1
        if (sandbox.allowed.includes(finding.code) || times > MOST_OF_A_CODE) continue
        past.found[finding.code] = times
        found.push(toRow(sandboxId, exchange, finding))
      }
    }
    await insertRows(tx, findings, found)
    await tx
      .update(judgements)
      .set({ through: Math.max(through, fresh.at(-1)?.id ?? 0), state: past })
      .where(eq(judgements.sandboxId, sandboxId))
  })
}

type Surroundings = { module: ApiModule; past: Past; context: JudgeContext }

async function judgeExchange(exchange: JudgedExchange, { module, past, context }: Surroundings): Promise<Finding[]> {
  const parameters = module.judge.parameters[exchange.operation ?? '']
  past.apis[module.name] ??= module.judge.begin()
  return [
    ...judgeKeys(exchange, module.keys),
    ...(parameters ? judgeParameters(exchange, parameters, parametersWithKeys(exchange)) : []),
    ...(await module.judge.step(exchange, past.apis[module.name], context)),
    ...judgeRetries(exchange, past.retries),
  ]
}

type FindingRow = Omit<typeof findings.$inferInsert, 'id' | 'transaction'>

function toRow(sandboxId: string, exchange: JudgedExchange, { code, message }: Finding): FindingRow {
  const { exchangeId, operation, at, api } = exchange
  const { severity } = catalogue[code]
  return { sandboxId, exchangeId, operation, at, code, severity, rule: ruleOf(code, api), message }
}

/** Under the lock, nobody else judges the sandbox, and it is not deleted meanwhile. */
async function lockJudged(tx: Db, sandboxId: string) {
  const [sandbox] = await tx
    .select({ id: sandboxes.id, reading: sandboxes.reading, allowed: sandboxes.allowedFindings })
    .from(sandboxes)
    .where(and(eq(sandboxes.id, sandboxId), eq(sandboxes.kind, 'live')))
    .for('update')
  return sandbox
}

async function readJudgement(tx: Db, sandboxId: string): Promise<{ through: number; past: Past }> {
  const past: Past = { snapshot: null, left: [], retries: beginRetries(), apis: {}, found: {} }
  await tx.insert(judgements).values({ sandboxId, through: 0, state: past }).onConflictDoNothing()
  const [known] = await tx.select().from(judgements).where(eq(judgements.sandboxId, sandboxId))
  return known ? { through: known.through, past: { ...past, ...(known.state as Past) } } : { through: 0, past }
}

/** What is read of an exchange to be judged. */
const judged = {
  id: exchanges.id,
  exchangeId: exchanges.exchangeId,
  api: exchanges.api,
  operation: exchanges.operation,
  method: exchanges.method,
  path: exchanges.path,
  search: exchanges.search,
  requestBody: exchanges.requestBody,
  keyEnd: exchanges.keyEnd,
  at: exchanges.at,
  openedUs: exchanges.openedUs,
  closedUs: exchanges.closedUs,
  revision: exchanges.revision,
  status: exchanges.status,
  isWhole: exchanges.isWhole,
  cutBy: exchanges.cutBy,
  exportId: exchanges.exportId,
  facts: exchanges.facts,
}
/** As JSON has it. */
type Judged = Omit<Pick<typeof exchanges.$inferSelect, keyof typeof judged>, 'at'> & {
  at: string
  retryAfter: string | null
}

/** Only of a refusal or a failure does it matter. */
const retryAfter = sql`case when ${exchanges.status} >= 400 then jsonb_path_query_first(${exchanges.responseHeaders},
  'strict $[*] ? (@[0] == "retry-after")[1]') end`

/** One value for all of a row: to read each column by itself takes longer than to judge. */
const asJson = sql.join(
  Object.entries({ ...judged, retryAfter }).map(([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`),
  sql`, `,
)

/**
 * Exchanges that could not be seen when the sandbox was judged last, or were left then, as they ended, and what is seen now.
 * Their numbers do not tell: one that was numbered earlier may be committed later.
 */
async function findUnjudged(tx: Db, sandboxId: string, { snapshot, left }: Pick<Past, 'snapshot' | 'left'>) {
  const isNew =
    snapshot === null
      ? undefined
      : or(
          sql`${exchanges.transaction} >= pg_snapshot_xmin(${snapshot}::pg_snapshot)::text::bigint
            and not pg_visible_in_snapshot(${exchanges.transaction}::text::xid8, ${snapshot}::pg_snapshot)`,
          left.length === 0 ? undefined : inArray(exchanges.id, left),
        )
  const [found] = await tx
    .select({
      snapshot: sql<string>`pg_current_snapshot()::text`,
      rows: sql<
        Judged[] | null
      >`json_agg(json_build_object(${asJson}) order by ${exchanges.closedUs}, ${exchanges.id})`,
    })
    .from(exchanges)
    .where(and(eq(exchanges.sandboxId, sandboxId), isNew))
  const unjudged = (found?.rows ?? []).map((row) => ({ ...row, at: new Date(row.at), query: parseQuery(row.search) }))
  return { unjudged, snapshot: found?.snapshot ?? null }
}
