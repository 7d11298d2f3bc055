import { randomBytes } from 'node:crypto'
import { and, count, eq } from 'drizzle-orm'
import type { AfterCommit, ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { issueKey } from '../../sandbox/keys.ts'
import { nextRevision, reviseSandbox, sandboxFields } from '../../sandbox/queries.ts'
import { defaultReading, type Origin, type Sandbox } from '../../sandbox/sandbox.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { parseClockInstant } from '../../wire/validation.ts'
import { readRealTime } from '../clock/queries.ts'
import { TooManySandboxes } from '../errors.ts'
import { emptySandbox } from './remove.ts'
import type { SandboxInput } from './schemas.ts'
import { copyTemplate, ensureTemplate, isTemplated } from './templates.ts'

export type Makers = { deps: Deps; modules: readonly ApiModule[] }

/** Who a sandbox is; the one with the well-known credentials is `default`. */
type Identity = { id: string; wellKnown: boolean; startedAt?: number }

/** Creates a sandbox: its clock, what every sandbox begins with, its data and its first keys. */
export async function createSandbox(
  makers: Makers,
  input: SandboxInput,
  identity: Identity = madeUpIdentity(),
): Promise<string> {
  const { deps, modules } = makers
  const origin: Origin = {
    clock: input.clock ?? {},
    startedAt: identity.startedAt ?? null,
    wellKnown: identity.wellKnown,
    data: input.data ?? {},
  }
  const seed = input.seed ?? 1
  await refuseOneTooMany(deps.db)
  const realTime = await readRealTime(deps.db)
  await prepareData(makers, seed, origin)
  const finish = await deps.db.transaction(async (tx) => {
    const begins = beginningOf(origin, realTime)
    const [sandbox] = await tx
      .insert(sandboxes)
      .values({
        id: identity.id,
        kind: 'live',
        name: input.name ?? identity.id,
        seed,
        reading: { ...defaultReading, ...input.reading },
        allowedFindings: input.allow ?? [],
        origin,
        token: `spt_${randomBytes(18).toString('base64url')}`,
        createdAt: realNow,
        revision: nextRevision,
        ...begins,
      })
      .returning(sandboxFields)
    if (!sandbox) throw new Error(`Failed to insert sandbox ${identity.id}: the database answered no row`)
    const after = await fill(tx, makers, { ...sandbox, now: begins.clockAt }, origin)
    for (const module of modules) await issueFirstKey(tx, module, sandbox, origin)
    return after
  })
  for (const done of finish) await done(deps)
  return identity.id
}

/** So that a loop gone wrong does not fill the machine. */
const MOST_SANDBOXES = 10_000

async function refuseOneTooMany(db: Db): Promise<void> {
  const [counted] = await db.select({ live: count() }).from(sandboxes).where(eq(sandboxes.kind, 'live'))
  if ((counted?.live ?? 0) >= MOST_SANDBOXES) throw new TooManySandboxes(MOST_SANDBOXES)
}

function madeUpIdentity(): Identity {
  return { id: `sb_${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x').toLowerCase()}`, wellKnown: false }
}

/** Makes a sandbox what it was when it was created. It keeps its id, its keys and its token. */
export async function resetSandbox(makers: Makers, sandboxId: string): Promise<void> {
  const { deps, modules } = makers
  const [before] = await deps.db
    .select({ seed: sandboxes.seed, origin: sandboxes.origin })
    .from(sandboxes)
    .where(eq(sandboxes.id, sandboxId))
  if (!before) throw new SandboxNotFound(sandboxId)
  const realTime = await readRealTime(deps.db)
  await prepareData(makers, before.seed, before.origin)
  const finish = await deps.db.transaction(async (tx) => {
    if (!(await reviseSandbox(tx, sandboxId))) throw new SandboxNotFound(sandboxId)
    await emptySandbox(tx, modules, sandboxId)
    const begins = beginningOf(before.origin, realTime)
    const [sandbox] = await tx
      .update(sandboxes)
      .set({ ...begins, walkTo: null, made: 0, settings: {} })
      .where(eq(sandboxes.id, sandboxId))
      .returning(sandboxFields)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    const after = await fill(tx, makers, { ...sandbox, now: begins.clockAt }, before.origin)
    await restoreKeys(tx, makers, sandboxId)
    return after
  })
  for (const done of finish) await done(deps)
  for (const module of modules) await module.tidy?.(deps)
}

/** Where the clock begins, and where made-up data ends. */
function beginningOf({ clock, startedAt }: Origin, realTime: number) {
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

/** Does beforehand what would keep the database waiting: the pools that data is made up from, and the template. */
async function prepareData({ deps, modules }: Makers, seed: number, origin: Origin): Promise<void> {
  for (const { name, prepare } of modules) if (name in origin.data) await prepare(seed)
  if (isTemplated(origin)) await ensureTemplate({ deps, modules }, seed, origin)
}

/** Puts in what every sandbox begins with and what this one was created with, at the very instant its clock begins at. */
async function fill(tx: Db, { modules }: Makers, sandbox: Sandbox, origin: Origin): Promise<AfterCommit[]> {
  if (isTemplated(origin) && (await copyTemplate(tx, modules, sandbox, origin))) return []
  const left: AfterCommit[] = []
  for (const { name, begin } of modules) {
    left.push(...(await begin(tx, sandbox, { data: origin.data[name] ?? {}, wellKnown: origin.wellKnown })))
  }
  return left
}

async function issueFirstKey(
  tx: Db,
  { name, keys }: ApiModule,
  sandbox: Sandbox,
  { wellKnown }: Origin,
): Promise<void> {
  const owner = await keys.findOwner(tx, sandbox.id, undefined)
  await issueKey(tx, sandbox, {
    api: name,
    rules: keys,
    ownerId: owner.id,
    initial: true,
    ...(wellKnown && { key: keys.wellKnown }),
  })
}

/** Keys stay as long as there is whom they speak for; the first ones are valid again if they were revoked. */
async function restoreKeys(tx: Db, { modules }: Makers, sandboxId: string): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ revokedAt: null })
    .where(and(eq(apiKeys.sandboxId, sandboxId), eq(apiKeys.initial, true)))
  const rows = await tx.select().from(apiKeys).where(eq(apiKeys.sandboxId, sandboxId))
  for (const { key, api, ownerId } of rows) {
    const rules = modules.find(({ name }) => name === api)?.keys
    const owner = await rules?.findOwner(tx, sandboxId, ownerId).catch(() => undefined)
    if (!owner) await tx.delete(apiKeys).where(and(eq(apiKeys.sandboxId, sandboxId), eq(apiKeys.key, key)))
  }
}
