import type { Outcome, Report, Result } from '../run.ts'
import { sourceOf, sumUp } from './sum.ts'

export type TerminalOptions = {
  /** What makes a text stand out, by outcome; nothing does if not given. */
  paint?: (outcome: Outcome, text: string) => string
}

const marks: Record<Outcome, string> = { passed: '✓', failed: '✗', differs: '≠', skipped: '-' }

/** One result: a line, and what was seen where it is not as it should be. */
export function toLines(result: Result, { paint = (_, text) => text }: TerminalOptions = {}): string {
  const { id, does, outcome, reason, unmet } = result
  const head = `${paint(outcome, marks[outcome])} ${id}  ${does}`
  if (outcome === 'passed') return head
  if (outcome === 'skipped') return `${head}\n    skipped: ${reason ?? ''}`
  const seen = unmet
    ? [`request   ${unmet.request}`, `expected  ${unmet.expected}`, `actual    ${unmet.actual}`]
    : [reason ?? '']
  return [head, ...seen.map((line) => `    ${line}`), `    ${sourceOf(result)}`].join('\n')
}

/** The readings, as far as they were looked for: a line each under a title, or nothing. */
export function toReadings({ readings }: Pick<Report, 'readings'>): string {
  if (readings.length === 0) return ''
  const lines = readings.map((each) => {
    const [found, why] = 'value' in each ? [`${each.value}`, each.evidence] : ['not found out', each.reason]
    return `  ${each.name.padEnd(5)}  ${found.padEnd(13)}  ${why}`
  })
  return ['Readings, where the pages are silent', ...lines].join('\n')
}

/** The last line: how many came to what. */
export function toLastLine(report: Report): string {
  const requests = report.results.reduce((sum, result) => sum + result.requests.length, 0)
  return `${sumUp(report)}; ${requests} requests`
}

/** All results, for people. */
export function toTerminal(report: Report, options: TerminalOptions = {}): string {
  const results = report.results.map((result) => toLines(result, options)).join('\n')
  const parts = [results, toReadings(report), toLastLine(report)].filter((part) => part !== '')
  return `${parts.join('\n\n')}\n`
}
