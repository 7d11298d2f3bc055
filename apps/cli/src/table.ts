const GAP = '  '
const NARROWEST = 8

/**
 * A table for people. Where it is wider than the terminal, its widest columns give way and what does not fit is cut;
 * without a terminal nothing is, so that other programs find all of it.
 */
export function tableOf(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  width = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const cells = [columns, ...rows.map((row) => row.map(textOf))]
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)))
  const room = (width ?? Number.POSITIVE_INFINITY) - GAP.length * (columns.length - 1)
  while (widths.reduce((sum, each) => sum + each, 0) > room && Math.max(...widths) > NARROWEST) {
    const widest = widths.indexOf(Math.max(...widths))
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => fitted(text, widths[at] ?? 0))
      .join(GAP)
      .trimEnd()
  return cells.map(line).join('\n')
}

/** Facts about one thing, each in a line of its own. */
export function factsOf(facts: readonly (readonly [name: string, value: unknown])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(width)}${GAP}${textOf(value)}`).join('\n')
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-'
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}

function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width)
}
