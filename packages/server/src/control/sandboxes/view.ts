import { sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { Db } from '../../ports/database/database.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { formatDuration } from '../../wire/duration.ts'
import { formatInstant } from '../../wire/instant.ts'
import { showKey } from '../keys/routes.ts'
import type { Makers } from './create.ts'
import { getSandboxRow, keyRowsWithin, type SandboxRow } from './queries.ts'

/**
 * A sandbox, as its row or by its id, as whoever commands it sees it: with its token, its keys and what a client needs to
 * know of each API.
 */
export async function viewSandbox(
  { deps, modules }: Makers,
  sandbox: SandboxRow | string,
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
) {
  const row = typeof sandbox === 'string' ? await findRow(deps.db, sandbox) : sandbox
  const { id } = row
  const baseUrl = deps.publicUrl ?? `${protocol}://${host}`
  const there = Object.fromEntries(modules.map(({ name, description }) => [name, description.of(deps.db, id)]))
  const [found] = await deps.db.select({ there, keys: keyRowsWithin(deps.db, id) }).from(sql`(select) as one`)
  if (!found) throw new Error(`Failed to read what is in sandbox ${id}: the database answered no row`)
  const { keys } = found
  const parts = modules.map(({ name, description }) => {
    const first = keys.filter(({ api, initial, revokedAt }) => api === name && initial && revokedAt === null)
    const byOwner = new Map(first.map(({ ownerId, key }) => [ownerId, key]))
    return [name, description.show(found.there[name], { baseUrl, keys: byOwner })]
  })
  return {
    ...summarize(row),
    token: row.token,
    reading: row.reading,
    ...Object.fromEntries(parts),
    keys: keys.map((key) => showKey(key, modules)),
  }
}

async function findRow(db: Db, id: string): Promise<SandboxRow> {
  const row = await getSandboxRow(db, id)
  if (!row) throw new SandboxNotFound(id)
  return row
}

/** What a list shows of a sandbox. */
export function summarize({ id, name, group, seed, scenario, now, frozen, rate, ttlMs, expiresAt }: SandboxRow) {
  return {
    id,
    name,
    group,
    seed,
    scenario,
    clock: { now: formatInstant(now.getTime()), frozen, rate },
    ttl: ttlMs === null ? null : formatDuration(ttlMs),
    expiresAt: expiresAt && formatInstant(expiresAt.getTime()),
  }
}
