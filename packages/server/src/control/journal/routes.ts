import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { ListQuery, listOf, listPage, readListQuery, SandboxParams } from '../../wire/control-types.ts'
import { parseDuration } from '../../wire/duration.ts'
import { formatInstant } from '../../wire/instant.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { invalid } from '../../wire/validation.ts'
import { ExchangeNotFound } from '../errors.ts'
import { findingsOf } from '../findings/queries.ts'
import type { ControlContext } from '../index.ts'
import { BEGINNING, clearJournal, type Ended, getExchange, listExchanges, listUnmatched, placeOf } from './queries.ts'
import {
  ExchangeView,
  exchangesQuery,
  UnmatchedView,
  type VerifyInput,
  VerifyResult,
  verifyInput,
  WholeExchange,
} from './schemas.ts'
import { type Expected, verify } from './verify.ts'
import { viewExchange, viewExchanges } from './view.ts'

const LONGEST_WAIT_MS = 600_000

const ExchangeParams = Type.Object({
  ...SandboxParams.properties,
  exchangeId: Type.String({
    description: 'The id of an exchange',
    examples: ['ex_6c60f7f1-5a0f-4f2e-9d5b-1f1c3a7f3a10'],
  }),
})

/** The journal of a sandbox: what its clients did. */
export const journalRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (
  app,
  { deps, modules, journal, news },
) => {
  const { db } = deps
  const operations = modules.flatMap((module) => module.operations)
  const ExchangesQuery = exchangesQuery(operations)
  const VerifyInput = verifyInput(operations)

  app.get<{ Params: Static<typeof SandboxParams>; Querystring: Static<typeof ExchangesQuery> }>(
    '/',
    {
      schema: {
        operationId: 'listExchanges',
        summary: 'List what clients did',
        description: 'In the order in which the exchanges ended.',
        tags: ['journal'],
        params: SandboxParams,
        querystring: ExchangesQuery,
        response: { 200: listOf(ExchangeView), ...refusals(new ExchangeNotFound('ex_gone')) },
      },
    },
    async ({ params: { sandboxId }, query: { after, limit: limitText, cursor, ...filter } }) => {
      await journal.settle(sandboxId)
      const { limit, after: last } = readListQuery({
        ...(limitText && { limit: limitText }),
        ...(cursor && { cursor }),
      })
      const from = readPlace(last) ?? (after === undefined ? BEGINNING : await placeOf(db, sandboxId, after))
      const rows = await listExchanges(db, sandboxId, { ...filter, after: from, limit: limit + 1 })
      const { items, nextCursor } = listPage(rows, { limit, cursorOf: ({ closedUs, id }) => `${closedUs} ${id}` })
      return { items: await viewExchanges(db, sandboxId, items), nextCursor }
    },
  )

  app.get(
    '/:exchangeId',
    {
      schema: {
        operationId: 'getExchange',
        summary: 'Read one exchange',
        description: 'With the ids and versions of the runs that were served.',
        tags: ['journal'],
        params: ExchangeParams,
        response: { 200: WholeExchange, ...refusals(new ExchangeNotFound('ex_gone')) },
      },
    },
    async ({ params: { sandboxId, exchangeId } }) => {
      await journal.settle(sandboxId)
      const { exchange, served } = await getExchange(db, sandboxId, exchangeId)
      const codes = await findingsOf(db, sandboxId, [exchangeId])
      return { ...viewExchange(exchange, codes.get(exchangeId)), served }
    },
  )

  app.post<{ Params: Static<typeof SandboxParams>; Body: VerifyInput }>(
    '/verify',
    {
      schema: {
        operationId: 'verifyRequests',
        summary: 'Verify what clients did',
        description: 'Whether as many requests came as were to come; waits for them, if told to.',
        tags: ['journal'],
        params: SandboxParams,
        body: VerifyInput,
        response: { 200: VerifyResult },
      },
    },
    async ({ params: { sandboxId }, body }, reply) => {
      const { atLeast: _least, atMost: _most, exactly: _exactly, never: _never, within = '0s', ...wanted } = body
      const withinMs = parseDuration(within) ?? 0
      if (withinMs > LONGEST_WAIT_MS) throw invalid('/within', `"within" must be 10m or less, not "${within}"`)
      const client = new AbortController()
      reply.raw.once('close', () => client.abort())
      const question = { sandboxId, wanted, expected: expectedOf(body), withinMs, client: client.signal }
      return verify({ db, journal, news }, question)
    },
  )

  app.delete(
    '/',
    {
      schema: {
        operationId: 'clearJournal',
        summary: 'Clear the journal',
        description: 'And with it the findings.',
        tags: ['journal'],
        params: SandboxParams,
        response: { 204: Nothing('It begins anew') },
      },
    },
    async ({ params: { sandboxId } }, reply) => {
      await clearJournal(db, sandboxId)
      return reply.status(204).send()
    },
  )
}

/** Where a list goes on, by what its cursor says. */
function readPlace(text: string): Ended | undefined {
  const [, closedUs, id] = /^(\d{1,16}) (\d{1,15})$/.exec(text) ?? []
  return closedUs === undefined ? undefined : { closedUs: Number(closedUs), id: Number(id) }
}

/** How many there are to be: by one of four properties, or one at least. */
function expectedOf({ atLeast, atMost, exactly, never }: VerifyInput): Expected {
  const given = Object.entries({ atLeast, atMost, exactly, never }).filter(([, value]) => value !== undefined)
  if (given.length > 1) {
    const names = given.map(([name]) => `"${name}"`).join(' and ')
    throw invalid('', `Give one of "atLeast", "atMost", "exactly" and "never", not ${names}`)
  }
  if (exactly !== undefined) return { least: exactly, most: exactly }
  if (atMost !== undefined || never) return { least: 0, most: atMost ?? 0 }
  return { least: atLeast ?? 1, most: Number.POSITIVE_INFINITY }
}

/** What came to the server and belongs to no sandbox. */
export const unmatchedRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, { deps, journal }) => {
  app.get(
    '/unmatched',
    {
      schema: {
        operationId: 'listUnmatched',
        summary: 'List requests of nobody',
        description: 'Those whose key belongs to no sandbox, the newest first.',
        tags: ['journal'],
        querystring: ListQuery,
        response: { 200: listOf(UnmatchedView) },
      },
    },
    async ({ query }) => {
      await journal.flush()
      const { limit, after } = readListQuery(query)
      const rows = await listUnmatched(deps.db, { before: readPlace(after), limit: limit + 1 })
      const { items, nextCursor } = listPage(rows, { limit, cursorOf: ({ endedUs, id }) => `${endedUs} ${id}` })
      return {
        items: items.map(({ exchangeId, endedUs, method, path, status, keys, reason }) => {
          return {
            exchange: exchangeId,
            at: formatInstant(Math.floor(endedUs / 1000)),
            method,
            path,
            status,
            keys,
            reason,
          }
        }),
        nextCursor,
      }
    },
  )
}
