import { ApiError, ClientError, ConnectionError, InvalidResponse } from '@sandport/client'

const FAILED = 1
const USAGE_ERROR = 2

type Context = {
  /** The server that was asked. */
  url: string
  /** Whose calls these were. */
  sandboxId?: string
  /** What sandboxes there are, for where that is what is wrong. */
  sandboxIds?: () => Promise<string[]>
}

/** Says on stderr what went wrong and what to do, in a line, and answers the exit code. What nobody can mend is thrown. */
export async function explain(error: unknown, context: Context): Promise<number> {
  if (!(error instanceof ClientError)) throw error
  process.stderr.write(`sandport: ${await messageOf(error, context)}\n`)
  return error instanceof ApiError && error.status === 400 ? USAGE_ERROR : FAILED
}

async function messageOf(error: ClientError, { url, sandboxId, sandboxIds }: Context): Promise<string> {
  if (error instanceof ApiError) {
    if (error.status === 401) {
      return `${url} needs another token: give the server's admin token, or that of the sandbox, with --token or SANDPORT_TOKEN.`
    }
    if (error.code === 'SANDBOX_NOT_FOUND' && sandboxId !== undefined) {
      const ids = await sandboxIds?.().catch(() => [])
      const known = ids && ids.length > 0 ? `There are ${someOf(ids)}.` : 'See sandport sandbox list.'
      return `there is no sandbox "${sandboxId}" at ${url}. ${known} Choose one with --sandbox.`
    }
    return saidBy(error)
  }
  if (error instanceof InvalidResponse) return `what answers at ${url} is no Sandport. Is it the wrong port?`
  if (error instanceof ConnectionError && error.code === 'CONNECTION_FAILED') {
    const reason = error.cause instanceof Error ? causeOf(error.cause) : error.message
    return `cannot reach ${url} (${reason}). Is it started (sandport start), and on this port? Choose with --url or SANDPORT_URL.`
  }
  return `${error.message}.`
}

function saidBy({ body, status, message }: ApiError): string {
  if (typeof body !== 'object' || body === null || !('message' in body)) return `${message} (${status}).`
  const path = 'path' in body ? ` (at ${body.path})` : ''
  return `${body.message}${path}`
}

/** Node tells in the cause of a failed fetch what has happened. */
function causeOf({ cause, message }: Error): string {
  if (!(cause instanceof Error)) return message
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}

const MOST_SHOWN = 10

function someOf(ids: readonly string[]): string {
  const more = ids.length - MOST_SHOWN
  return `${ids.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
