import createError from '@fastify/error'

export const PathNotFound = createError<[string]>('NOT_FOUND', 'There is no such path: %s', 404)
export const MethodNotAllowed = createError<[string, string]>(
  'METHOD_NOT_ALLOWED',
  'This path does not take %s, but %s',
  405,
)
export const InvalidJson = createError<[string]>('INVALID_JSON', 'The body is not JSON that can be used: %s', 400)
export const UnsupportedMediaType = createError<[string]>(
  'UNSUPPORTED_MEDIA_TYPE',
  'The body must be sent with "content-type: application/json", not %s',
  415,
)
export const InternalError = createError('INTERNAL_ERROR', 'Internal server error', 500)
export const BodyTooLarge = createError('BODY_TOO_LARGE', 'The body is larger than 64 MB. Send it in parts.', 413)
export const KeyNotFound = createError('KEY_NOT_FOUND', 'There is no such key in this sandbox', 404)
export const ScriptNotFound = createError<[string]>('SCRIPT_NOT_FOUND', 'There is no script "%s" in this sandbox', 404)
export const TooManyScripts = createError<[number]>(
  'TOO_MANY_SCRIPTS',
  'A sandbox has at most %s scripts. Delete those that are spent.',
  409,
)
export const TooManySandboxes = createError<[number]>(
  'TOO_MANY_SANDBOXES',
  'This server has %s sandboxes, and no more. Delete some, or create them with a ttl.',
  429,
)
export const ExchangeNotFound = createError<[string]>(
  'EXCHANGE_NOT_FOUND',
  'There is no exchange "%s" in the journal of this sandbox',
  404,
)
export const TimelineItemNotFound = createError<[string]>(
  'TIMELINE_ITEM_NOT_FOUND',
  'There is nothing "%s" on the timeline of this sandbox',
  404,
)
export const ClockBackwards = createError<[string, string]>(
  'CLOCK_BACKWARDS',
  'A clock is never set back: it says %s, which is later than %s. Reset the sandbox to begin again.',
  409,
)
export const TooManySteps = createError<[number, number]>(
  'TOO_MANY_STEPS',
  'This would make %s things happen, more than %s. Advance by less at a time.',
  422,
)
export const SnapshotNotFound = createError<[string]>('SNAPSHOT_NOT_FOUND', 'This sandbox has no snapshot "%s"', 404)
export const SnapshotExists = createError<[string]>(
  'SNAPSHOT_EXISTS',
  'This sandbox has a snapshot "%s" already. Delete it first, or use another name.',
  409,
)
export const TooManySnapshots = createError<[number]>(
  'TOO_MANY_SNAPSHOTS',
  'This sandbox has %s snapshots, the most there can be. Delete one first.',
  409,
)
export const DocumentNotFound = createError<[name: string, names: string]>(
  'DOCUMENT_NOT_FOUND',
  'There is no document "%s", but %s',
  404,
)
