/** What a field of a run may hold. */
type Kind = 'text' | 'text or null' | 'time' | 'time or null' | 'object or null' | 'list'

/** The documented fields of a run, in their order, with what they hold (S-ITEM-1). */
export const itemFields: Readonly<Record<string, Kind>> = {
  runId: 'text',
  status: 'text',
  createdAt: 'time',
  updatedAt: 'time',
  completedAt: 'time or null',
  targetType: 'text',
  triggerSource: 'text or null',
  account: 'object or null',
  contacts: 'list',
  session: 'object or null',
  evaluationSummary: 'text or null',
  triggerReason: 'text or null',
  actionPlanSummary: 'text or null',
  error: 'text or null',
}

export const fieldNames = Object.keys(itemFields)

/** Whether a value is what a field holds. What may be null may also be left out: the page's own examples do so. */
export function isOfKind(value: unknown, kind: Kind): boolean {
  if (value === null || value === undefined) return kind.endsWith('or null')
  if (kind.startsWith('time')) return typeof value === 'string' && isInstant(value)
  if (kind.startsWith('text')) return typeof value === 'string'
  if (kind === 'list') return Array.isArray(value)
  return typeof value === 'object' && !Array.isArray(value)
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
}
