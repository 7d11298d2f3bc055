import { onTestFinished } from 'vitest'
import { serverUrl } from './url.ts'

/** A server-sent event as it came. */
export type StreamEvent = { id: string; event: string; data: { at: string; type: string } & Record<string, unknown> }

/** Follows a stream of server-sent events, until it ends or the test does. */
export async function followEvents(path: string, headers: Record<string, string> = {}) {
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const response = await fetch(`${serverUrl()}/_sandport${path}`, { headers, signal: ending.signal })
  const events = read(response)
  return {
    status: response.status,
    headers: response.headers,
    /** The next event that comes; throws where the stream ends instead. */
    async next(): Promise<StreamEvent> {
      const { value, done } = await events.next()
      if (done) throw new Error('The event stream has ended')
      return value
    },
    /** The next events of some types, others passed over. */
    async nextOf(...types: string[]): Promise<StreamEvent> {
      for (;;) {
        const event = await this.next()
        if (types.includes(event.event)) return event
      }
    },
    /** Resolves when the server has ended the stream. */
    async ended(): Promise<void> {
      while (!(await events.next()).done);
    },
    close: () => ending.abort(),
  }
}

async function* read(response: Response): AsyncGenerator<StreamEvent> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2)
      const data = field('data')
      if (data !== undefined) yield { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) }
    }
  }
}
