import { Type } from '@sinclair/typebox'

/** X-TIME-2c: an instant in an answer. */
export const OutInstant = (description?: string) =>
  Type.String({
    format: 'date-time',
    ...(description !== undefined && { description }),
    examples: ['2026-01-31T09:30:00.000Z'],
  })

/** X-TIME-1c: an instant in a query, which may be finer or coarser than RFC 3339 has it. */
export const TimeParameter = (description: string) =>
  Type.Union(
    [
      Type.String({ format: 'date-time' }),
      Type.String({ format: 'date' }),
      Type.String({ format: 'instant', description: 'ISO 8601 without seconds, without a zone, or with `+hhmm`' }),
    ],
    { description, examples: ['2026-01-31T09:30:00Z'] },
  )
