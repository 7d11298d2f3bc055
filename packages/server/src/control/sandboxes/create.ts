import { randomBytes } from 'node:crypto'
import { count } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { issueFirstKeys } from '../../sandbox/keys.ts'
import { isLive, nextRevision, sandboxFields } from '../../sandbox/queries.ts'
import { defaultReading, type Origin } from '../../sandbox/sandbox.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { parseClockInstant } from '../../wire/validation.ts'
import { realTime } from '../clock/queries.ts'
import { TooManySandboxes } from '../errors.ts'
import { armScripts, findScenario } from '../scenarios/scenarios.ts'
import { type SandboxRow, sandboxColumns } from './queries.ts'
import type { SandboxInput } from './schemas.ts'
import { fill, madeByTemplate, templateFields } from './templates.ts'
import { expiryOf, readTtl } from './ttl.ts'

export type Makers = { deps: Deps; modules: readonly ApiModule[] }

/** Who a sandbox is; the one with the well-known credentials is `default`. */
type Identity = { id: string; wellKnown: boolean; startedAt?: number }

/** Creates a sandbox: its clock, what every sandbox begins with, its data and its first keys. */
export async function createSandbox(
  makers: Makers,
  input: SandboxInput,
  identity: Identity = { id: madeUpId(), wellKnown: false },
): Promise<SandboxRow> {
  const { deps, modules } = makers
  const scenario = findScenario(modules, input.scenario)
  const origin: Origin = {
    clock: input.clock ?? scenario?.clock ?? {},
    startedAt: identity.startedAt ?? null,
    wellKnown: identity.wellKnown,
    data: partsOf(input.data ?? scenario?.data ?? {}, modules),
    ...(scenario && { scenario: scenario.name, scripts: scenario.scripts ?? [] }),
  }
  const seed = input.seed ?? 1
  const ttlMs = readTtl(input.ttl) ?? null
  const realTimeMs = await refuseOneTooMany(deps.db)
  const begins = beginningOf(origin, realTimeMs)
  await prepareData(modules, seed, origin)
  const { created, finish } = await deps.db.transaction(async (tx) => {
    const [sandbox] = await tx
      .insert(sandboxes)
      .values({
        id: identity.id,
        kind: 'live',
        name: input.name ?? identity.id,
        group: input.group ?? null,
        ttlMs,
        expiresAt: expiryOf(ttlMs),
        seed,
        reading: { ...defaultReading, ...deps.reading, ...scenario?.reading, ...input.reading },
        allowedFindings: input.allow ?? [],
        origin,
        token: madeUpToken(),
        createdAt: realNow,
        revision: nextRevision,
        made: madeByTemplate(seed, origin),
        ...begins,
      })
      .returning({ ...sandboxColumns, ...sandboxFields, ...templateFields(seed, origin) })
    if (!sandbox) throw new Error(`Failed to insert sandbox ${identity.id}: the database answered no row`)
    const left = await fill(tx, modules, { ...sandbox, now: begins.clockAt }, origin)
    await issueFirstKeys(tx, sandbox, modules, origin)
    await armScripts(tx, sandbox, origin)
    return { created: sandbox, finish: left }
  })
  for (const done of finish) await done(deps)
  return created
}

/** The data of each API, without what a fixture says of itself. */
function partsOf(fixture: Record<string, unknown>, modules: readonly ApiModule[]): Origin['data'] {
  const parts = modules.flatMap(({ name }): [string, unknown][] => (name in fixture ? [[name, fixture[name]]] : []))
  return Object.fromEntries(parts) as Origin['data']
}

/** So that a loop gone wrong does not fill the machine. */
const MOST_SANDBOXES = 10_000

/** Throws where there are as many sandboxes as there may be. The same query answers real time, in epoch milliseconds. */
export async function refuseOneTooMany(db: Db): Promise<number> {
  const [{ live, now } = { live: 0, now: 0 }] = await db
    .select({ live: count(), now: realTime })
    .from(sandboxes)
    .where(isLive)
  if (live >= MOST_SANDBOXES) throw new TooManySandboxes(MOST_SANDBOXES)
  return now
}

export function madeUpId(): string {
  return `sb_${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x').toLowerCase()}`
}

export function madeUpToken(): string {
  return `spt_${randomBytes(18).toString('base64url')}`
}

/** Where the clock begins, and where made-up data ends. `realTime` is in epoch milliseconds. */
export function beginningOf({ clock, startedAt }: Origin, realTime: number) {
  const at = new Date((clock.now === undefined ? undefined : parseClockInstant(clock.now, realTime)) ?? realTime)
  return {
    clockAt: at,
    clockReal: realNow,
    clockMoved: false,
    frozen: clock.frozen ?? false,
    rate: clock.rate ?? 1,
    startedAt: startedAt === null ? at : new Date(startedAt),
  }
}

/** Loads beforehand what data is made up from, which takes a while the first time. */
export async function prepareData(modules: readonly ApiModule[], seed: number, origin: Origin): Promise<void> {
  for (const { name, prepare } of modules) if (name in origin.data) await prepare(seed)
}
