import { type Api, type Case, isDocumented, NotTold, Unmet } from './case.ts'
import { cases } from './cases/index.ts'
import { createSender, type Send, type SenderOptions } from './exchange.ts'
import { createRedaction } from './keys.ts'
import type { Kit } from './kit.ts'
import { createMemsolusKit, type MemsolusKit, type MemsolusTarget } from './memsolus-kit.ts'
import { type Observation, type ReadingName, type ReadingResult, readingsOf } from './readings.ts'
import { type ControlTarget, createSandboxes } from './sandboxes.ts'
import { createSyftKit, type SyftKit, type SyftTarget } from './syft-kit.ts'

/** What to verify. At least one API must be given. */
export type Target = {
  syft?: SyftTarget
  memsolus?: MemsolusTarget
  /** The control API of the Sandport that this is, for the cases that need it. */
  control?: ControlTarget
}

export type VerifyOptions = {
  /** Chooses cases by their ids or the beginnings of these, by APIs or by rules: `syft`, `syft/limit`, `S-PAGE-2`; or `readings`. */
  only?: readonly string[]
  /** Looks for the readings, too, where `only` leaves that out. */
  withReadings?: boolean
  /** How long to wait between two requests to one service, in milliseconds: none if not given. */
  paceMs?: number
  /** How long an answer may take, in milliseconds: 30,000 if not given. */
  timeoutMs?: number
  /**
   * How many exports may be created in the Memsolus account that is verified, which cannot be deleted again: 2 if not
   * given. With fewer, cases about files are skipped; with 3 and more, what services refuse to create is tried as well.
   */
  maxExports?: number
  /** How long an export may take to become ready, in milliseconds: 120,000 if not given. */
  readyWithinMs?: number
  /** What requests are sent with; the global `fetch` if not given. */
  fetch?: typeof globalThis.fetch
  /** Ends it: `verify` rejects with its reason. */
  signal?: AbortSignal
  /** Hears of each result as it is there. */
  onResult?: (result: Result) => void
}

/**
 * What came of a case. `differs` is a service that does otherwise where its page is silent, which it may; Sandport itself
 * has chosen, so it fails there. `skipped` says nothing of the service, for the reason that stands with it.
 */
export type Outcome = 'passed' | 'failed' | 'differs' | 'skipped'

export type Result = {
  id: string
  api: Api
  does: string
  rules: readonly string[]
  source: 'documented' | 'chosen'
  section: string
  outcome: Outcome
  /** Why it failed, differs or was skipped, in a sentence. */
  reason?: string
  /** What was asked, what should have come and what did. */
  unmet?: { request: string; expected: string; actual: string }
  /** The reading that it is about, and which one the service has, where that was found out. */
  reading?: Observation | { name: ReadingName }
  /** Every request that was sent for it, in order. */
  requests: readonly string[]
  durationMs: number
}

export type Report = {
  /** The origins that were verified. */
  targets: Partial<Record<Api, string>>
  /** Whether it is a Sandport that answered. */
  isSandport: boolean
  results: readonly Result[]
  /** How the service reads the pages where they can be read in two ways, as far as that was asked. */
  readings: readonly ReadingResult[]
  counts: Record<Outcome, number>
}

