import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { ListQuery, listOf, listPage, objectOf, oneOf, readListQuery } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import type { ControlContext } from '../index.ts'
import { catalogue, codes, rulesOf, severities } from './catalogue.ts'
import { allowFindings, type FindingRow, listFindings, readAllowed } from './queries.ts'
import { AllowedCodes } from './schemas.ts'

const Params = Type.Object({ sandboxId: Type.String() })

const Severity = oneOf(severities, {
  description: '`error`: breaks the contract or loses data; `warning`: will hurt later; `note`',
})
const Nullable = Type.Union([Type.String(), Type.Null()])
const FindingsQuery = objectOf({
  ...ListQuery.properties,
  code: Type.Optional(oneOf(codes)),
  severity: Type.Optional(oneOf(severities)),
})

const Finding = Type.Object({
  code: Type.String(),
  severity: Severity,
  rule: Nullable,
  message: Type.String({ description: 'What is questionable, with its values, and what to do' }),
  exchange: Type.String({ description: 'The `Sandport-Exchange` of the answer' }),
  operation: Nullable,
  at: Type.String({ description: 'Sandbox time' }),
})
const Allowed = objectOf({ codes: AllowedCodes })
const CatalogueEntry = Type.Object({
  code: Type.String(),
  severity: Severity,
  rules: Type.Array(Type.String()),
  meaning: Type.String(),
})

/** What was questionable in what a sandbox's clients did, and what they are allowed. */
export const findingRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, context) => {
  const { db } = context.deps

  app.get(
    '/',
    { schema: { params: Params, querystring: FindingsQuery, response: { 200: listOf(Finding) } } },
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

  app.get('/allow', { schema: { params: Params, response: { 200: Allowed } } }, async ({ params }) =>
    viewAllowed(params.sandboxId),
  )

  app.put(
    '/allow',
    { schema: { params: Params, body: Allowed, response: { 200: Allowed } } },
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
  app.get('/', { schema: { response: { 200: listOf(CatalogueEntry) } } }, async () => ({
    items: codes.map((code) => {
      const { severity, meaning } = catalogue[code]
      return { code, severity, rules: rulesOf(code), meaning }
    }),
    nextCursor: null,
  }))
}

function view({ code, severity, rule, message, exchangeId, operation, at }: FindingRow) {
  return { code, severity, rule, message, exchange: exchangeId, operation, at: formatInstant(at.getTime()) }
}
