import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { and, eq, sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import { changeSandbox } from '../../sandbox/change.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { SandboxParams } from '../../wire/control-types.ts'
import { rateWindows } from '../journal/tables.ts'
import { Policy } from './schemas.ts'

/** What an API of a sandbox does to requests that come too fast. */
export const policyRoutes: FastifyPluginAsyncTypebox<{ deps: Deps; api: string }> = async (app, { deps, api }) => {
  const { db } = deps
  const called = `${api.slice(0, 1).toUpperCase()}${api.slice(1)}`

  app.get(
    '/',
    {
      schema: {
        operationId: `get${called}Policy`,
        summary: 'Read the rate limit',
        tags: ['scripts'],
        params: SandboxParams,
        response: { 200: Policy },
      },
    },
    async ({ params: { sandboxId } }) => {
      const [found] = await db
        .select({ policy: sandboxes.policy })
        .from(sandboxes)
        .where(and(eq(sandboxes.id, sandboxId), eq(sandboxes.kind, 'live')))
      if (!found) throw new SandboxNotFound(sandboxId)
      return found.policy[api] ?? {}
    },
  )

  app.put(
    '/',
    {
      schema: {
        operationId: `set${called}Policy`,
        summary: 'Limit the rate',
        description: 'Requests past the limit are answered 429 with a `Retry-After`. `{}` is no limit.',
        tags: ['scripts'],
        params: SandboxParams,
        body: Policy,
        response: { 200: Policy },
      },
    },
    async ({ params: { sandboxId }, body }) => {
      await changeSandbox(db, sandboxId, async (tx) => {
        const policy = sql`${sandboxes.policy} || ${JSON.stringify({ [api]: body })}::jsonb`
        await tx.update(sandboxes).set({ policy }).where(eq(sandboxes.id, sandboxId))
        // A new limit begins with a window of its own.
        await tx.delete(rateWindows).where(and(eq(rateWindows.sandboxId, sandboxId), eq(rateWindows.api, api)))
      })
      return body
    },
  )
}
