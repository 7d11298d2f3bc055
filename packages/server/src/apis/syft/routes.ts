import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { queryOf, storable } from '../../wire/query.ts'
import { MotionNotFound, PlanRequired, Unauthorized } from './errors.ts'
import { readPageRequest } from './export-query.ts'
import { renderPage } from './page.ts'
import { createPageCache } from './page-cache.ts'
import { readPage } from './page-query.ts'
import { findCaller, hasMotion } from './queries.ts'
import { ExportQuery, RunPage, SyftError } from './schemas.ts'

/** The Syft Export API, under `/api`. */
export const syftRoutes: FastifyPluginAsync<Deps> = async (app, { db }) => {
  const cache = createPageCache()

  app.get<{ Params: { motionId: string } }>(
    '/motion/:motionId/export',
    {
      schema: {
        params: Type.Object({ motionId: Type.String() }),
        querystring: ExportQuery,
        response: { 200: RunPage, 400: SyftError, 401: SyftError, 403: SyftError, 404: SyftError },
      },
    },
    async (request, reply) => {
      const { sandbox, organizationId, plan } = await authenticate(request, reply)
      if (plan === 'starter') throw new PlanRequired()
      reply.header('content-type', 'application/json; charset=utf-8')
      return cache.get({ sandbox, organizationId, url: request.url }, () => readBody(request, sandbox, organizationId))
    },
  )

  /** S-AUTH-3: who asks. The answer is dated by the sandbox's clock from here on (X-TIME-2c). */
  async function authenticate(request: FastifyRequest, reply: FastifyReply) {
    const key = readKey(request)
    const caller = key === undefined ? undefined : await findCaller(db, key)
    if (!caller) throw new Unauthorized()
    reply.header('date', caller.sandbox.now.toUTCString())
    return caller
  }

  async function readBody(request: ExportRequest, sandbox: Sandbox, organizationId: string) {
    const motionId = storable(request.params.motionId)
    const { reading } = sandbox
    if (!(await hasMotion(db, sandbox.id, { id: motionId, organizationId }))) throw new MotionNotFound()
    const page = readPageRequest(queryOf(request), { motionId, reading })
    const { revision, runs } = await readPage(db, { sandboxId: sandbox.id, motionId, order: reading.order }, page)
    return { revision, body: renderPage(runs, { motionId, page, reading }) }
  }
}

type ExportRequest = { params: { motionId: string }; url: string }

/** S-AUTH-1, S-AUTH-2, S-AUTH-4c: the key that decides, from whichever header holds one. */
function readKey({ headers }: FastifyRequest): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const secret = headers['x-syft-secret-key']
  return bearer ?? (typeof secret === 'string' && secret !== '' ? secret : undefined)
}
