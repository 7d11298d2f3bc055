import { formatInstant, parseInstant } from '../wire/instant.ts'
import { invalid } from '../wire/validation.ts'

/** An interval of epoch milliseconds. */
export type Interval = { from: number; to: number }

/** A bulk body of the control API: `items` one by one, `count` alike, or with neither a single object. */
type Bulk<Item> = { items?: Item[]; count?: number }

/** The names of the fields that name an object, say whose it is, and say when it was created. */
type BulkFields = { idField: string; ownerField?: string; createdField?: string; spread?: Interval | undefined }

/**
 * Each object of a bulk body by itself. Those of a `count` are spread over the range that their creation is given as, or
 * over `spread` where it is not given.
 */
export function expandBulk<Item extends object>(
  { items, count, ...common }: Bulk<Item> & Record<string, unknown>,
  { idField, ownerField = '', createdField = '', spread }: BulkFields,
): Item[] {
  const owner = common[ownerField] === undefined ? {} : { [ownerField]: common[ownerField] }
  if (items) {
    if (count !== undefined) throw invalid('/count', 'Give either "items" or "count", not both')
    const beside = Object.keys(common).find((name) => name !== ownerField)
    if (beside) throw invalid(`/${beside}`, `"${beside}" belongs into the "items", or goes with "count"`)
    return items.map((item) => ({ ...owner, ...item }))
  }
  if (common[idField] !== undefined && count !== undefined) {
    throw invalid(`/${idField}`, `"${idField}" is the name of a single one; give "items" to name several`)
  }
  const { [createdField]: created, ...rest } = common
  const interval = readInterval(created, createdField) ?? (created === undefined ? spread : undefined)
  const given = typeof created === 'string' ? { [createdField]: created } : {}
  const total = count ?? 1
  return Array.from({ length: total }, (_, index) => {
    const at = interval && Math.floor(interval.from + ((interval.to - interval.from) * index) / total)
    return { ...rest, ...given, ...(at !== undefined && { [createdField]: formatInstant(at) }) } as Item
  })
}

/** So many are made up in a second or two, which is far less than Postgres waits in a transaction. */
const AT_ONCE = 50_000

/** All of many objects in pieces, each with its position. */
export function* inPieces<Item>(items: readonly Item[]): Generator<(readonly [item: Item, position: number])[]> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    yield items.slice(start, start + AT_ONCE).map((item, index) => [item, start + index] as const)
  }
}

/** The answer to a bulk body: what was created, whole where a single object was asked for, and a list otherwise. */
export function answerBulk<T>({ items, count }: Bulk<unknown>, created: T[]): T | { items: T[] } {
  const [single] = created
  return items === undefined && count === undefined && single !== undefined ? single : { items: created }
}

function readInterval(created: unknown, createdField: string): Interval | undefined {
  if (!isRange(created)) return undefined
  const { from, to } = created
  const interval = { from: parseInstant(from)?.floor ?? 0, to: parseInstant(to)?.floor ?? 0 }
  if (interval.to < interval.from)
    throw invalid(`/${createdField}/to`, `"to" is before "from": ${to} is before ${from}`)
  return interval
}

function isRange(created: unknown): created is { from: string; to: string } {
  return typeof created === 'object' && created !== null && 'from' in created && 'to' in created
}

/** Throws where an id is there twice. */
export function refuseTwice(ids: readonly string[], Exists: new (id: string) => Error): void {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) throw new Exists(id)
    seen.add(id)
  }
}
