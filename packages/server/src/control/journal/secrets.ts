import type { FoundKey } from '../../exchange.ts'

const KEY_LIKE = /\b(?:m?sk_(?:live|test)_|spt_)[A-Za-z0-9_-]*/g
const MAY_BE_KEY = /sk_|spt_/

/** A text in which every key is shortened to its last four characters: those that were found, and all that look like one. */
export function hideKeys(text: string, keys: readonly FoundKey[]): string {
  let hidden = text
  for (const { key } of keys) if (hidden.includes(key)) hidden = hidden.replaceAll(key, shortened(key))
  return MAY_BE_KEY.test(hidden) ? hidden.replaceAll(KEY_LIKE, shortened) : hidden
}

/** `…demo` */
export function shortened(key: string): string {
  return key.length <= 4 ? '…' : `…${key.slice(-4)}`
}