/** Runs the cases against a service, one after another, and tells what came of each. Rejects only where it is told to end. */
export async function verify(target: Target, options: VerifyOptions = {}): Promise<Report> {
  const { only = [], paceMs = 0, timeoutMs = 30_000, maxExports = 2, readyWithinMs = 120_000 } = options
  const { fetch = globalThis.fetch, signal, onResult, withReadings } = options
  const chosen = chooseCases(only, withReadings)
  let sent: string[] = []
  let isSandport = false
  const sender: SenderOptions = { fetch, paceMs, timeoutMs, signal, onRequest: (request) => sent.push(request) }
  const senderOf = (baseUrl: string): Send => {
    const send = createSender(baseUrl, sender)
    return async (call) => {
      const exchange = await send(call)
      isSandport ||= exchange.headers.has('sandport-exchange')
      return exchange
    }
  }
  const syft = target.syft && createSyftKit(senderOf(target.syft.baseUrl), target.syft)
  const memsolus =
    target.memsolus &&
    createMemsolusKit(senderOf(target.memsolus.baseUrl), target.memsolus, { maxExports, readyWithinMs, signal })
  const sandboxes = target.control && createSandboxes(target.control, { fetch, senderOf, readyWithinMs })
  const withoutKeys = createRedaction([target.syft?.secretKey, target.memsolus?.apiKey, target.control?.token])
  const results: Result[] = []
  for (const each of chosen) {
    signal?.throwIfAborted()
    sent = []
    const began = performance.now()
    const ended = await runCase(each, { syft, memsolus, sandboxes, withoutKeys }).finally(() => sandboxes?.removeAll())
    signal?.throwIfAborted()
    const { id, api, does, rules, section } = each
    const source = isDocumented(each) ? 'documented' : 'chosen'
    const isAllowed = ended.outcome === 'failed' && ended.unmet && source === 'chosen' && !isSandport
    const result: Result = {
      ...{ id, api, does, rules, source, section, ...ended },
      ...(isAllowed && { outcome: 'differs' as const }),
      requests: sent,
      durationMs: Math.round(performance.now() - began),
    }
    results.push(result)
    onResult?.(result)
  }
  const counts: Report['counts'] = { passed: 0, failed: 0, differs: 0, skipped: 0 }
  for (const { outcome } of results) counts[outcome] += 1
  const targets: Report['targets'] = {
    ...(target.syft && { syft: target.syft.baseUrl }),
    ...(target.memsolus && { memsolus: target.memsolus.baseUrl }),
  }
  return { targets, isSandport, results, readings: readingsOf(results), counts }
}

/**
 * The cases that are asked for, all where nothing is; and those that find out readings, where these are wanted. Throws a
 * `RangeError` where one asks for what there is not.
 */
export function chooseCases(only: readonly string[], withReadings = false): readonly Case[] {
  const isOf = ({ id, rules, reading }: Case, asked: string) =>
    id.startsWith(asked) || rules.includes(asked) || (asked === 'readings' && reading !== undefined)
  const unknown = only.find((asked) => !cases.some((each) => isOf(each, asked)))
  if (unknown !== undefined) throw new RangeError(`There is no case, API or rule "${unknown}".`)
  if (only.length === 0) return cases
  const wanted = withReadings ? [...only, 'readings'] : only
  return cases.filter((each) => wanted.some((asked) => isOf(each, asked)))
}

type Means = {
  syft: SyftKit | undefined
  memsolus: MemsolusKit | undefined
  sandboxes: ReturnType<typeof createSandboxes> | undefined
  withoutKeys: (text: string) => string
}

type Ended = Pick<Result, 'outcome' | 'reason' | 'unmet' | 'reading'>

async function runCase(each: Case, means: Means): Promise<Ended> {
  let told: Observation | undefined
  const tell = (observation: Observation) => {
    told = { ...observation, evidence: means.withoutKeys(observation.evidence) }
  }
  const ended = await outcomeOf(each, { ...means, tell })
  return { ...ended, ...(each.reading && { reading: told ?? { name: each.reading } }) }
}

async function outcomeOf(each: Case, means: Means & Pick<Kit, 'tell'>): Promise<Omit<Ended, 'reading'>> {
  const { sandboxes, withoutKeys, tell } = means
  if (!means[each.api])
    return { outcome: 'skipped', reason: 'Nothing is known of this API: no base URL and key were given.' }
  if (each.needs === 'control' && !sandboxes)
    return { outcome: 'skipped', reason: 'It needs a sandbox of its own, which only a Sandport gives.' }
  const kit: Kit = {
    get syft() {
      return given(means.syft)
    },
    get memsolus() {
      return given(means.memsolus)
    },
    sandbox: async (data) => {
      if (!sandboxes) throw new Error(`${each.id} does not say that it needs the control API`)
      return sandboxes.create(data)
    },
    tell,
  }
  try {
    await each.run(kit)
    return { outcome: 'passed' }
  } catch (error) {
    if (error instanceof NotTold) return { outcome: 'skipped', reason: error.message }
    if (error instanceof Unmet) {
      const { request, expected, actual } = error
      const unmet = { request, expected: withoutKeys(expected), actual: withoutKeys(actual) }
      return { outcome: 'failed', reason: withoutKeys(`${error.message}.`), unmet }
    }
    return { outcome: 'failed', reason: withoutKeys(`It could not be asked: ${reasonOf(error)}.`) }
  }
}

function given<T>(kit: T | undefined): T {
  if (!kit) throw new Error('a case asks for an API that is not its own')
  return kit
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `${error}`
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
