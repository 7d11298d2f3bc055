import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Db } from '../../ports/database/database.ts'
import { SandboxParams } from '../../wire/control-types.ts'
import { answer } from '../../wire/operation.ts'
import { findingsOf } from '../findings/queries.ts'
import type { ControlContext } from '../index.ts'
import { harEntry } from './har.ts'
import { BEGINNING, listExchanges } from './queries.ts'

const Har = Type.Any({
  description: 'HAR 1.2',
  examples: [{ log: { version: '1.2', creator: { name: 'Sandport', version: '0.1.0' }, pages: [], entries: [] } }],
})

const READ_AT_ONCE = 200

/** The journal of a sandbox as HAR 1.2, which the developer tools of browsers open. */
export const harRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, { deps, journal }) => {
  app.get(
    '/',
    {
      schema: {
        operationId: 'getHar',
        summary: 'Read the journal as HAR',
        description: 'HAR 1.2, which the developer tools of browsers open.',
        tags: ['journal'],
        params: SandboxParams,
        response: {
          200: answer(Har, {
            description: 'HAR 1.2',
            headers: {
              'Content-Disposition': Type.String({
                description: 'The name of the file',
                examples: ['attachment; filename="default.har"'],
              }),
            },
          }),
        },
      },
    },
    async (request, reply) => {
      const { sandboxId } = request.params
      await journal.settle(sandboxId)
      const origin = deps.publicUrl ?? `${request.protocol}://${request.host}`
      reply.headers({
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${sandboxId.replaceAll(/[^\w.-]/g, '_')}.har"`,
      })
      return reply.send(Readable.from(harText(deps.db, { sandboxId, origin, version: deps.version })))
    },
  )
}

/** The file piece by piece, as the journal may be large. */
async function* harText(
  db: Db,
  { sandboxId, origin, version }: { sandboxId: string; origin: string; version: string },
): AsyncGenerator<string> {
  yield `{"log":{"version":"1.2","creator":{"name":"Sandport","version":${JSON.stringify(version)}},"pages":[],"entries":[`
  let after = BEGINNING
  let isFirst = true
  for (;;) {
    const rows = await listExchanges(db, sandboxId, { after, limit: READ_AT_ONCE })
    const codes = await findingsOf(
      db,
      sandboxId,
      rows.map(({ exchangeId }) => exchangeId),
    )
    for (const row of rows) {
      const entry = harEntry(row, { origin, codes: codes.get(row.exchangeId) ?? [] })
      yield `${isFirst ? '' : ','}\n${JSON.stringify(entry)}`
      isFirst = false
      after = row
    }
    if (rows.length < READ_AT_ONCE) break
  }
  yield '\n]}}\n'
}
