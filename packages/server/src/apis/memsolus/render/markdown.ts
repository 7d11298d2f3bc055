import type { ExportFilters } from '../exports.ts'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { sectionInSql } from './markdown-in-sql.ts'

/** M-FILE-4c: a section a memory, its text in a fence that nothing in it can close. */
export const markdown: Format = {
  contentType: 'text/markdown',
  extension: 'md',
  needsCount: true,
  separator: '',
  open: (filters, count) => `# Memories (${count})\n\n${filterLines(filters)}`,
  text: sectionText,
  textInSql: sectionInSql,
  close: () => '',
}

function filterLines(filters: ExportFilters): string {
  const shown = {
    user_id: filters.userId,
    agent_id: filters.agentId,
    session_id: filters.sessionId,
    priority: filters.priority,
    categories: filters.categories?.join(', ') ?? null,
    created_after: filters.createdAfter?.toISOString() ?? null,
    created_before: filters.createdBefore?.toISOString() ?? null,
  }
  const lines = Object.entries(shown).flatMap(([name, value]) =>
    value === null ? [] : [`- ${name}: ${inline(value)}\n`],
  )
  return lines.length === 0 ? 'No filters.\n' : `Filters:\n\n${lines.join('')}`
}

function sectionText(memory: ExportedMemory): string {
  const fence = '`'.repeat(Math.max(3, longestRun(memory.memory) + 1))
  const items = memoryFields
    .filter((field) => field !== 'id' && field !== 'memory')
    .map((field) => `- ${field}: ${inline(shownValue(memory, field))}\n`)
  return `\n## ${memory.id}\n\n${items.join('')}\n${fence}\n${memory.memory}\n${fence}\n`
}

function shownValue(memory: ExportedMemory, field: Exclude<keyof ExportedMemory, 'id' | 'memory'>): string {
  const value = memory[field]
  if (value === null) return 'null'
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}

/** A value as code on the line, which nothing in it can end. Of spaces at both ends Markdown takes one away. */
function inline(value: string): string {
  const oneLine = value.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  const ticks = '`'.repeat(longestRun(oneLine) + 1)
  const space = /^`|`$|^$|^ .* $/.test(oneLine) ? ' ' : ''
  return `${ticks}${space}${oneLine}${space}${ticks}`
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}
