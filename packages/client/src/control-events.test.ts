import { expect, it } from 'vitest'
import { createControlClient } from './control.ts'
import { readEvents } from './control-events.ts'
import { collect, fakeClock, fakeFetch, type Responder } from './testing.ts'

/** A stream that comes in pieces, and then ends, or breaks off. */
function streamOf(pieces: string[], broken?: Error) {
  const left = [...pieces]
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift()
      if (piece !== undefined) controller.enqueue(new TextEncoder().encode(piece))
      else if (broken) controller.error(broken)
      else controller.close()
    },
  })
}

it.each([1, 2, 3, 1000])('reads events in pieces of %i characters', async (size) => {
  const text = 'retry: 1000\n\n:\n\nid: 1-1\nevent: a\ndata: {"n":1}\n\nid: 1-2\r\ndata: {\r\ndata:"n":2}\r\n\r\n'
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
  expect(await collect(readEvents(streamOf(pieces)))).toEqual([
    { id: '1-1', data: '{"n":1}' },
    { id: '1-2', data: '{\n"n":2}' },
  ])
})

it('connects again behind the last event, where the stream ends and where it breaks off', async () => {
  const event = (n: number) => `id: 1-${n}\ndata: {"type":"clock.changed","n":${n}}\n\n`
  const open =
    (text: string, broken?: Error): Responder =>
    () =>
      new Response(streamOf([text], broken))
  const { fetch, sent } = fakeFetch(open(event(1)), open(`${event(2)}id: 1-3\nda`, new Error('reset')), open(event(3)))
  const { clock, slept } = fakeClock()
  const { sandbox } = createControlClient({ baseUrl: 'http://server', fetch, clock })
  const ids: string[] = []
  for await (const { id } of sandbox('s1').events({ types: ['clock'] })) {
    ids.push(id)
    if (id === '1-3') break
  }
  expect(ids).toEqual(['1-1', '1-2', '1-3'])
  expect(sent.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '1-1', '1-2'])
  expect(sent[0]?.url.search).toBe('?types=clock')
  expect(slept).toEqual([1000, 1000])
})
