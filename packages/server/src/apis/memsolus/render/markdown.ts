import type { ExportFilters } from '../exports.ts'
import { fieldsWriter } from './fields.ts'
import { type ExportedMemory, type Format, memoryFields } from './format.ts'
import { jsonWriter } from './json-text.ts'
import { constant, type Put, put, putBytes, putText, putUntil } from './output.ts'
import { putInstant, putInteger } from './values.ts'

/** M-FILE-4c: a section a memory, its text in a fence that nothing in it can close. */
export const markdown: Format = {
  contentType: 'text/markdown',
  extension: 'md',
  needsCount: true,
  separator: '',
  open: (filters, count) => `# Memories (${count})\n\n${filterLines(filters)}`,
  text: sectionText,
  put(out, rows, first) {
    putHeading(out, rows, first)
    putItems(out, rows, first)
    putMemory(out, rows, first)
    put(out, lineEnd)
  },
  close: () => '',
}

const itemFields = memoryFields.filter((field) => field !== 'id' && field !== 'memory')

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
  const items = itemFields.map((field) => `- ${field}: ${inline(shownValue(memory, field))}\n`)
  return `\n## ${memory.id}\n\n${items.join('')}\n${fenced(memory.memory)}\n`
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}\n${text}\n${fence}`
}

function shownValue(memory: ExportedMemory, field: (typeof itemFields)[number]): string {
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

const [tick, fence, fenceEnd, lineEnd] = [constant('`'), constant('```\n'), constant('\n```'), constant('\n')]
const SPACE = 32
const putOneLine = putUntil('`\r\n')
const putUnticked = putUntil('`')
const { putJsonList } = jsonWriter('"')

/** What needs no more than a tick at each end is written at once, and all else as text. */
const putInline: Put = (out, from, start, end) => {
  const { length } = out
  put(out, tick)
  if (start < end && from.bytes[start] !== SPACE && putOneLine(out, from, start, end) === end) put(out, tick)
  else {
    out.length = length
    putText(out, inline(from.bytes.toString('utf8', start, end)))
  }
}

const putFenced: Put = (out, from, start, end) => {
  const { length } = out
  put(out, fence)
  if (putUnticked(out, from, start, end) === end) put(out, fenceEnd)
  else {
    out.length = length
    putText(out, fenced(from.bytes.toString('utf8', start, end)))
  }
}

const putList: Put = (out, from, start, end) => {
  const { length } = out
  put(out, tick)
  putJsonList(out, from, start, end)
  const list = out.bytes.subarray(length + tick.length, out.length)
  if (list.includes('`')) {
    out.length = length
    putText(out, inline(list.toString()))
  } else put(out, tick)
}

function ticked(putValue: Put): Put {
  return (out, from, start, end) => {
    put(out, tick)
    putValue(out, from, start, end)
    put(out, tick)
  }
}

const putItem = {
  word: ticked(putBytes),
  integer: ticked(putInteger),
  instant: ticked(putInstant),
  list: putList,
  object: putInline,
}
const [putHeading, putItems, putMemory] = [
  fieldsWriter({ fields: ['id'], puts: { ...putItem, text: putBytes }, before: () => '\n## ', nothing: '' }),
  fieldsWriter({
    fields: itemFields,
    puts: { ...putItem, text: putInline },
    before: (field, index) => `${index === 0 ? '\n\n' : '\n'}- ${field}: `,
    nothing: '`null`',
  }),
  fieldsWriter({ fields: ['memory'], puts: { ...putItem, text: putFenced }, before: () => '\n\n', nothing: '' }),
]
