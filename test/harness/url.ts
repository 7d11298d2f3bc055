import { inject } from 'vitest'

type Urls = readonly [string, ...string[]]

let own: Urls | undefined
let turn = 0

/** The origin of the server under test: of another of its processes with every call. */
export function serverUrl(): string {
  const urls = own ?? inject('urls')
  turn += 1
  return urls[turn % urls.length] ?? urls[0]
}

/** Has what follows in this file go to the processes of a server of its own. */
export function testAgainst(...urls: Urls): void {
  own = urls
}
