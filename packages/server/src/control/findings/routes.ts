import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ListQuery, listOf, listPage, objectOf, oneOf, readListQuery, SandboxParams } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import type { ControlContext } from '../index.ts'
import { catalogue, codes, rulesOf, severities } from './catalogue.ts'
import { allowFindings, type FindingRow, listFindings, readAllowed } from './queries.ts'
import { Allowed, CatalogueEntry, Finding } from './schemas.ts'

const FindingsQuery = objectOf({
  ...ListQuery.properties,
  code: Type.Optional(oneOf(codes, { description: 'Only those of this code' })),
  severity: Type.Optional(oneOf(severities, { description: 'Only those of this severity' })),
})

/** What was questionable in what a sandbox's clients did, and what they are allowed. */
export const findingRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, context) => {
  const { db } = context.deps

  app.get(
    '/',
    {
      schema: {
        operationId: 'listFindings',
        summary: 'List what was found',
        description:
          'In the order in which it was found. Whatever was answered before the call is judged in its answer.',
        tags: ['findings'],
        params: SandboxParams,
        querystring: FindingsQuery,
        response: { 200: listOf(Finding) },
      },
    },
    async ({ params: { sandboxId }, query }) => {
      await context.journal.settle(sandboxId)
      const { code, severity, ...paging } = query
      const { limit, after } = readListQuery(paging)
      const wanted = { ...(code && { code }), ...(severity && { severity }) }
      const rows = await listFindings(db, sandboxId, { ...wanted, after: Number(after) || 0, limit: limit + 1 })
      const { items, nextCursor } = listPage(rows, { limit, cursorOf: ({ id }) => `${id}` })
      return { items: items.map(view), nextCursor }
    },
  )

  app.get(
    '/allow',
    {
      schema: {
        operationId: 'getAllowed',
        summary: 'Read which findings are allowed',
        tags: ['findings'],
        params: SandboxParams,
        response: { 200: Allowed },
      },
    },
    async ({ params }) => viewAllowed(params.sandboxId),
  )

  app.put(
    '/allow',
    {
      schema: {
        operationId: 'allowFindings',
        summary: 'Allow findings',
        description: 'The body is the new list, whole. Those that were found before are not shown either.',
        tags: ['findings'],
        params: SandboxParams,
        body: Allowed,
        response: { 200: Allowed },
      },
    },
    async ({ params, body }) => {
      await allowFindings(db, params.sandboxId, body.codes)
      return viewAllowed(params.sandboxId)
    },
  )

  async function viewAllowed(sandboxId: string) {
    const allowed = await readAllowed(db, sandboxId)
    return { codes: codes.filter((code) => allowed.includes(code)) }
  }
}

/** All that can be found. */
export const catalogueRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'listCatalogue',
        summary: 'List all that can be found',
        tags: ['findings'],
        response: { 200: listOf(CatalogueEntry) },
      },
    },
    async () => ({
      items: codes.map((code) => {
        const { severity, meaning } = catalogue[code]
        return { code, severity, rules: rulesOf(code), meaning }
      }),
      nextCursor: null,
    }),
  )
}

function view({ code, severity, rule, message, exchangeId, operation, at }: FindingRow) {
  return { code, severity, rule, message, exchange: exchangeId, operation, at: formatInstant(at.getTime()) }
}
