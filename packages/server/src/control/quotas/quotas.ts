import createError from '@fastify/error'
import type { FastifyError } from 'fastify'

/** What one sandbox may take of a server that many people reach, by name. */
export type Quotas = {
  /** Vendors' and control calls together, in each process. */
  requestsPerSecond: number
  /** Of data: runs, memories, exports and what they belong to. */
  rows: number
  /** Of export files. */
  fileBytes: number
  snapshots: number
  /** Of events, at once in each process. */
  eventStreams: number
  /** Requests that a script delays, stalls or holds, at once in each process. */
  waitingRequests: number
  /** A script's delay or stall. */
  delayMs: number
}

/** What holds for each sandbox where others than this machine reach the server, save for calls with the admin token. */
export const publicQuotas: Quotas = {
  requestsPerSecond: 100,
  rows: 100_000,
  fileBytes: 256 * 1024 * 1024,
  snapshots: 10,
  eventStreams: 10,
  waitingRequests: 20,
  delayMs: 60_000,
}

const name = 'Quota "%s" of this sandbox is used up: it allows %s.'
const TooMany = createError<[name: string, limit: string]>('QUOTA_EXCEEDED', name, 429)
const TooMuch = createError<[name: string, limit: string]>('QUOTA_EXCEEDED', name, 413)

/** The error of a quota: 429 where waiting helps or something can be let go, 413 where there is simply too much. */
export function quotaExceeded(quota: keyof Quotas, quotas: Quotas): FastifyError {
  const Exceeded = quota === 'rows' || quota === 'fileBytes' || quota === 'delayMs' ? TooMuch : TooMany
  return new Exceeded(quota, `${quotas[quota]}`)
}

/** Counts per sandbox what is under way or was within this second, in this process. */
export function createQuotaKeeper(quotas: Quotas | undefined) {
  const waiting = new Map<string, number>()
  const streams = new Map<string, number>()
  let second = 0
  let requests = new Map<string, number>()

  return {
    quotas,
    /** Whether a request is one too many in its second. */
    isTooFast(sandboxId: string): boolean {
      if (!quotas) return false
      const now = Math.floor(performance.now() / 1000)
      if (now !== second) {
        second = now
        requests = new Map()
      }
      const count = (requests.get(sandboxId) ?? 0) + 1
      requests.set(sandboxId, count)
      return count > quotas.requestsPerSecond
    },
    /** Takes a place among the requests that wait, or the open event streams; undefined where there is none. */
    enter(sandboxId: string, what: 'waitingRequests' | 'eventStreams'): (() => void) | undefined {
      const counts = what === 'eventStreams' ? streams : waiting
      const count = counts.get(sandboxId) ?? 0
      if (quotas && count >= quotas[what]) return undefined
      counts.set(sandboxId, count + 1)
      return () => {
        const left = (counts.get(sandboxId) ?? 1) - 1
        if (left > 0) counts.set(sandboxId, left)
        else counts.delete(sandboxId)
      }
    },
  }
}
export type QuotaKeeper = ReturnType<typeof createQuotaKeeper>
