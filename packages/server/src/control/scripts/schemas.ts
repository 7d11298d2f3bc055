import { Type } from '@sinclair/typebox'
import { OutInstant } from '../../wire/parameters.ts'
import { Match } from './grammar.ts'

export type { ScriptInput } from './grammar.ts'

/** A script as it is answered. */
export const Script = Type.Object(
  {
    id: Type.String({ examples: ['sc_5564'] }),
    operation: Type.String({ examples: ['syft.exportRuns'] }),
    match: Match,
    repeat: Type.Union([Type.Integer(), Type.Boolean()], {
      description: 'How often its steps are gone through; `true` is without end',
    }),
    createdAt: OutInstant('Real time'),
    spent: Type.Boolean({ description: 'Whether no step is left' }),
    steps: Type.Array(
      Type.Object(
        {
          consumed: Type.Integer({ description: 'How many requests have taken it' }),
          remaining: Type.Union([Type.Integer(), Type.Null()], {
            description: 'How many still can; null is without end',
          }),
        },
        {
          additionalProperties: true,
          description: 'A step as it was given, and how far it is',
          examples: [{ respond: { status: 503, retryAfter: 2 }, times: 2, consumed: 0, remaining: 2 }],
        },
      ),
    ),
  },
  { $id: 'Script', description: 'A script, and how far it is' },
)
