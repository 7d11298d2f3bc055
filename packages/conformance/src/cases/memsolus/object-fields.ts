import type { Exchange } from '../../exchange.ts'
import { expectThat, shapeOf } from '../../expect.ts'
import type { ExportObject } from '../../memsolus-kit.ts'

/** What a field of an export may hold. */
type Kind = 'text' | 'text or null' | 'time' | 'time or null' | 'list of texts or null'

/** The documented fields of an export, in their order, with what they hold (M-OBJECT-1). */
const objectFields: Readonly<Record<string, Kind>> = {
  id: 'text',
  format: 'text',
  status: 'text',
  user_id: 'text or null',
  agent_id: 'text or null',
  session_id: 'text or null',
  priority: 'text or null',
  categories: 'list of texts or null',
  created_after: 'time or null',
  created_before: 'time or null',
  created_at: 'time',
  updated_at: 'time',
}

export const objectFieldNames = Object.keys(objectFields)
export const nullableFieldNames = objectFieldNames.filter((name) => objectFields[name]?.endsWith('or null'))
export const statuses = ['PENDING', 'PROCESSING', 'READY', 'FAILED', 'EXPIRED']
const formats = ['json', 'csv', 'markdown']

/** Holds an export to the types of its documented fields. What may be null may also be left out. */
export function expectObject(exchange: Exchange, found: ExportObject): void {
  for (const [name, kind] of Object.entries(objectFields)) {
    expectThat(exchange, isOfKind(found[name], kind), {
      expected: `${name}: ${kind}`,
      actual: `${name}: ${name in found ? shapeOf(found[name]) : 'left out'}`,
    })
  }
  for (const [name, known] of Object.entries({ status: statuses, format: formats })) {
    expectThat(exchange, known.includes(`${found[name]}`), {
      expected: `${name}: ${known.join(', ')}`,
      actual: `${name}: another one`,
    })
  }
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (value === null || value === undefined) return kind.endsWith('or null')
  if (kind.startsWith('list')) return Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (typeof value !== 'string') return false
  return !kind.startsWith('time') || !Number.isNaN(Date.parse(value))
}
