import { NotTold } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectThat } from '../../expect.ts'
import { type Item, type Page, SAMPLED, type SyftKit } from '../../syft-kit.ts'
import { syftCase } from './case.ts'
import { itemFields } from './item-fields.ts'

const TIMES = { fields: 'createdAt,updatedAt' }
/** In fewer, a short page cannot be told from a full one. */
const FEWEST_IN_PAGE = 3
const nullable = Object.keys(itemFields).filter((name) => itemFields[name]?.endsWith('or null'))

/**
 * Instants at which runs were updated, as they are shown: the newest and one in the middle, so that a service which is not
 * always alike is not taken for one that is.
 */
async function instantsOf(syft: SyftKit): Promise<string[]> {
  const known = (await syft.sample()).filter(
    ({ createdAt, updatedAt }) => Date.parse(createdAt) <= Date.parse(updatedAt),
  )
  const instants = [...new Set(known.map(({ updatedAt }) => updatedAt))].sort()
  const wanted = [instants.length - 1, Math.floor((instants.length - 1) / 2)]
  return [...new Set(wanted)].flatMap((index) => instants[index] ?? [])
}

/** Whether what was updated at exactly an instant is served from then on; undefined where it is not even from before. */
async function servedAt(syft: SyftKit, at: string): Promise<{ isServed: boolean; exchange: Exchange } | undefined> {
  const ms = Date.parse(at)
  const until = new Date(ms + 1).toISOString()
  const has = ({ items }: { items: Item[] }) => items.some(({ updatedAt }) => Date.parse(updatedAt) === ms)
  const page = await syft.page({ ...TIMES, since: at, until })
  if (has(page)) return { isServed: true, exchange: page.exchange }
  const wider = await syft.page({ ...TIMES, since: new Date(ms - 1).toISOString(), until })
  return has(wider) ? { isServed: false, exchange: page.exchange } : undefined
}

/** Whether runs come in the order of an instant of theirs. */
function isBy(name: 'createdAt' | 'updatedAt', items: readonly Item[]): boolean {
  const instants = items.map((item) => Date.parse(item[name]))
  return instants.every((at, index) => index === 0 || at >= (instants[index - 1] ?? at))
}

type FoundPages = { pages: [PageWithAnswer, ...PageWithAnswer[]]; limit: number }
type PageWithAnswer = Page & { exchange: Exchange }

/** Pages that more follow, with the limit that they were asked for with. */
async function pagesWithMore(syft: SyftKit): Promise<FoundPages> {
  const { pages, items, exchanges } = await syft.sampled()
  const found = pages.flatMap((page, index) => {
    const exchange = exchanges[index]
    return page.hasMore && exchange ? [{ ...page, exchange }] : []
  })
  const [first, ...others] = found
  if (first) return { pages: [first, ...others], limit: SAMPLED }
  const limit = items.length - 1
  if (limit < FEWEST_IN_PAGE) throw new NotTold('The motion has fewer than four completed runs.')
  const page = await syft.page({ fields: 'status', limit })
  if (!page.hasMore) throw new NotTold('No page says that more follow.')
  return { pages: [page], limit }
}

/** How many nulls there are in a value, at any depth. */
function countNulls(value: unknown): number {
  if (value === null) return 1
  if (typeof value !== 'object') return 0
  return Object.values(value as object).reduce((sum: number, part) => sum + countNulls(part), 0)
}

export const readingCases = [
  syftCase({
    name: 'reading-since',
    does: 'does the same with every run that was updated at exactly since: serves it, or leaves it out',
    rules: ['S-TIME-4c'],
    section: 'Query Parameters',
    reading: 'since',
    async run({ syft, tell }) {
      const instants = await instantsOf(syft)
      if (instants.length === 0) throw new NotTold('The motion has no completed runs.')
      const seen: { isServed: boolean; exchange: Exchange }[] = []
      for (const at of instants) {
        const served = await servedAt(syft, at)
        if (served) seen.push(served)
      }
      const [first] = seen
      if (!first) throw new NotTold('No run is served from 1 ms before it was updated to 1 ms after.')
      const { isServed, exchange } = first
      expectThat(exchange, new Set(seen.map((each) => each.isServed)).size === 1, {
        expected: 'runs of exactly since served always, or never',
        actual: `some for ${seen.filter((each) => each.isServed).length} of ${seen.length} instants`,
      })
      const evidence = isServed
        ? `${exchange.request} served what was updated at exactly since.`
        : `${exchange.request} left out what was updated at exactly since, and served it from 1 ms earlier on.`
      tell({ name: 'since', value: isServed ? 'inclusive' : 'exclusive', evidence })
    },
  }),
  syftCase({
    name: 'reading-order',
    does: 'orders runs by createdAt, or by updatedAt',
    rules: ['S-ORDER-2c'],
    section: 'Query Parameters',
    reading: 'order',
    async run({ syft, tell }) {
      const { items, exchanges } = await syft.sampled()
      const [exchange] = exchanges
      if (!exchange || items.length < 2) throw new NotTold('The motion has fewer than two completed runs.')
      const [byCreated, byUpdated] = [isBy('createdAt', items), isBy('updatedAt', items)]
      if (byCreated && byUpdated)
        throw new NotTold(`None of ${items.length} runs was created before another and updated after it.`)
      expectThat(exchange, byCreated || byUpdated, {
        expected: 'runs in the order of createdAt or of updatedAt',
        actual: `${items.length} runs in the order of neither`,
      })
      const [value, other] = byCreated ? (['createdAt', 'updatedAt'] as const) : (['updatedAt', 'createdAt'] as const)
      const evidence = `${exchange.request} and its pages gave ${items.length} runs in the order of ${value}, not of ${other}.`
      tell({ name: 'order', value, evidence })
    },
  }),
  syftCase({
    name: 'reading-pages',
    does: 'says of pages that more follow, whether they are full or not',
    rules: ['S-PAGE-4'],
    section: 'Paginate through results',
    reading: 'pages',
    async run({ syft, tell }) {
      const { pages, limit } = await pagesWithMore(syft)
      const short = pages.find(({ items }) => items.length < limit)
      const { exchange } = short ?? pages[0]
      const evidence = short
        ? `${exchange.request} was answered with ${short.items.length} runs and hasMore true.`
        : `${exchange.request} and its pages gave ${limit} runs wherever hasMore was true, ${pages.length} of ${pages.length} times.`
      tell({ name: 'pages', value: short ? 'short' : 'full', evidence })
    },
  }),
  syftCase({
    name: 'reading-nulls',
    does: 'shows every field of a run that is null, or leaves out each',
    rules: ['S-ITEM-4c'],
    section: 'Run Item Fields',
    reading: 'nulls',
    async run({ syft, tell }) {
      const { items, exchange } = await syft.page({ limit: 20 })
      if (items.length === 0) throw new NotTold('The motion has no completed runs.')
      const shown = countNulls(items)
      const absent = nullable.filter((name) => items.some((item) => !(name in item)))
      if (shown === 0 && absent.length === 0)
        throw new NotTold(`In ${items.length} runs no field is null, and none is left out.`)
      expectThat(exchange, shown === 0 || absent.length === 0, {
        expected: 'each null shown, or each left out',
        actual: `null ${shown} times, and ${absent.join(', ')} left out`,
      })
      const evidence =
        shown > 0
          ? `${exchange.request} showed null ${shown} times and left out no field.`
          : `${exchange.request} left out ${absent.join(', ')} and showed null nowhere.`
      tell({ name: 'nulls', value: shown > 0 ? 'present' : 'absent', evidence })
    },
  }),
]
