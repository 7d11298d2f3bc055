import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { objectOf, SandboxParams } from '../../wire/control-types.ts'
import { answer, refusals } from '../../wire/operation.ts'
import { invalid } from '../../wire/validation.ts'
import type { ControlContext } from '../index.ts'
import { publicQuotas, quotaExceeded } from '../quotas/quotas.ts'
import type { Follower } from './news.ts'
import {
  currentPosition,
  type Happening,
  type Kind,
  kinds,
  type Position,
  type ReaderPosition,
  readHappenings,
} from './queries.ts'

const HEARTBEAT_MS = 15_000
/** After so long it is looked again whether what held something back is over: nobody tells of that. */
const LOOK_AGAIN_MS = 25
/** For so long a reader may take nothing while there is something for it. It can begin again where it was. */
const SLOW_MS = 2000

const EventsQuery = objectOf({
  types: Type.Optional(
    Type.String({ description: `Some of ${kinds.join(', ')}, separated by commas`, examples: ['data,exchange'] }),
  ),
})
const LastEvent = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ description: 'The id of the last event that the reader has; `0-0` for all', examples: ['828-2'] }),
  ),
})

/** What happens in a sandbox, told as it happens: server-sent events. */
export const eventRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, { deps, journal, news }) => {
  const { db, log } = deps

  app.get(
    '/',
    {
      schema: {
        operationId: 'followEvents',
        summary: 'Follow what happens',
        description: 'Server-sent events, from now on or from the event that `Last-Event-ID` names.',
        tags: ['journal'],
        params: SandboxParams,
        querystring: EventsQuery,
        headers: LastEvent,
        response: {
          200: answer(Type.String(), {
            description: 'Events, without end',
            headers: { 'Cache-Control': Type.String({ examples: ['no-store'] }) },
            types: {
              'text/event-stream': Type.String({
                examples: ['id: 828-2\nevent: data.changed\ndata: {"type":"data.changed","what":"syft.runs"}\n\n'],
              }),
            },
          }),
          ...refusals(quotaExceeded('eventStreams', publicQuotas)),
        },
      },
    },
    async (request, reply) => {
      const { sandboxId } = request.params
      const wanted = readKinds(request.query.types)
      const given = readPosition(request.headers['last-event-id'])
      const client = new AbortController()
      const { raw } = reply
      raw.once('close', () => client.abort())
      const follower = await news.follow(sandboxId, client.signal)
      try {
        await journal.flush()
        const after = given ?? (await currentPosition(db))
        reply.hijack()
        raw.writeHead(200, {
          'sandport-exchange': request.id,
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        raw.write('retry: 1000\n\n')
        await tell(raw, follower, { sandboxId, wanted, after })
        raw.end()
      } catch (error) {
        if (!raw.headersSent) throw error
        log.error({ err: error, sandboxId }, 'event stream failed')
        raw.destroy()
      } finally {
        follower.stop()
      }
    },
  )

  /** Tells of all that happens, until the sandbox, the client or the server is gone. */
  async function tell(raw: ServerResponse, follower: Follower, { sandboxId, wanted, after }: Reader): Promise<void> {
    let position = after
    while (!follower.gone.aborted) {
      await journal.settle(sandboxId)
      const read = await readHappenings(db, sandboxId, { after: position, wanted })
      if (!read) return
      position = read.position
      for (const happening of read.items) raw.write(eventText(happening))
      if (raw.writableNeedDrain && !(await isDrained(raw))) {
        raw.destroy()
        return
      }
      if (read.hasMore) continue
      const isNews = await follower.news(read.isHeldBack ? LOOK_AGAIN_MS : HEARTBEAT_MS)
      if (!isNews && !read.isHeldBack) raw.write(':\n\n')
    }
  }
}

type Reader = { sandboxId: string; wanted: ReadonlySet<Kind>; after: ReaderPosition }

function eventText({ transaction, id, type, data }: Happening): string {
  return `id: ${transaction}-${id}\nevent: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}

/** Whether a reader takes what is waiting for it. Nothing is read for it meanwhile, and nobody else waits. */
async function isDrained(raw: ServerResponse): Promise<boolean> {
  const signal = AbortSignal.timeout(SLOW_MS)
  return once(raw, 'drain', { signal }).then(
    () => true,
    () => false,
  )
}

function readKinds(text: string | undefined): ReadonlySet<Kind> {
  if (text === undefined) return new Set(kinds)
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isKind(name))
  if (unknown !== undefined) throw invalid('/types', `"${unknown}" is no type of event. There are ${kinds.join(', ')}.`)
  return new Set(names.filter(isKind))
}

function isKind(name: string): name is Kind {
  return (kinds as readonly string[]).includes(name)
}

/** Where a reader was, by the id of the last event that it has. */
function readPosition(lastEventId: string | string[] | undefined): Position | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined
  const [, transaction, id] = /^(\d{1,15})-(\d{1,15})$/.exec(`${lastEventId}`) ?? []
  if (transaction === undefined) throw invalid('', `Last-Event-ID must be the id of an event, not "${lastEventId}"`)
  return { transaction: Number(transaction), id: Number(id) }
}
