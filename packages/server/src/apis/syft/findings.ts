import type { KeyFacts } from '../../control/journal/exchange.ts'
import type { Finding, Judge, JudgeContext, JudgedExchange } from '../../judging.ts'
import { roughly } from '../../wire/duration.ts'
import { judgeCursor, judgeUnfollowed } from './findings/cursors.ts'
import { type Asked, readAsked } from './findings/request.ts'
import {
  beginPast,
  keep,
  rememberFollowed,
  rememberIssued,
  type Scope,
  type SyftPast,
  scopeOf,
  short,
  wasFollowed,
} from './findings/state.ts'
import { judgeFinishedPass, judgeStatus } from './findings/statuses.ts'
import { judgeBeginning, judgeWindow } from './findings/windows.ts'
import type { PageFacts } from './page.ts'
import { ExportQuery } from './schemas.ts'

/**
 * How clients of the Syft Export API are judged.
 *
 * Words: a *scope* is a motion and a status; a *pass* is an opening request, one without a cursor or with one that has
 * been followed before, and those that follow its cursors; it is *finished* when `hasMore` is false.
 */
export const syftJudge: Judge<SyftPast> = {
  parameters: {
    'syft.exportRuns': {
      names: Object.keys(ExportQuery.properties),
      times: ['since', 'until'],
      // S-FIELDS-2
      mayBeEmpty: ['fields'],
      capped: { limit: 100 },
    },
  },
  begin: beginPast,
  async step(exchange, past, context) {
    if (exchange.operation !== 'syft.exportRuns') return []
    const asked = readAsked(exchange)
    return [
      ...judgeTwoKeys(exchange),
      ...judgeWindow(asked, exchange),
      ...judgeCursor(asked, exchange, past),
      ...(await judgeStatus(asked, context)),
      ...(exchange.method === 'HEAD' ? [] : await judgePass(asked, exchange, { past, context })),
    ]
  },
}

/** S-AUTH-4c */
function judgeTwoKeys({ facts }: JudgedExchange): Finding[] {
  const { keys = [] }: Partial<KeyFacts> = facts
  const isBearer = keys.some(({ where, counts }) => where === 'authorization' && counts)
  if (!isBearer || !keys.some(({ where, differs }) => where === 'x-syft-secret-key' && differs)) return []
  const message = 'Two different keys were sent, and the one in `Authorization` won. Send one of them.'
  return [{ code: 'auth.conflict', message }]
}

type Surroundings = { past: SyftPast; context: JudgeContext }

/** What is questionable in a request as part of its pass, and what of it matters later. */
async function judgePass(asked: Asked, exchange: JudgedExchange, { past, context }: Surroundings): Promise<Finding[]> {
  const { cursor, motionId, status } = asked
  const scope = scopeOf(past, motionId, status)
  const scopeName = `${motionId} ${status}`
  if (cursor !== undefined) {
    // Whatever came of it, the page was asked for; also under another status.
    for (const [, { announced }] of past.scopes) {
      const known = announced.findIndex((page) => page.cursor === short(cursor))
      if (known >= 0) announced.splice(known, 1)
    }
  }
  if (exchange.status !== 200) return []
  const isOpening = cursor === undefined || wasFollowed(past, cursor, scopeName)
  const findings = isOpening
    ? [...judgeUnfollowed(scope, exchange), ...judgeBeginning(asked, scope, context), ...judgePace(scope, exchange)]
    : []
  if (!exchange.isWhole) return findings
  const { nextCursor, hasMore, latest, last }: Partial<PageFacts> = exchange.facts
  if (cursor !== undefined) rememberFollowed(past, cursor, scopeName)
  if (nextCursor) rememberIssued(past, nextCursor, asked.filters)
  if (nextCursor) keepAnnounced(scope, nextCursor, exchange)
  if (typeof latest === 'number') scope.latest = Math.max(latest, scope.latest ?? latest)
  if (typeof last === 'number') keep(scope.ends, last)
  if (asked.until) keep(scope.untils, asked.until.floor)
  if (hasMore === false) findings.push(...(await judgeFinishedPass(asked, exchange, { scope, past, context })))
  return findings
}

const MOST_ANNOUNCED = 20

function keepAnnounced(scope: Scope, cursor: string, { exchangeId, closedUs }: JudgedExchange): void {
  scope.announced.push({ cursor: short(cursor), exchangeId, closedUs })
  if (scope.announced.length > MOST_ANNOUNCED) scope.announced.shift()
}

const PACE_US = 55_000_000

/** S-RATE-1: only where time passes for the client as it does in the sandbox. */
function judgePace(scope: Scope, { openedUs, isWhole, facts }: JudgedExchange): Finding[] {
  const { isSteady }: Partial<PageFacts> = facts
  const before = scope.begunUs
  if (isWhole) scope.begunUs = isSteady ? openedUs : null
  if (!isSteady || before === null || openedUs - before >= PACE_US) return []
  const message = `A new pass began ${roughly(Math.max(0, openedUs - before) / 1000)} after the one before it. The API is meant to be polled once a minute or less often.`
  return [{ code: 'pace.fast', message }]
}
