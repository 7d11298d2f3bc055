import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../../deps.ts'
import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { answer, refusals } from '../../wire/operation.ts'
import { parsePositiveInteger, type Query, queryOf } from '../../wire/query.ts'
import { createExport } from './create.ts'
import { readFilters } from './create-query.ts'
import { fileTypes } from './data/schemas.ts'
import { openDownload } from './download.ts'
import {
  ExportExpired,
  ExportFailed,
  ExportFileMissing,
  ExportNotFound,
  ExportNotReady,
  Forbidden,
  InvalidDate,
  InvalidFormat,
  InvalidPage,
  InvalidPageSize,
  InvalidPriority,
  TooManyCategories,
  Unauthorized,
} from './errors.ts'
import { type ExportRow, toExport } from './exports.ts'
import type { CreateFacts } from './findings/creates.ts'
import type { PollFacts } from './findings/polls.ts'
import type { Listed } from './findings/state.ts'
import { settleExport } from './lifecycle.ts'
import { isPolled, pollExport } from './polls.ts'
import { findExport, listExports } from './queries.ts'
import { CreateQuery, ExportAnswer, ExportList, ExportParams, fileHeaders, hintHeaders, ListQuery } from './schemas.ts'

const EXAMPLE_ID = '0d1d913a-5c1e-4a53-9a4e-6f0d5c1b7a10'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The Memsolus Exports API, under `/v1`. */
export const memsolusRoutes: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps

  app.post(
    '/exports',
    {
      config: { operation: 'memsolus.createExport' },
      schema: {
        summary: 'Create an export',
        description: 'Of all memories of the workspace, or of those that match every filter. The body is not read.',
        tags: ['exports'],
        querystring: CreateQuery,
        response: {
          202: answer(ExportAnswer, {
            description: 'The new export; it is `PENDING`',
            headers: { Location: hintHeaders.Location, 'Retry-After': hintHeaders['Retry-After'] },
          }),
          ...refusals(
            new Forbidden('export.write'),
            new InvalidFormat('xml'),
            new InvalidPriority('urgent'),
            new TooManyCategories(21),
            new InvalidDate('created_after', 'yesterday'),
          ),
        },
      },
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
      schema: {
        summary: 'List the exports of the account',
        tags: ['exports'],
        querystring: ListQuery,
        response: {
          200: ExportList,
          ...refusals(new Forbidden('export.read'), new InvalidPage('0'), new InvalidPageSize('all')),
        },
      },
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
      schema: {
        summary: 'Read an export',
        description: 'Ask until it is `READY`, then download it.',
        tags: ['exports'],
        params: ExportParams,
        response: {
          200: answer(ExportAnswer, {
            description: 'The export as it is now',
            headers: { 'Retry-After': hintHeaders['Retry-After'] },
          }),
          ...refusals(new Forbidden('export.read'), new ExportNotFound(EXAMPLE_ID)),
        },
      },
    },
    async (request, reply) => {
      const caller = authorize(request.exchange, 'export.read')
      const found = await find(caller, request.params.exportId)
      // M-GET-1
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
        summary: 'Download the file of an export',
        description: 'For 72 hours from when the export became `READY`.',
        tags: ['exports'],
        params: ExportParams,
        response: {
          200: answer(Type.Any(), {
            description: 'The bare file, in the format of the export',
            headers: fileHeaders,
            types: fileTypes,
          }),
          ...refusals(
            new Forbidden('export.read'),
            new ExportNotFound(EXAMPLE_ID),
            new ExportNotReady(EXAMPLE_ID, 'PENDING'),
            new ExportFailed(EXAMPLE_ID, 'Disk full'),
            new ExportExpired(EXAMPLE_ID),
            new ExportFileMissing(EXAMPLE_ID),
          ),
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
