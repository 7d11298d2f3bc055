import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../deps.ts'
import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { parsePositiveInteger, type Query, queryOf } from '../../wire/query.ts'
import { createExport } from './create.ts'
import { readFilters } from './create-query.ts'
import { openDownload } from './download.ts'
import { ExportNotFound, Forbidden, InvalidPage, InvalidPageSize, Unauthorized } from './errors.ts'
import { type ExportRow, toExport } from './exports.ts'
import type { CreateFacts } from './findings/creates.ts'
import type { PollFacts } from './findings/polls.ts'
import type { Listed } from './findings/state.ts'
import { settleExport } from './lifecycle.ts'
import { isPolled, pollExport } from './polls.ts'
import { findExport, listExports } from './queries.ts'
import { CreateQuery, Export, ExportList, ListQuery, MemsolusError } from './schemas.ts'

const errors = { 401: MemsolusError, 403: MemsolusError }
const ExportParams = Type.Object({ exportId: Type.String() })
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The Memsolus Exports API, under `/v1`. */
export const memsolusRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

  app.post(
    '/exports',
    {
      config: { operation: 'memsolus.createExport' },
      schema: { querystring: CreateQuery, response: { 202: Export, 422: MemsolusError, ...errors } },
    },
    async (request, reply) => {
      const { exchange } = request
      const caller = authorize(exchange, 'export.write')
      const filters = readFilters(queryOf(request))
      const row = await createExport({ ...deps, cause: request.cause }, caller, { id: randomUUID(), filters })
      exchange.exportId = row.id
      exchange.facts = { filters: JSON.stringify(filters), workspaceId: caller.ownerId } satisfies CreateFacts
      if (caller.sandbox.reading.hints) reply.headers({ location: `/v1/exports/${row.id}`, 'retry-after': 1 })
      return reply.status(202).send(toExport(row, caller.sandbox))
    },
  )

  app.get(
    '/exports',
    {
      config: { operation: 'memsolus.listExports' },
      schema: { querystring: ListQuery, response: { 200: ExportList, 422: MemsolusError, ...errors } },
    },
    async (request) => {
      const caller = authorize(request.exchange, 'export.read')
      const { page, pageSize } = readPaging(queryOf(request))
      const { total, rows } = await listExports(db, caller, { page, pageSize })
      const settled = await Promise.all(rows.map((row) => settle(row, caller)))
      request.exchange.facts = { page, pageSize, total } satisfies Listed
      return {
        data: settled.map((row) => toExport(row, caller.sandbox)),
        meta: { current_page: page, per_page: pageSize, total, last_page: Math.max(1, Math.ceil(total / pageSize)) },
      }
    },
  )

  app.get(
    '/exports/:exportId',
    {
      config: { operation: 'memsolus.getExport' },
      schema: { params: ExportParams, response: { 200: Export, 404: MemsolusError, ...errors } },
    },
    async (request, reply) => {
      const caller = authorize(request.exchange, 'export.read')
      const found = await find(caller, request.params.exportId)
      const row = request.method === 'HEAD' ? found : await pollExport(deps, found)
      const shown = toExport(row, caller.sandbox)
      const facts: PollFacts = { status: shown.status, rows: row.rowsTotal, byPolls: isPolled(row) }
      request.exchange.facts = facts
      const isLive = shown.status === 'PENDING' || shown.status === 'PROCESSING'
      if (caller.sandbox.reading.hints && isLive) reply.header('retry-after', 1)
      return shown
    },
  )

  app.get(
    '/exports/:exportId/download',
    {
      config: { operation: 'memsolus.downloadExport' },
      schema: {
        params: ExportParams,
        response: {
          200: Type.Any({ description: 'The file' }),
          404: MemsolusError,
          409: MemsolusError,
          410: MemsolusError,
          500: MemsolusError,
          ...errors,
        },
      },
    },
    async (request, reply) => {
      const caller = authorize(request.exchange, 'export.read')
      const row = await find(caller, request.params.exportId)
      const { headers, content } = await openDownload(deps, caller, row)
      reply.headers(headers)
      if (request.method !== 'HEAD') return reply.send(content)
      content.destroy()
      // A stream, because Fastify would tell the length of any other payload instead of the file's.
      return reply.send(Readable.from([]))
    },
  )

  /** M-GET-2, M-GET-3c: an export of the caller's, with what is due for it done. */
  async function find(caller: Caller, id: string): Promise<ExportRow> {
    const row = UUID.test(id.toLowerCase()) ? await findExport(db, caller, id.toLowerCase()) : undefined
    if (!row) throw new ExportNotFound(id)
    return settle(row, caller)
  }

  /** What is due is done before an export is shown, save a render, which is not waited for. */
  async function settle(row: ExportRow, { sandbox }: Caller): Promise<ExportRow> {
    if (row.status !== 'PENDING' || row.nextAt === null || row.nextAt > sandbox.now) return row
    const settled = await settleExport(deps, { sandboxId: row.sandboxId, exportId: row.id }, { rendering: false })
    return settled.row ?? row
  }
}

/** M-AUTH-1, M-AUTH-2: who asks. */
function authorize({ caller }: Exchange, permission: string): Caller {
  if (!caller) throw new Unauthorized()
  if (!caller.permissions.includes(permission)) throw new Forbidden(permission)
  return caller
}

/** M-LIST-1, M-LIST-3c */
function readPaging(query: Query) {
  const page = query.first('page') ?? '1'
  const pageSize = query.first('page_size') ?? '20'
  const paging = { page: parsePositiveInteger(page), pageSize: parsePositiveInteger(pageSize) }
  if (paging.page === undefined) throw new InvalidPage(page)
  if (paging.pageSize === undefined) throw new InvalidPageSize(pageSize)
  return { page: paging.page, pageSize: Math.min(paging.pageSize, 100) }
}
