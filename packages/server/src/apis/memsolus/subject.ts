import type { Subject } from '../../subject.ts'
import { tooManyHeaders } from '../../wire/headers.ts'
import { InternalError, TooManyRequests, Unauthorized } from './errors.ts'
import { MemsolusError } from './schemas.ts'

/** What the document of the Memsolus Exports API begins with. */
export const memsolusSubject: Subject = {
  title: 'Memsolus Exports API, as Sandport serves it',
  description:
    'Exports are created, waited for, downloaded, and gone after 72 hours. The key alone chooses the sandbox. Of each ' +
    '`GET` there is also `HEAD`, answered like it without the body. Not made or endorsed by the makers of Memsolus.',
  tags: [{ name: 'exports', description: 'Exports of the memories of a workspace' }],
  // M-AUTH-1
  securitySchemes: {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'A key such as `msk_live_demo`' },
  },
  security: [{ apiKey: [] }],
  errorBody: MemsolusError,
  // M-ERR-2c
  bodyOf: ({ code, message, statusCode }) => ({ error: code, message, statusCode }),
  // M-RATE-1c
  refusalHeaders: { 429: tooManyHeaders },
  refusalsOf: () => [new Unauthorized(), new TooManyRequests(), new InternalError()],
}
