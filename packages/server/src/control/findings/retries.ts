import { createHash } from 'node:crypto'
import { type Finding, forget, type JudgedExchange, type Recent, recall, remember } from '../../judging.ts'
import { roughly } from '../../wire/duration.ts'
import { mark } from '../../wire/wording.ts'

/** What of a client's past its retries are judged by: how its last requests ended, and until when it was told to wait. */
export type Retries = { requests: Recent<Ended>; waits: Recent<Wait> }

/** How a request ended the last time, and how often it was repeated then in vain, or at once. */
type Ended = { status: number | null; hasFailed: boolean; closedUs: number; inVain: number; atOnce: number }
type Wait = { status: number; closedUs: number; seconds: number }

const MOST_REQUESTS = 200
const MOST_WAITS = 50
const GRACE_US = 50_000
const AT_ONCE_US = 100_000
/** Answers that stay as they are however often one asks. */
const FINAL = [400, 401, 403, 404, 410, 422]

export function beginRetries(): Retries {
  return { requests: [], waits: [] }
}

/** What is questionable in when and how often a client asks again, in real time. */
export function judgeRetries(exchange: JudgedExchange, state: Retries): Finding[] {
  return [...judgeWait(exchange, state), ...judgeRepeat(exchange, state)]
}

/** A 429 is about all requests of the API, any other answer about its path. */
function judgeWait(exchange: JudgedExchange, { waits }: Retries): Finding[] {
  const { api, method, path, openedUs, closedUs, status } = exchange
  const target = `${method} ${path}`
  const findings: Finding[] = []
  for (const name of [api, target]) {
    const wait = recall(waits, name)
    // What was on its way when the answer came knew nothing of it.
    if (!wait || openedUs < wait.closedUs) continue
    const afterUs = openedUs - wait.closedUs
    const isEarly = afterUs < wait.seconds * 1_000_000 - GRACE_US
    if (isEarly && findings.length === 0) {
      const message = `Came back ${roughly(afterUs / 1000)} after a ${wait.status} that said \`Retry-After: ${wait.seconds}\`. Wait as long as it says.`
      findings.push({ code: 'retry.early', message })
    }
    forget(waits, name)
  }
  const seconds = exchange.retryAfter === null ? undefined : readRetryAfter(exchange.retryAfter, exchange.at)
  if (status !== null && status >= 400 && seconds !== undefined) {
    remember(waits, status === 429 ? api : target, { status, closedUs, seconds }, MOST_WAITS)
  }
  return findings
}

/** Seconds to wait, given as such or as an instant by the clock of the server. */
function readRetryAfter(text: string, at: Date): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const until = Date.parse(text)
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - at.getTime()) / 1000))
}

/** The same request again. */
function judgeRepeat(exchange: JudgedExchange, { requests }: Retries): Finding[] {
  const { method, path, status, cutBy, openedUs, closedUs } = exchange
  const name = nameOf(exchange)
  const before = recall(requests, name)
  const isRepeat = before !== undefined && openedUs >= before.closedUs
  const isFinal = status !== null && FINAL.includes(status)
  const inVain = isRepeat && isFinal && status === before.status ? before.inVain + 1 : 0
  const afterUs = isRepeat ? openedUs - before.closedUs : 0
  const atOnce = isRepeat && before.hasFailed && afterUs < AT_ONCE_US ? before.atOnce + 1 : 0
  const isBad = status === null || status >= 500 || status === 429 || cutBy !== null
  const hasFailed = isBad && cutBy !== 'client'
  remember(requests, name, { status, hasFailed, closedUs, inVain, atOnce }, MOST_REQUESTS)
  const findings: Finding[] = []
  if (inVain >= 2) {
    const message = `${mark(`${method} ${path}`)} was answered with ${status} and asked ${inVain} times more. Asking again cannot help: correct the request, or stop.`
    findings.push({ code: 'retry.pointless', message })
  }
  if (atOnce >= 3) {
    const message = `${mark(`${method} ${path}`)} failed and was repeated ${atOnce} times, the last time after ${roughly(afterUs / 1000)}. Wait before each repeat, and longer each time.`
    findings.push({ code: 'retry.hammer', message })
  }
  return findings
}

function nameOf({ method, path, search, keyEnd }: JudgedExchange): string {
  return createHash('sha256').update(`${method} ${path}?${search} ${keyEnd}`).digest('base64url').slice(0, 12)
}
