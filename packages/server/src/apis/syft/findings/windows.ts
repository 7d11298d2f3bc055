import type { Finding, JudgeContext, JudgedExchange } from '../../../judging.ts'
import { roughly } from '../../../wire/duration.ts'
import { formatInstant } from '../../../wire/instant.ts'
import type { Asked } from './request.ts'
import type { Scope } from './state.ts'

const AHEAD_MS = 1000

/** What is questionable in a window of time by itself. */
export function judgeWindow({ since, until }: Asked, { at }: JudgedExchange): Finding[] {
  const findings: Finding[] = []
  const aheadMs = since ? since.floor - at.getTime() : 0
  if (since && aheadMs > AHEAD_MS) {
    const message = `\`since\` is ${roughly(aheadMs)} ahead of the server, whose clock says ${formatInstant(at.getTime())}; updates until then are skipped. Take \`since\` from the runs that you got, not from a clock of your own.`
    findings.push({ code: 'since.future', message })
  }
  if (since && until && since.floor >= until.floor && since.ceil >= until.ceil) {
    const message = `\`since\` is ${formatInstant(since.floor)} and \`until\` is ${formatInstant(until.floor)}: no run can be between them. Make \`since\` the earlier one.`
    findings.push({ code: 'window.empty', message })
  }
  return findings
}

/** What is questionable in where a new pass begins, after those before it. */
export function judgeBeginning({ since }: Asked, scope: Scope, { sandbox }: JudgeContext): Finding[] {
  // Where `since` is inclusive, what is at its instant comes again.
  if (!since || since.floor !== since.ceil || sandbox.reading.since === 'inclusive') return []
  const findings: Finding[] = []
  const text = formatInstant(since.floor)
  if (since.floor === scope.latest || scope.ends.includes(since.floor)) {
    const message = `\`since\` is ${text}, exactly the \`updatedAt\` of a run that was served: runs of the same instant that appear later never come. Begin a little earlier and drop the runs that you know.`
    findings.push({ code: 'since.tie', message })
  }
  if (scope.untils.includes(since.floor)) {
    const message = `\`since\` is ${text}, the \`until\` of an earlier pass, and neither includes it: runs at exactly this instant are in neither window. Let the windows overlap.`
    findings.push({ code: 'since.seam', message })
  }
  return findings
}
