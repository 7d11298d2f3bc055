/** What is known of an answer that is an error. */
export type ErrorDetails = {
  /** `GET /v1/exports/{id}`, with its values, and without the query. */
  request: string
  status: number
  code: string
  retryAfterMs?: number | undefined
  requestId?: string | undefined
  /** The body: parsed where it is JSON, else its text. */
  body?: unknown
}

/** What all errors of the clients are; `code` says what went wrong, in capitals, and does not change with the wording. */
export class ClientError extends Error {
  override name = 'ClientError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * The server answered with an error status. `code` is what the body says (Memsolus and the control API, M-ERR-1), or
 * stands for the status where the API has no codes (Syft, S-ERR-1): `UNAUTHORIZED`, `FORBIDDEN`, `NOT_FOUND`,
 * `INVALID_REQUEST`, `RATE_LIMIT`, `SERVER_ERROR`.
 */
export class ApiError extends ClientError {
  override name = 'ApiError'
  readonly status: number
  /** How long the server asked to wait, in milliseconds from its answer; undefined where it said nothing. */
  readonly retryAfterMs: number | undefined
  /** The server's own name for the exchange: `Sandport-Exchange`, or `X-Request-Id`; undefined where it gave none. */
  readonly requestId: string | undefined
  /** The body: parsed where it is JSON, else its text. */
  readonly body: unknown

  constructor(message: string, { request, status, code, retryAfterMs, requestId, body }: ErrorDetails) {
    super(code, `${request} was answered with ${status} ${code}: ${message}`)
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.requestId = requestId
    this.body = body
  }
}

/** No answer came: the connection failed (`CONNECTION_FAILED`), or it took too long (`TIMEOUT`). `cause` says why. */
export class ConnectionError extends ClientError {
  override name = 'ConnectionError'
}

/** An answer is not what the API promises, such as a page that is no JSON: `INVALID_RESPONSE`. */
export class InvalidResponse extends ClientError {
  override name = 'InvalidResponse'

  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_RESPONSE', message, options)
  }
}

/** A file ended before its end, or after it: `INCOMPLETE_DOWNLOAD`. What came of it must not be used. */
export class IncompleteDownload extends ClientError {
  override name = 'IncompleteDownload'
  /** What `Content-Length` announced; undefined where nothing did and the connection broke. */
  readonly expectedBytes: number | undefined
  readonly receivedBytes: number

  constructor(details: { expectedBytes: number | undefined; receivedBytes: number }, options?: ErrorOptions) {
    const { expectedBytes, receivedBytes } = details
    super(
      'INCOMPLETE_DOWNLOAD',
      `The file is not whole: ${receivedBytes} bytes of ${expectedBytes ?? 'an unknown number'} came. Download it again.`,
      options,
    )
    this.expectedBytes = expectedBytes
    this.receivedBytes = receivedBytes
  }
}

/** An export will never be ready: it is `FAILED` or `EXPIRED`. `code` is `EXPORT_FAILED` or `EXPORT_EXPIRED`. */
export class ExportEnded extends ClientError {
  override name = 'ExportEnded'
  readonly exportId: string
  readonly status: 'FAILED' | 'EXPIRED'

  constructor({ exportId, status }: { exportId: string; status: 'FAILED' | 'EXPIRED' }) {
    super(`EXPORT_${status}`, `Export ${exportId} is ${status} and will not become READY. Create a new export.`)
    this.exportId = exportId
    this.status = status
  }
}

/** An export was not ready by the deadline: `DEADLINE_EXCEEDED`. It may become ready later. */
export class DeadlineExceeded extends ClientError {
  override name = 'DeadlineExceeded'

  constructor({ exportId, status, deadlineMs }: { exportId: string; status: string; deadlineMs: number }) {
    super('DEADLINE_EXCEEDED', `Export ${exportId} is still ${status} after ${deadlineMs} ms. Wait for it once more.`)
  }
}
