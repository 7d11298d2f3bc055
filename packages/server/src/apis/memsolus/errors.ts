import createError from '@fastify/error'

/** M-AUTH-1, M-AUTH-3c */
export const Unauthorized = createError(
  'UNAUTHORIZED',
  'Missing or invalid API key. Send it in the X-Api-Key header.',
  401,
)
/** M-AUTH-2, M-AUTH-3c */
export const Forbidden = createError<[string]>('FORBIDDEN', 'This API key lacks the permission %s.', 403)
/** M-GET-2 */
export const ExportNotFound = createError<[string]>('EXPORT_NOT_FOUND', 'Export %s not found.', 404)
/** X-HTTP-1c */
export const PathNotFound = createError('NOT_FOUND', 'There is no such path. Exports are at /v1/exports.', 404)
export const MethodNotAllowed = createError('METHOD_NOT_ALLOWED', 'This path does not take this method.', 405)

/** M-CREATE-6c */
export const InvalidFormat = createError<[string]>(
  'INVALID_FORMAT',
  'Invalid format "%s". Use json, csv or markdown.',
  422,
)
export const InvalidPriority = createError<[string]>(
  'INVALID_PRIORITY',
  'Invalid priority "%s". Use LOW, MEDIUM or HIGH.',
  422,
)
export const TooManyCategories = createError<[number]>(
  'TOO_MANY_CATEGORIES',
  'Too many categories: %s. Use at most 20.',
  422,
)
export const InvalidDate = createError<[string, string]>(
  'INVALID_DATE',
  'Invalid %s "%s". Use an ISO 8601 date or timestamp, such as 2026-01-01T00:00:00Z.',
  422,
)
/** M-LIST-3c */
export const InvalidPage = createError<[string]>('INVALID_PAGE', 'Invalid page "%s". Use a positive integer.', 422)
export const InvalidPageSize = createError<[string]>(
  'INVALID_PAGE_SIZE',
  'Invalid page_size "%s". Use a positive integer, at most 100.',
  422,
)

/** M-DOWN-2 */
export const ExportNotReady = createError<[string, string]>(
  'EXPORT_NOT_READY',
  'Export %s is still %s. Poll it until it is READY.',
  409,
)
/** M-DOWN-5c */
export const ExportFailed = createError<[string, string]>(
  'EXPORT_NOT_READY',
  'Export %s failed and will not become ready: %s. Create a new export.',
  409,
)
/** M-DOWN-3 */
export const ExportExpired = createError<[string]>(
  'EXPORT_EXPIRED',
  'Export %s has expired and its file is no longer available. Create a new export.',
  410,
)
/** M-DOWN-5c */
export const ExportFileMissing = createError<[string]>(
  'EXPORT_FILE_MISSING',
  'The file of export %s is missing. Create a new export.',
  500,
)

/** M-RATE-1c: answered by what counts requests; here for the document. */
export const TooManyRequests = createError('RATE_LIMIT', 'Too Many Requests', 429)
/** X-HTTP-2c */
export const InternalError = createError('INTERNAL_ERROR', 'Internal server error', 500)

/** M-RATE-1c, M-ERR-2c: the code that the API has with a status, where it has one of its own for it. */
export const statusCodes: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'EXPORT_NOT_FOUND',
  409: 'EXPORT_NOT_READY',
  410: 'EXPORT_EXPIRED',
  429: 'RATE_LIMIT',
  500: 'INTERNAL_ERROR',
}

// Those of the control API.
export const WorkspaceNotFound = createError<[string]>(
  'WORKSPACE_NOT_FOUND',
  'There is no workspace "%s" in this sandbox',
  404,
)
export const NoWorkspace = createError('NO_WORKSPACE', 'The sandbox has no workspace; create one first', 409)
export const WorkspaceExists = createError<[string]>('WORKSPACE_EXISTS', 'There is a workspace "%s" already', 409)
export const MemoryNotFound = createError<[string]>('MEMORY_NOT_FOUND', 'There is no memory "%s" in this sandbox', 404)
export const MemoryExists = createError<[string]>(
  'MEMORY_EXISTS',
  'There is a memory "%s" already; ids are unique in a sandbox',
  409,
)
export const ExportExists = createError<[string]>('EXPORT_EXISTS', 'There is an export "%s" already', 409)
export const NoExport = createError('NO_EXPORT', 'The sandbox has no export; create one first', 409)
/** One export by hand, where its status does not allow it. */
export const NotPossible = createError<[string, string, string, string]>(
  'NOT_POSSIBLE',
  'Cannot %s export %s: it is %s. %s',
  409,
)
