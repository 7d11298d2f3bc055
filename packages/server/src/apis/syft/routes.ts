import type { FastifyPluginAsync } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Exchange } from '../../exchange.ts'
import type { Caller } from '../../sandbox/caller.ts'
import { refusals } from '../../wire/operation.ts'
import { queryOf, storable } from '../../wire/query.ts'
import {
  InvalidCursor,
  InvalidFields,
  InvalidLimit,
  InvalidOrder,
  InvalidTimestamp,
  MotionNotFound,
  PlanRequired,
  Unauthorized,
} from './errors.ts'
import { readPageRequest } from './export-query.ts'
import { type PageFacts, renderPage } from './page.ts'
import { createPageCache } from './page-cache.ts'
import { readPage } from './page-query.ts'
import { findAccess } from './queries.ts'
import { ExportQuery, MotionParams, RunPage, runFields } from './schemas.ts'

/** The Syft Export API, under `/api`. */
export const syftRoutes: FastifyPluginAsync<Deps> = async (app, { db }) => {
  const cache = createPageCache()

  app.get<{ Params: { motionId: string } }>(
    '/motion/:motionId/export',
    {
      config: { operation: 'syft.exportRuns' },
      schema: {
        summary: 'Read a page of runs',
        description: 'Send each `nextCursor` back as `cursor` until `hasMore` is false; later, poll with `since`.',
        tags: ['runs'],
        params: MotionParams,
        querystring: ExportQuery,
        response: {
          200: RunPage,
          ...refusals(
            new InvalidLimit(),
            new InvalidTimestamp('since'),
            new InvalidOrder(),
            new InvalidFields('stauts', runFields.join(', ')),
            new InvalidCursor(),
            new PlanRequired(),
            new MotionNotFound(),
          ),
        },
      },
    },
    async (request, reply) => {
      const { exchange } = request
      const caller = authenticate(exchange)
      const page = await cache.get(caller, request.url, () => read(request, caller))
      exchange.revision = page.revision
      exchange.served = page.served
      exchange.facts = { ...page.facts, isSteady: caller.isSteady } satisfies PageFacts
      return reply.header('content-type', 'application/json; charset=utf-8').send(page.body)
    },
  )

  async function read(request: ExportRequest, { sandbox, ownerId }: Caller) {
    const motionId = storable(request.params.motionId)
    const { reading } = sandbox
    const access = await findAccess(db, sandbox.id, { organizationId: ownerId, motionId })
    if (access?.plan === 'starter') throw new PlanRequired()
    if (!access?.hasMotion) throw new MotionNotFound()
    const page = readPageRequest(queryOf(request), { motionId, reading })
    const { revision, runs } = await readPage(db, { sandboxId: sandbox.id, motionId, order: reading.order }, page)
    return { revision, ...renderPage(runs, { motionId, page, reading }) }
  }
}

type ExportRequest = { params: { motionId: string }; url: string }

/** S-AUTH-3: who asks. */
function authenticate({ caller }: Exchange): Caller {
  if (!caller) throw new Unauthorized()
  return caller
}
