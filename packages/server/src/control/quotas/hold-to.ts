import { eq, sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import type { ControlContext } from '../index.ts'
import { type Quotas, quotaExceeded } from './quotas.ts'

/** Refuses a vendor's call that comes too fast for the server, or that would write one more file than fits: in its own form. */
export async function holdToPace(
  { deps, keeper }: ControlContext,
  module: ApiModule,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { quotas } = keeper
  const sandboxId = request.exchange.owner?.sandbox.id
  if (!quotas || sandboxId === undefined) return
  if (keeper.isTooFast(sandboxId)) return refuse(module, 'requestsPerSecond', reply)
  const bytes = request.method === 'POST' ? await module.fileBytes?.(deps.db, sandboxId) : undefined
  if (bytes !== undefined && bytes >= quotas.fileBytes) return refuse(module, 'fileBytes', reply)
}

/** Answers 429 as the API does; a header of Sandport's own names the quota, which the vendors do not have. */
export function refuse(module: ApiModule, quota: keyof Quotas, reply: FastifyReply) {
  const headers = { 'retry-after': 1, 'sandport-quota': quota, 'content-type': 'application/json; charset=utf-8' }
  return reply.status(429).headers(headers).send(module.faultBody(429))
}

/** Refuses a control call about a sandbox that comes too fast, or that would add more rows than the sandbox may have. */
export function holdToQuotas({ deps, modules, keeper }: ControlContext) {
  return async (request: FastifyRequest): Promise<void> => {
    const { quotas } = keeper
    if (!quotas || request.isAdmin) return
    const { sandboxId = '' } = request.params as { sandboxId?: string }
    if (keeper.isTooFast(sandboxId)) throw quotaExceeded('requestsPerSecond', quotas)
    if (request.method !== 'POST') return
    const rows = await countRows(deps.db, modules, sandboxId)
    if (rows + rowsIn(request.body) > quotas.rows) throw quotaExceeded('rows', quotas)
  }
}

async function countRows(db: Db, modules: readonly ApiModule[], sandboxId: string): Promise<number> {
  let rows = 0
  for (const table of modules.flatMap(({ tables }) => tables)) {
    const [counted] = await db
      .select({ count: sql<number>`count(*)::int` })
      .from(table)
      .where(eq(table.sandboxId, sandboxId))
    rows += counted?.count ?? 0
  }
  return rows
}

/** How many rows a bulk body asks for. */
function rowsIn(body: unknown): number {
  if (typeof body !== 'object' || body === null) return 0
  if ('count' in body && typeof body.count === 'number') return body.count
  return 'items' in body && Array.isArray(body.items) ? body.items.length : 1
}
