import type { Report, Result } from '../run.ts'
import { byApi, sourceOf } from './sum.ts'

/** A suite an API, a test a case. What differs where the page is silent has passed, and says so. */
export function toJunit(report: Report): string {
  const suites = [...byApi(report)].map(([api, results]) => {
    const count = (asked: Result['outcome']) => results.filter(({ outcome }) => outcome === asked).length
    const counts = `tests="${results.length}" failures="${count('failed')}" skipped="${count('skipped')}"`
    const tests = results.map(toTest).join('\n')
    const open = `  <testsuite name="${api}" ${counts} time="${seconds(results)}">`
    return [open, ...toProperties(results), tests, '  </testsuite>'].join('\n')
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="conformance">\n${suites.join('\n')}\n</testsuites>\n`
}

/** The readings that were found out. */
function toProperties(results: readonly Result[]): string[] {
  const found = results.flatMap(({ reading }) => (reading && 'value' in reading ? [reading] : []))
  if (found.length === 0) return []
  const lines = found.map(({ name, value }) => `      <property name="reading.${name}" value="${value}"/>`)
  return ['    <properties>', ...lines, '    </properties>']
}

function toTest(result: Result): string {
  const { api, id, does, outcome } = result
  const open = `    <testcase classname="${api}" name="${escapeXml(`${id}: ${does}`)}" time="${seconds([result])}"`
  const reason = result.reason ?? ''
  if (outcome === 'passed') return `${open}/>`
  const inside = {
    skipped: () => `<skipped message="${escapeXml(reason)}"/>`,
    differs: () => `<system-out>${escapeXml(`Differs: ${reason} (${sourceOf(result)})`)}</system-out>`,
    failed: () => `<failure message="${escapeXml(reason)}">${escapeXml(sourceOf(result))}</failure>`,
  }[outcome]()
  return `${open}>${inside}</testcase>`
}

function seconds(results: readonly Result[]): string {
  return (results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML has no way to say most control characters. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, (mark) => (/[\t\n\r]/.test(mark) ? mark : '\uFFFD'))
    .replaceAll(/[&<>"]/g, (mark) => entities[mark] ?? mark)
}
