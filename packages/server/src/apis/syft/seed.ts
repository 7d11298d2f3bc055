import type { Faker } from '@faker-js/faker'
import { LRUCache } from 'lru-cache'
import { loadFaker, type Random, randomOf } from '../../random.ts'
import { makeAccount, makeCompanies } from './seed/accounts.ts'
import { makeContact, roles } from './seed/contacts.ts'
import { makeSession } from './seed/sessions.ts'
import { makeTexts, type RunTexts } from './seed/texts.ts'
import { motionAudiences, motionNames, organizationNames } from './seed/words.ts'
import type { StoredObject } from './webhook-objects.ts'

/** A stored object whose `from` and `to` are offsets in ms, at most 0, from the instant that the sandbox starts at. */
type PoolObject = StoredObject

/** A company with one or more contacts and sessions of its own. */
type PoolCompany = {
  account: PoolObject
  contacts: readonly [PoolObject, ...PoolObject[]]
  sessions: readonly [PoolObject, ...PoolObject[]]
}

/** What the runs of one seed are put together from. */
export type SyftPools = RunTexts & { companies: readonly PoolCompany[] }

type TargetType = 'MarContact' | 'MarCompany' | 'MarSessionSummary'

/** A made-up run. When it happened is the caller's choice; `durationMs` is how long it took, or would take. */
export type MadeRun = {
  runId: string
  status: string
  targetType: TargetType
  triggerSource: string | null
  durationMs: number
  account: PoolObject | null
  contacts: PoolObject[]
  session: PoolObject | null
  evaluationSummary: string | null
  triggerReason: string | null
  actionPlanSummary: string | null
  error: string | null
}

type RunOptions = {
  seed: number
  index: number
  status?: string | undefined
  targetType?: TargetType | undefined
  triggerSource?: string | null | undefined
}

const companyCount = 120
const sessionCount = 150

/** Those of a seed take 2 MB, and 100 ms to build. */
const builtPools = new LRUCache<number, Promise<SyftPools>>({ max: 16 })

/** The pools of a seed, built when first asked for and kept for the last few seeds. */
export function loadSyftPools(seed: number): Promise<SyftPools> {
  const pools = builtPools.get(seed) ?? loadFaker(seed).then((faker) => buildSyftPools(faker, seed))
  builtPools.set(seed, pools)
  return pools
}

/** Builds the pools of a seed with a faker of that seed that nothing has been drawn from. */
export function buildSyftPools(faker: Faker, seed: number): SyftPools {
  const companies = makeCompanies(faker, seed, companyCount).map((company, index): PoolCompany => {
    const random = randomOf(seed, 'people', index)
    const [firstRole, ...otherRoles] = [random.pick(roles), ...pickRoles(random, company.people - 1)] as const
    const contactIn = (role: typeof firstRole) => makeContact(faker, random, { company, role })
    const personas = [...new Set([firstRole, ...otherRoles].map(({ persona }) => persona))]
    const isTwice = index < sessionCount - companyCount
    return {
      account: makeAccount(faker, random, { company, personas }),
      contacts: [contactIn(firstRole), ...otherRoles.map(contactIn)],
      sessions: [makeSession(random, company), ...(isTwice ? [makeSession(random, company)] : [])],
    }
  })
  return { companies, ...makeTexts(seed) }
}

/**
 * The run with this number of a seed, the same whenever it is made and whatever else is. A given status, target or
 * source changes what follows from it and leaves the rest as drawn.
 */
export function makeRun(pools: SyftPools, options: RunOptions): MadeRun {
  const random = randomOf(options.seed, 'run', options.index)
  const runId = random.cuid()
  const drawn = { status: random.pick(statuses), target: random.pick(targets), source: random.pick(sources) }
  const durationMs = random.chance(0.8) ? random.int(800, 60_000) : random.int(60_000, 720_000)
  const company = random.pick(pools.companies)
  const { status = drawn.status, targetType = drawn.target, triggerSource = drawn.source } = options
  return {
    runId,
    status,
    targetType,
    triggerSource,
    durationMs,
    ...targetOf(random, company, targetType),
    ...outcomeOf(random, pools, status),
  }
}

/** The motion with this number of a seed. */
export function makeMotion({ seed, index }: { seed: number; index: number }): { id: string; name: string } {
  const random = randomOf(seed, 'motion', index)
  return { id: random.cuid(), name: `${random.pick(motionNames)} (${random.pick(motionAudiences)})` }
}

/** The organization with this number of a seed. */
export function makeOrganization({ seed, index }: { seed: number; index: number }): { id: string; name: string } {
  const random = randomOf(seed, 'organization', index)
  return { id: random.cuid(), name: `${random.pick(organizationNames.first)} ${random.pick(organizationNames.second)}` }
}

// Repeated by weight: of twenty runs fourteen completed.
const statuses = [
  ...Array<string>(14).fill('completed'),
  ...['failed', 'failed', 'skipped', 'open', 'running', 'in_progress'],
]
// S-ITEM-3
const targets: readonly TargetType[] = ['MarContact', 'MarContact', 'MarContact', 'MarCompany', 'MarSessionSummary']
const sources = ['webhook', 'webhook', 'webhook', 'csv', 'mcp', null]

function targetOf(random: Random, { account, contacts, sessions }: PoolCompany, targetType: TargetType) {
  const session = random.pick(sessions)
  const isSide = random.chance(0.2)
  const start = random.int(0, contacts.length - 1)
  const some = random.int(0, 3)
  if (targetType === 'MarContact') {
    const contact = contacts[start] ?? contacts[0]
    return { account, contacts: some === 0 ? contacts.slice(0, 3) : [contact], session: isSide ? session : null }
  }
  if (targetType === 'MarCompany') return { account, contacts: contacts.slice(0, some), session: null }
  return { account: isSide ? null : account, contacts: isSide ? [] : contacts.slice(start, start + 1), session }
}

/** What a run says of itself in each status (S-ITEM-2, S-ITEM-4c). */
function outcomeOf(random: Random, texts: RunTexts, status: string) {
  const evaluationSummary = random.pick(texts.evaluationSummaries)
  const triggerReason = random.pick(texts.triggerReasons)
  const actionPlanSummary = random.pick(texts.actionPlanSummaries)
  const isEvaluated = random.chance(0.5)
  const none = { evaluationSummary: null, triggerReason: null, actionPlanSummary: null, error: null }
  switch (status) {
    case 'open':
      return none
    case 'running':
    case 'in_progress':
      return { ...none, triggerReason, evaluationSummary: isEvaluated ? evaluationSummary : null }
    case 'failed': {
      const error = random.pick(texts.failures)
      return { ...none, triggerReason, evaluationSummary: isEvaluated ? evaluationSummary : null, error }
    }
    case 'skipped':
      return { ...none, triggerReason, evaluationSummary: random.pick(texts.skipSummaries) }
    default:
      return { ...none, triggerReason, evaluationSummary, actionPlanSummary }
  }
}

function pickRoles(random: Random, count: number) {
  return Array.from({ length: count }, () => random.pick(roles))
}
