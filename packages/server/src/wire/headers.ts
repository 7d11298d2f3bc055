import { Type } from '@sinclair/typebox'

const RetryAfter = Type.Integer({
  minimum: 0,
  description: 'After how many seconds to ask again',
  examples: [1],
})

/** What is answered with 429, by both vendors' APIs. */
export const tooManyHeaders = {
  'Retry-After': RetryAfter,
  'Sandport-Quota': Type.Optional(
    Type.String({ description: 'The quota of a public server that is used up', examples: ['requestsPerSecond'] }),
  ),
}
