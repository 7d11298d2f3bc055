/** What neither is text by itself nor can be stored is made of these. */
const SUSPECT = /[\0\uD800-\uDFFF]/

/** A text with U+FFFD in the place of the characters that PostgreSQL cannot hold: U+0000 and halves of surrogate pairs. */
export function toStorableText(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD') : text
}

/** A value of JSON with U+FFFD in the place of the characters that PostgreSQL cannot hold, which are no text by themselves. */
export function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return toStorableText(value)
  if (Array.isArray(value)) return value.map(toStorable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [toStorable(name), toStorable(part)]))
}
