import type { ControlClient, Exchange, Finding } from '@sandport/client'

/** So many exchanges of a sandbox are remembered. */
const REMEMBERED = 10_000

/** What a command has requested, in lines for people; also what it has sent to where nobody counts it. */
export async function summarize(control: ControlClient, sandboxId: string): Promise<string> {
  const own = control.sandbox(sandboxId)
  const [exchanges, findings, others, lost] = await Promise.all([
    own.requests.list(),
    own.findings.list(),
    control.sandbox('default').requests.list(),
    control.unmatched(),
  ])
  return [
    titleOf(exchanges, findings),
    ...requestLines(exchanges),
    ...findingLines(findings),
    ...(others.length > 0
      ? [`  ${count(others.length, 'request')} with the key of the sandbox default, not of this`]
      : []),
    ...(lost.length > 0
      ? [`  ${count(lost.length, 'request')} with a key of no sandbox, such as ${lost[0]?.method} ${lost[0]?.path}`]
      : []),
    '',
  ].join('\n')
}

function titleOf(exchanges: readonly Exchange[], findings: readonly Finding[]): string {
  const last = exchanges.length >= REMEMBERED ? ' (the last that are remembered)' : ''
  return `sandport: ${count(exchanges.length, 'request')}${last}, ${count(findings.length, 'finding')}`
}

/** One line for each operation, with how often it had which status. */
function requestLines(exchanges: readonly Exchange[]): string[] {
  const operations = groupBy(exchanges, ({ operation, method, path }) => operation ?? `${method} ${path}`)
  const width = Math.max(0, ...[...operations.keys()].map(({ length }) => length))
  return [...operations].toSorted().map(([operation, of]) => {
    const statuses = [...groupBy(of, ({ status }) => `${status ?? 'none'}`)].toSorted()
    return `  ${operation.padEnd(width)}  ${statuses.map(([status, { length }]) => `${length} × ${status}`).join(', ')}`
  })
}

/** One line for each code, with the first message that there was of it. */
function findingLines(findings: readonly Finding[]): string[] {
  const codes = groupBy(findings, ({ code }) => code)
  return [...codes.values()].flatMap((of) => {
    const [first] = of
    return first ? [`  ${first.severity} ${first.code}, ${of.length} ×: ${first.message}`] : []
  })
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** In the order in which they first came. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
