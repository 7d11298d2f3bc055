import { Type } from '@sinclair/typebox'
import { DurationText, objectOf } from '../../wire/control-types.ts'

export const Policy = objectOf(
  {
    rateLimit: Type.Optional(
      objectOf({
        requests: Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          description: 'How many are answered in a window',
          examples: [10],
        }),
        per: DurationText,
      }),
    ),
  },
  {
    $id: 'Policy',
    description: 'What an API does to requests that come too fast',
    examples: [{ rateLimit: { requests: 10, per: '1m' } }],
  },
)
