import { setTimeout } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Deps } from '../deps.ts'
import { Health } from './schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a token. */
    isOpen?: boolean
  }
}

/** What has not answered by then is down. */
const PATIENCE_MS = 3000

const Alive = Type.Object({ status: Type.Literal('up'), version: Type.String({ examples: ['0.1.0'] }) })

/**
 * Whether the server can do its work, and if not, what is in its way: readiness. That the process is alive says
 * `health/live`, which asks nobody: starting it again would not bring a database back.
 */
export const healthRoutes: FastifyPluginAsyncTypebox<{ deps: Deps }> = async (app, { deps }) => {
  app.get(
    '/health/live',
    {
      config: { isOpen: true },
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process runs',
        tags: ['server'],
        response: { 200: Alive },
      },
    },
    async () => ({ status: 'up' as const, version: deps.version }),
  )

  app.get(
    '/health',
    {
      config: { isOpen: true },
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the server can do its work',
        tags: ['server'],
        response: { 200: Health, 503: Health },
      },
    },
    async (request, reply) => {
      const probe = async (name: string, ping: () => Promise<void>): Promise<string> => {
        try {
          await Promise.race([ping(), tooLate()])
          return 'up'
        } catch (error) {
          request.log.warn({ err: error }, `${name} is down`)
          return 'down'
        }
      }
      const [database, queue, files] = await Promise.all([
        probe('database', deps.ping),
        probe('queue', () => deps.queue.ping()),
        probe('files', () => deps.files.ping()),
      ])
      const isUp = [database, queue, files].every((state) => state === 'up')
      reply.status(isUp ? 200 : 503)
      return { status: isUp ? 'up' : 'down', version: deps.version, database, queue, files }
    },
  )
}

async function tooLate(): Promise<never> {
  await setTimeout(PATIENCE_MS, undefined, { ref: false })
  throw new Error(`No answer within ${PATIENCE_MS} ms`)
}
