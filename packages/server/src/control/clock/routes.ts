import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { findSandbox, lockSandbox } from '../../sandbox/queries.ts'
import { ClockInstantText, DurationText, objectOf } from '../../wire/control-types.ts'
import { parseDuration } from '../../wire/duration.ts'
import { formatInstant } from '../../wire/instant.ts'
import { invalid, parseClockInstant } from '../../wire/validation.ts'
import { Clock, ClockInput } from '../sandboxes/schemas.ts'
import { type ClockSettings, readClock, setClock } from './queries.ts'
import { advance } from './walk.ts'

const Params = Type.Object({ sandboxId: Type.String() })
const AdvanceInput = objectOf({ by: Type.Optional(DurationText), to: Type.Optional(ClockInstantText) })
const AdvanceResult = Type.Object({
  now: Type.String(),
  events: Type.Array(Type.Object({ at: Type.String(), type: Type.String() }, { additionalProperties: true })),
})

/** A sandbox's clock: read, set forward, frozen, advanced. */
export const clockRoutes: FastifyPluginAsyncTypebox<{ deps: Deps; modules: readonly ApiModule[] }> = async (
  app,
  context,
) => {
  const { deps, modules } = context
  const { db } = deps

  app.get('/', { schema: { params: Params, response: { 200: Clock } } }, async ({ params }) => view(params.sandboxId))

  app.put('/', { schema: { params: Params, body: ClockInput, response: { 200: Clock } } }, async ({ params, body }) => {
    const { sandboxId } = params
    const { now: text, ...settings } = body
    if (text === undefined) await db.transaction((tx) => changeSettings(tx, sandboxId, settings))
    else await advance({ deps, modules, sandboxId }, (now) => instantFrom(text, now, '/now'), settings)
    for (const module of modules) await module.wakeDue?.(deps)
    return view(sandboxId)
  })

  app.post(
    '/advance',
    { schema: { params: Params, body: AdvanceInput, response: { 200: AdvanceResult } } },
    async ({ params: { sandboxId }, body: { by, to } }) => {
      if ((by === undefined) === (to === undefined))
        throw invalid('', 'Give either "by", a duration, or "to", an instant')
      const { now, events } = await advance({ deps, modules, sandboxId }, (from) =>
        to === undefined ? new Date(from.getTime() + (parseDuration(by ?? '') ?? 0)) : instantFrom(to, from, '/to'),
      )
      return {
        now: formatInstant(now.getTime()),
        events: events.map(({ at, type, data }) => ({ at: formatInstant(at.getTime()), type, ...data })),
      }
    },
  )

  async function view(sandboxId: string) {
    const sandbox = await findSandbox(db, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    const { frozen, rate } = await readClock(db, sandboxId)
    return { now: formatInstant(sandbox.now.getTime()), frozen, rate }
  }
}

async function changeSettings(tx: Db, sandboxId: string, settings: ClockSettings) {
  const sandbox = await lockSandbox(tx, sandboxId)
  if (!sandbox) throw new SandboxNotFound(sandboxId)
  await setClock(tx, sandboxId, sandbox.now, settings)
}

/** An instant of a body, `now` being the sandbox's. */
function instantFrom(text: string, now: Date, path: string): Date {
  const at = parseClockInstant(text, now.getTime())
  if (at === undefined) throw invalid(path, `"${text}" is not an instant`)
  return new Date(at)
}
