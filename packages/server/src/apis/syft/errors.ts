import createError from '@fastify/error'

/** S-AUTH-3 */
export const Unauthorized = createError('UNAUTHORIZED', 'Unauthorized', 401)

/** S-PLAN-1 */
export const PlanRequired = createError(
  'PLAN_REQUIRED',
  'API access requires a Pro plan. Upgrade the organization to use the Export API.',
  403,
)

/** S-MOTION-1, S-MOTION-2c: one error for a motion that does not exist and for another organization's. */
export const MotionNotFound = createError('MOTION_NOT_FOUND', 'Motion not found', 404)

/** X-HTTP-1c */
export const PathNotFound = createError('NOT_FOUND', 'Not found', 404)
export const MethodNotAllowed = createError('METHOD_NOT_ALLOWED', 'Method not allowed', 405)

/** S-PAGE-3c */
export const InvalidLimit = createError('INVALID_LIMIT', "Invalid 'limit'. Use a positive integer.", 400)

/** S-TIME-3, S-TIME-4c */
export const InvalidTimestamp = createError<['since' | 'until']>(
  'INVALID_TIMESTAMP',
  "Invalid '%s' timestamp format. Use ISO8601.",
  400,
)

/** S-ORDER-3c */
export const InvalidOrder = createError('INVALID_ORDER', "Invalid 'order'. Use 'asc' or 'desc'.", 400)

/** S-FIELDS-3, S-FIELDS-5c */
export const InvalidFields = createError<[string, string]>(
  'INVALID_FIELDS',
  'Invalid fields: %s. Valid fields: %s',
  400,
)

/** S-PAGE-8c */
export const InvalidCursor = createError('INVALID_CURSOR', 'Invalid cursor.', 400)

/** S-RATE-2c: answered by what counts requests; here for the document. */
export const TooManyRequests = createError('RATE_LIMIT', 'Too many requests', 429)
/** X-HTTP-2c */
export const InternalError = createError('INTERNAL_ERROR', 'Internal server error', 500)

/** S-RATE-2c, S-ERR-2c: what the API says with a status, where it has words of its own for it. */
export const statusTexts: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'API access requires a Pro plan. Upgrade the organization to use the Export API.',
  404: 'Motion not found',
  405: 'Method not allowed',
  429: 'Too many requests',
  500: 'Internal server error',
}

// Those of the control API.
export const RunNotFound = createError<[string]>('RUN_NOT_FOUND', 'There is no run "%s" in this sandbox', 404)
export const RunExists = createError<[string]>(
  'RUN_EXISTS',
  'There is a run "%s" already; ids are unique in a sandbox',
  409,
)
export const UnknownMotion = createError<[string]>('MOTION_NOT_FOUND', 'There is no motion "%s" in this sandbox', 404)
export const MotionExists = createError<[string]>('MOTION_EXISTS', 'There is a motion "%s" already', 409)
export const NoMotion = createError('NO_MOTION', 'The sandbox has no motion; create one first', 409)
export const UnknownOrganization = createError<[string]>(
  'ORGANIZATION_NOT_FOUND',
  'There is no organization "%s" in this sandbox',
  404,
)
export const NoOrganization = createError('NO_ORGANIZATION', 'The sandbox has no organization; create one first', 409)
export const OrganizationExists = createError<[string]>(
  'ORGANIZATION_EXISTS',
  'There is an organization "%s" already',
  409,
)
