import type { Report, Result } from '../run.ts'
import { byApi, sumUp } from './sum.ts'

/** A table an API, and before it all that is not as it should be. */
export function toMarkdown(report: Report): string {
  const parts = [`# Conformance: ${sumUp(report)}`]
  for (const [api, results] of byApi(report)) {
    const target = Object.entries(report.targets).find(([name]) => name === api)?.[1]
    parts.push(`## ${api}${target === undefined ? '' : ` at ${target}`}`)
    parts.push(...results.filter(({ unmet }) => unmet).map(toSection))
    const rows = results.map(({ id, does, rules, source, outcome, reason }) => {
      const why = outcome === 'skipped' ? cell(reason ?? '') : ''
      return `| ${outcome} | \`${id}\` | ${cell(does)} | ${rules.join(', ')} | ${source} | ${why} |`
    })
    parts.push(
      ['| outcome | case | the service … | rules | source | |', '|---|---|---|---|---|---|', ...rows].join('\n'),
    )
  }
  if (report.readings.length > 0) parts.push('## Readings, where the pages are silent', readingsTable(report))
  return `${parts.join('\n\n')}\n`
}

function readingsTable({ readings }: Report): string {
  const rows = readings.map((each) => {
    const [found, why] = 'value' in each ? [`\`${each.value}\``, each.evidence] : ['not found out', each.reason]
    return `| \`${each.name}\` | ${found} | ${cell(why)} |`
  })
  return ['| reading | the service | what was seen |', '|---|---|---|', ...rows].join('\n')
}

function toSection({ id, does, outcome, unmet, section }: Result): string {
  const lines = [`- request: \`${unmet?.request}\``, `- expected: ${unmet?.expected}`, `- actual: ${unmet?.actual}`]
  return `### ${outcome}: \`${id}\` ${does}\n\n${lines.join('\n')}\n- section of the page: ${section}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
