import type { Subject } from '../../subject.ts'
import { tooManyHeaders } from '../../wire/headers.ts'
import { InternalError, TooManyRequests, Unauthorized } from './errors.ts'
import { SyftError } from './schemas.ts'

/** What the document of the Syft Export API begins with. */
export const syftSubject: Subject = {
  title: 'Syft Export API, as Sandport serves it',
  description:
    'Runs of motions, polled page by page. The key alone chooses the sandbox. Of each call there is also `HEAD`, ' +
    'answered like `GET` without the body. Not made or endorsed by the makers of Syft.',
  tags: [{ name: 'runs', description: 'Runs of a motion' }],
  // S-AUTH-1, S-AUTH-2
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'A key such as `sk_live_demo`; it wins over the header below',
    },
    secretKey: { type: 'apiKey', in: 'header', name: 'x-syft-secret-key', description: 'The same key by itself' },
  },
  security: [{ bearer: [] }, { secretKey: [] }],
  errorBody: SyftError,
  // S-ERR-1
  bodyOf: ({ message }) => ({ error: message }),
  // S-RATE-2c
  refusalHeaders: { 429: tooManyHeaders },
  refusalsOf: () => [new Unauthorized(), new TooManyRequests(), new InternalError()],
}
