import { clampInstant, parseInstant } from '../../wire/instant.ts'
import type { Query } from '../../wire/query.ts'
import { InvalidDate, InvalidFormat, InvalidPriority, TooManyCategories } from './errors.ts'
import type { ExportFilters } from './exports.ts'
import { exportFormats, priorities } from './schemas.ts'

const MAX_CATEGORIES = 20

/** M-CREATE-2 to M-CREATE-6c: reads the filters of a new export; the first thing wrong is thrown. */
export function readFilters(query: Query): ExportFilters {
  const after = readDate(query, 'created_after')
  const before = readDate(query, 'created_before')
  return {
    format: readChoice(query.first('format'), exportFormats, InvalidFormat) ?? 'json',
    priority: readChoice(query.first('priority'), priorities, InvalidPriority) ?? null,
    categories: readCategories(query),
    // Memories are kept to the millisecond: those after an instant within one are those after the millisecond it is in.
    createdAfter: after && new Date(clampInstant(after.floor)),
    createdBefore: before && new Date(clampInstant(before.ceil)),
    userId: query.first('user_id') ?? null,
    agentId: query.first('agent_id') ?? null,
    sessionId: query.first('session_id') ?? null,
  }
}

type Refusal = new (value: string) => Error

function readChoice<T extends string>(
  value: string | undefined,
  choices: readonly T[],
  Refused: Refusal,
): T | undefined {
  const chosen = choices.find((choice) => choice === value)
  if (value !== undefined && !chosen) throw new Refused(value)
  return chosen
}

/** M-CREATE-3c */
function readCategories(query: Query): string[] | null {
  const names = query.all('categories').flatMap((list) => list.split(','))
  const categories = [...new Set(names.map((name) => name.trim()))].filter((name) => name !== '')
  if (categories.length > MAX_CATEGORIES) throw new TooManyCategories(categories.length)
  return categories.length === 0 ? null : categories
}

function readDate(query: Query, name: 'created_after' | 'created_before') {
  const text = query.first(name)
  if (text === undefined) return null
  const instant = parseInstant(text)
  if (!instant) throw new InvalidDate(name, text)
  return instant
}
