/** The parameters of a request, in the order they came, as both APIs read them. */
export type Query = {
  /** The first occurrence counts; an empty one is as good as absent. */
  first: (name: string) => string | undefined
  all: (name: string) => string[]
  entries: readonly (readonly [string, string])[]
}

/**
 * X-PARAM-1c: reads a query string, with or without its `?`. Never fails: `+` is a space, and what is no UTF-8 or not
 * percent-encoded properly is kept as well as it can be. Names are case-sensitive.
 */
export function parseQuery(search: string): Query {
  const entries = [...new URLSearchParams(search)].map(([name, value]) => [storable(name), storable(value)] as const)
  return {
    first: (name) => entries.find(([key]) => key === name)?.[1] || undefined,
    all: (name) => entries.filter(([key]) => key === name).map(([, value]) => value),
    entries,
  }
}

/** The query of a request's URL. */
export function queryOf({ url }: { url: string }): Query {
  const mark = url.indexOf('?')
  return parseQuery(mark < 0 ? '' : url.slice(mark + 1))
}

/** Reads plain ASCII digits that are more than zero; huge numbers are the largest safe integer, since limits cap them anyway. */
export function parsePositiveInteger(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined
  const value = Math.min(Number(text), Number.MAX_SAFE_INTEGER)
  return value > 0 ? value : undefined
}

/** PostgreSQL text cannot hold U+0000, so no stored text can equal one that has it; neither can its replacement. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
