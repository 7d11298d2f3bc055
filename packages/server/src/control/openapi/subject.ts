import type { FastifyError } from 'fastify'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import type { Subject } from '../../subject.ts'
import { ControlError } from '../../wire/control-types.ts'
import { invalid } from '../../wire/validation.ts'
import { Unauthorized } from '../access.ts'
import { BodyTooLarge, InternalError, InvalidJson, UnsupportedMediaType } from '../errors.ts'
import { publicQuotas, quotaExceeded } from '../quotas/quotas.ts'

/** What the document of the control API begins with. */
export const controlSubject: Subject = {
  title: 'Sandport control API',
  description:
    'What tests command: sandboxes with their data and clocks, scripts of faults, the journal of what clients did. ' +
    'Clients of the two vendors never meet it. Nothing is coerced or dropped: an unknown property is refused.',
  tags: [
    { name: 'sandboxes', description: 'Sandboxes: created, reset, cloned, deleted' },
    { name: 'snapshots', description: 'States of a sandbox under names, to which it can be put back' },
    { name: 'clock', description: 'What time it is in a sandbox: read, set forward, frozen, advanced' },
    { name: 'timeline', description: 'What happens in a sandbox by itself' },
    { name: 'keys', description: 'The API keys of a sandbox' },
    { name: 'syft', description: 'Organizations, motions and runs, as data' },
    { name: 'memsolus', description: 'Workspaces, memories and exports, as data and by hand' },
    { name: 'scripts', description: 'What happens to the requests that are to come; rate limits' },
    { name: 'journal', description: 'What clients did, and waiting for it' },
    { name: 'findings', description: 'What clients did that is questionable' },
    { name: 'server', description: 'The server itself, and these documents; needs no token' },
  ],
  securitySchemes: {
    token: {
      type: 'http',
      scheme: 'bearer',
      description: 'The admin token of a server that has one, or the token of the sandbox that a call is about',
    },
  },
  // Without an admin token, whoever reaches the server may command it.
  security: [{ token: [] }, {}],
  errorBody: ControlError,
  bodyOf: ({ code, message, ...more }: FastifyError & { path?: string }) => ({
    error: code,
    message,
    ...('path' in more && { path: more.path }),
  }),
  refusalHeaders: {},
  refusalsOf({ method, path, isOpen }) {
    const errors: FastifyError[] = [new InternalError()]
    if (!isOpen) errors.push(new Unauthorized())
    if (!isOpen) errors.push(invalid('/limit', '"limit" must be a whole number of at least 1, not "0"'))
    if (method !== 'get') {
      errors.push(
        new InvalidJson('Unexpected end of JSON input'),
        new BodyTooLarge(),
        new UnsupportedMediaType('text/plain'),
      )
    }
    if (!path.includes('/:sandboxId')) return errors
    errors.push(new SandboxNotFound('sb_gone'), quotaExceeded('requestsPerSecond', publicQuotas))
    if (method === 'post') errors.push(quotaExceeded('rows', publicQuotas))
    return errors
  },
}
