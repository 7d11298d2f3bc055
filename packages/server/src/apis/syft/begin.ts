import { asc, eq, sql } from 'drizzle-orm'
import type { Description } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { within } from '../../wire/validation.ts'
import { changeMotion, createMotion } from './data/motions.ts'
import { createOrganization, firstOrganization, insertOrganization } from './data/organizations.ts'
import { createRuns } from './data/runs.ts'
import type { SyftData } from './data/schemas.ts'
import { motions } from './tables.ts'

/** How far back the runs of a new sandbox go. */
const HISTORY_MS = 30 * 24 * 3_600_000

/** Every sandbox begins with an organization and a motion of it, and then has what it is created with. */
export async function beginSyft(tx: Db, sandbox: Sandbox, { data, wellKnown }: { data: SyftData; wellKnown: boolean }) {
  const first = wellKnown ? { id: 'demo' } : {}
  await insertOrganization(tx, sandbox, first)
  const begun = await createMotion(tx, sandbox, first)
  for (const organization of data.organizations ?? [])
    await createOrganization(tx, sandbox, organization, { initial: true })
  for (const motion of data.motions ?? []) {
    // A recording of the very motion that a sandbox begins with, as `default` has one, is meant to be that motion.
    if (motion.id === begun.id) await changeMotion(tx, sandbox.id, begun.id, motion)
    else await createMotion(tx, sandbox, motion)
  }
  const startedAt = sandbox.startedAt.getTime()
  const { runs } = data
  const history = { from: startedAt - HISTORY_MS, to: startedAt }
  if (runs) await within('/data/syft/runs', () => createRuns(tx, sandbox, runs, history))
  return []
}

/** What a client needs to know to use the API: the first hundred motions, and the key of the first organization. */
export const syftDescription: Description = {
  of(db, sandboxId) {
    const listed = db
      .select({ id: motions.id, name: motions.name, organizationId: motions.organizationId, ordinal: motions.ordinal })
      .from(motions)
      .where(eq(motions.sandboxId, sandboxId))
      .orderBy(asc(motions.ordinal))
      .limit(100)
    const shown = sql`json_build_object('id', id, 'name', name, 'organizationId', organization_id)`
    return sql`json_build_object(
      'firstId', (select id from ${firstOrganization(db, sandboxId)} as first),
      'motions', (select coalesce(json_agg(${shown} order by ordinal), '[]') from ${listed} as motion))`
  },
  show: ({ firstId, motions }: { firstId: string | null; motions: object[] }, { baseUrl, keys }) => ({
    baseUrl,
    secretKey: keys.get(firstId ?? '') ?? null,
    motions,
  }),
}
