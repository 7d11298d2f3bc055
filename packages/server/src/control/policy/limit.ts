import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiModule } from '../../api-module.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { parseDuration } from '../../wire/duration.ts'
import type { ControlContext } from '../index.ts'
import { rateWindows } from '../journal/tables.ts'

/** S-RATE-2c, M-RATE-1c: answers 429 where the sandbox has a limit, and this request is past it. */
export async function limitRate(
  { deps }: ControlContext,
  module: ApiModule,
  { exchange }: FastifyRequest,
  reply: FastifyReply,
) {
  const { owner, operation } = exchange
  const limit = owner?.policy[module.name]?.rateLimit
  if (!limit || !owner || !operation) return
  const windowMs = parseDuration(limit.per) ?? 0
  const { requests, leftMs } = await countRequest(deps.db, { sandboxId: owner.sandbox.id, api: module.name, windowMs })
  if (requests <= limit.requests) return
  const retryAfter = Math.max(1, Math.ceil(leftMs / 1000))
  return reply
    .status(429)
    .headers({ 'retry-after': retryAfter, 'content-type': 'application/json; charset=utf-8' })
    .send(module.faultBody(429))
}

/**
 * Counts a request in its window of real time, in whichever process it came. A window begins with the first request after
 * the one before has ended. Answers how many there were in it, this one included, and how long it still is.
 */
async function countRequest(
  db: Db,
  { sandboxId, api, windowMs }: { sandboxId: string; api: string; windowMs: number },
) {
  const isOver = sql`${rateWindows.startedAt} + ${windowMs} * interval '1 millisecond' <= ${realNow}`
  const [window] = await db
    .insert(rateWindows)
    .values({ sandboxId, api, startedAt: realNow, requests: 1 })
    .onConflictDoUpdate({
      target: [rateWindows.sandboxId, rateWindows.api],
      set: {
        startedAt: sql`case when ${isOver} then ${realNow} else ${rateWindows.startedAt} end`,
        requests: sql`case when ${isOver} then 1 else ${rateWindows.requests} + 1 end`,
      },
    })
    .returning({
      requests: rateWindows.requests,
      leftMs: sql<number>`extract(epoch from ${rateWindows.startedAt} + ${windowMs} * interval '1 millisecond' - ${realNow})::float8 * 1000`,
    })
  return window ?? { requests: 1, leftMs: windowMs }
}
