import { inject } from 'vitest'

let turn = 0

/** The origin of the server under test: of another of its processes with every call. */
export function serverUrl(): string {
  const urls = inject('urls')
  turn += 1
  return urls[turn % urls.length] ?? urls[0]
}
