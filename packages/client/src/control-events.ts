import type { EventKind, SandboxEvent } from './control-wire.ts'
import { ConnectionError, InvalidResponse } from './errors.ts'
import type { CallOptions, Http } from './http.ts'

/** Which events, and from where. */
export type EventsOptions = CallOptions & {
  /** Only these kinds; all, if not given. */
  types?: readonly EventKind[] | undefined
  /** The `id` of the event after which to begin; `0-0` is from the beginning. From now on, if not given. */
  lastEventId?: string | undefined
}

const RECONNECT_MS = 1000

/** Events without end. A connection that ends is made again, and goes on behind the last event that was given. */
export async function* followEvents(
  http: Http,
  path: string,
  options: EventsOptions,
): AsyncGenerator<SandboxEvent, void, undefined> {
  const signal = http.signalOf(options)
  let { lastEventId } = options
  const query = { types: options.types?.join(',') }
  while (true) {
    const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
    const response = await http.stream({ path, query, headers, signal: options.signal })
    if (!response.body) throw new InvalidResponse(`GET ${path} was answered with no events`)
    try {
      for await (const { id, data } of readEvents(response.body)) {
        lastEventId = id
        yield { ...JSON.parse(data), id }
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (!(error instanceof ConnectionError)) throw error
    }
    await http.clock.sleep(RECONNECT_MS, signal)
  }
}

/** The events of a stream as the HTML standard has them, as far as they have an id and data. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ id: string; data: string }, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let id = ''
  let data: string[] = []
  let isOver = false
  try {
    while (true) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new ConnectionError('CONNECTION_FAILED', 'The stream of events broke off', { cause })
      })
      isOver = done
      if (done) return
      text += decoder.decode(value, { stream: true })
      // A return at the very end may be the first half of a line break.
      const lines = text.split(/\r\n|\n|\r(?!$)/)
      text = lines.pop() ?? ''
      for (const line of lines) {
        const [, name = '', content = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? []
        if (line === '') {
          if (data.length > 0) yield { id, data: data.join('\n') }
          data = []
        } else if (name === 'id') id = content
        else if (name === 'data') data.push(content)
      }
    }
  } finally {
    if (!isOver) await reader.cancel().catch(() => {})
  }
}
