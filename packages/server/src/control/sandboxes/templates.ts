import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { realNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { copyRows } from '../../ports/database/insert.ts'
import { nextRevision, sandboxFields } from '../../sandbox/queries.ts'
import { defaultReading, type Origin, type Sandbox } from '../../sandbox/sandbox.ts'
import { sandboxes } from '../../sandbox/tables.ts'

/** Making up costs more than copying, so data that is all made up is made up once for a seed, and copied from there. */

const MOST_ROWS = 5000
/** Where the data of a template ends; a copy is moved to where its sandbox starts. */
const TEMPLATE_START = new Date('2026-01-01T00:00:00.000Z')

/** Whether all that a sandbox is created with follows from its seed and when it starts. */
export function isTemplated({ data, wellKnown }: Origin): boolean {
  const calls = Object.values(data).flatMap((part) => Object.values(part ?? {}))
  const counts = calls.map((call) => (isCountAlone(call) ? call.count : Number.POSITIVE_INFINITY))
  const rows = counts.reduce((sum, count) => sum + count, 0)
  return !wellKnown && calls.length > 0 && rows <= MOST_ROWS
}

function isCountAlone(call: unknown): call is { count: number } {
  return typeof call === 'object' && call !== null && Object.keys(call).join() === 'count'
}

function templateId(seed: number, { data }: Origin): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, data]))
    .digest('hex')
  return `template_${digest.slice(0, 24)}`
}

/** Makes the template of a seed and its data, where there is none yet. */
export async function ensureTemplate(
  { deps, modules }: { deps: Deps; modules: readonly ApiModule[] },
  seed: number,
  origin: Origin,
): Promise<void> {
  const id = templateId(seed, origin)
  const [known] = await deps.db.select({ id: sandboxes.id }).from(sandboxes).where(eq(sandboxes.id, id))
  if (known) return
  await deps.db.transaction(async (tx) => {
    const [template] = await tx
      .insert(sandboxes)
      .values({
        id,
        kind: 'template',
        name: id,
        seed,
        reading: defaultReading,
        origin,
        token: '',
        createdAt: realNow,
        startedAt: TEMPLATE_START,
        clockAt: TEMPLATE_START,
        clockReal: realNow,
        frozen: true,
        revision: nextRevision,
      })
      .onConflictDoNothing()
      .returning(sandboxFields)
    if (!template) return
    for (const { name, begin } of modules)
      await begin(tx, template, { data: origin.data[name] ?? {}, wellKnown: false })
  })
}

/** Copies the template of a sandbox into it; false where it is gone. */
export async function copyTemplate(
  tx: Db,
  modules: readonly ApiModule[],
  sandbox: Sandbox,
  origin: Origin,
): Promise<boolean> {
  const from = templateId(sandbox.seed, origin)
  const [template] = await tx.select({ made: sandboxes.made }).from(sandboxes).where(eq(sandboxes.id, from))
  if (!template) return false
  const shiftMs = sandbox.startedAt.getTime() - TEMPLATE_START.getTime()
  for (const table of modules.flatMap(({ tables }) => tables)) {
    await copyRows(tx, table, { from, to: sandbox.id, shiftMs })
  }
  await tx.update(sandboxes).set({ made: template.made }).where(eq(sandboxes.id, sandbox.id))
  return true
}
