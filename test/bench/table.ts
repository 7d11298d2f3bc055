import { styleText } from 'node:util'

/** One thing that was measured. `target` is in the project's own words; `isMet` is left out where this run cannot tell. */
export type Row = {
  name: string
  value: number
  unit: string
  /** What else is worth knowing of it. */
  detail?: string
  comparedWith?: string
  ratio?: number
  target?: string
  isMet?: boolean
}

/** The rows of each column: what was measured embedded, and on services. */
export type Columns = Record<string, Row[]>

const GAP = '  '

/** One line for each name, with what each column has for it. */
export function showTable(columns: Columns): string {
  const titles = Object.keys(columns)
  const names = [...new Set(Object.values(columns).flatMap((rows) => rows.map(({ name }) => name)))]
  const head = ['', ...titles.flatMap((title) => [title, 'ratio', 'met']), 'compared with', 'target']
  const body = names.map((name) => {
    const rows = titles.map((title) => columns[title]?.find((row) => row.name === name))
    const any = rows.find((row) => row !== undefined)
    return [name, ...rows.flatMap(cells), any?.comparedWith ?? '', any?.target ?? '']
  })
  const widths = head.map((title, at) => Math.max(title.length, ...body.map((line) => line[at]?.length ?? 0)))
  const lineOf = (line: string[]) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd()
  return [styleText('bold', lineOf(head)), ...body.map(lineOf)].join('\n')
}

function cells(row: Row | undefined): string[] {
  if (!row) return ['', '', '']
  const { value, unit, detail, ratio, isMet } = row
  const figure = `${showNumber(value)} ${unit}${detail === undefined ? '' : `, ${detail}`}`
  return [figure, ratio === undefined ? '' : `${ratio.toFixed(2)} ×`, isMet === undefined ? '' : isMet ? 'yes' : 'NO']
}

/** Three digits say as much as a figure of one run can. */
export function showNumber(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
