import autocannon from 'autocannon'
import { median } from './rounds.ts'

const CONNECTIONS = 16
const SECONDS = 1

export type Load = { perSecond: number; p50Ms: number }

/** What a server answers to 16 connections that ask again at once, each for what `next` says. Throws where one fails. */
export async function load(next: () => string, headers: Record<string, string> = {}): Promise<Load> {
  const durations: number[] = []
  const from = performance.now()
  let until = from
  const { errors, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const options: autocannon.Options = {
      url: next(),
      connections: CONNECTIONS,
      duration: SECONDS,
      sampleInt: 50,
      headers,
      requests: [{ setupRequest: (request) => ({ ...request, path: pathOf(next()) }) }],
    }
    autocannon(options, (error, result) => (error ? reject(error) : resolve(result))).on(
      'response',
      (_client, _status, _bytes, durationMs) => {
        durations.push(durationMs)
        until = performance.now()
      },
    )
  })
  if (errors + non2xx > 0) throw new Error(`Of the requests to ${next()}, ${errors} failed and ${non2xx} were refused`)
  return { perSecond: (1000 * durations.length) / (until - from), p50Ms: median(durations) }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
