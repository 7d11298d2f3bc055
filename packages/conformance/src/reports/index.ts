import type { Report } from '../run.ts'
import { toJunit } from './junit.ts'
import { toMarkdown } from './markdown.ts'
import { toTerminal } from './terminal.ts'

/** A report as a text, by the name of its form: for people, for programs, for CI servers, for pull requests. */
export const reporters = {
  terminal: (report) => toTerminal(report),
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  junit: toJunit,
  markdown: toMarkdown,
} satisfies Record<string, (report: Report) => string>

export type ReporterName = keyof typeof reporters
