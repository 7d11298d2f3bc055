import { eq, sql } from 'drizzle-orm'
import type { ApiModule } from '../../api-module.ts'
import { sandboxNow } from '../../ports/clock.ts'
import type { Db } from '../../ports/database/database.ts'
import { type CopyRows, copyOf, nameOf } from '../../ports/database/insert.ts'
import { apiKeys, sandboxes } from '../../sandbox/tables.ts'
import { tablesHeld } from './remove.ts'

type Copy = {
  from: string
  to: string
  /** By how much every instant moves. */
  shiftMs?: number
  /** Whether the keys are copied, and then as what: the same key is valid in one sandbox alone. */
  keys?: 'valid' | 'remembered'
  /** The names of the tables that the original has rows in, where that is known. */
  holds?: readonly string[] | undefined
}

/**
 * Copies all that a sandbox holds into another one that holds nothing: made-up data into a new sandbox, a live one into its
 * snapshot or clone, a snapshot back. Files are not copied: both refer to them. Whoever writes the original is locked out.
 */
export async function copyContents(
  tx: Db,
  modules: readonly ApiModule[],
  { from, to, shiftMs = 0, keys, holds }: Copy,
): Promise<void> {
  const kind = `${keys} ${shiftMs !== 0} ${holds}`
  const known = copies.get(modules) ?? new Map<string, CopyRows>()
  copies.set(modules, known)
  const copy = known.get(kind) ?? copyContentsOf(modules, { keys, isMoved: shiftMs !== 0, holds })
  known.set(kind, copy)
  await copy(tx, { from, to, shiftMs })
}

/** The few kinds of copies that there are. */
const copies = new WeakMap<readonly ApiModule[], Map<string, CopyRows>>()

type Kind = { keys: Copy['keys']; isMoved: boolean; holds: Copy['holds'] }

function copyContentsOf(modules: readonly ApiModule[], { keys, isMoved, holds }: Kind): CopyRows {
  const held = tablesHeld(modules).filter((table) => holds?.includes(nameOf(table)) ?? true)
  const copiedAs = new Map(modules.flatMap((module) => [...(module.copiedAs ?? [])]))
  copiedAs.set(apiKeys, { isActive: keys === 'valid' ? sql`true` : sql`false` })
  return copyOf([...held, ...(keys === undefined ? [] : [apiKeys])], { isMoved, copiedAs })
}

/** What a sandbox is beside what it holds, and its copies are too. Its clock stands where it was when it was read. */
export const copiedFields = {
  seed: sandboxes.seed,
  reading: sandboxes.reading,
  origin: sandboxes.origin,
  startedAt: sandboxes.startedAt,
  made: sandboxes.made,
  clockAt: sandboxNow(sandboxes),
  rate: sandboxes.rate,
  frozen: sandboxes.frozen,
  allowedFindings: sandboxes.allowedFindings,
  policy: sandboxes.policy,
  settings: sandboxes.settings,
}

/** Locks a sandbox that is to be copied and answers what its copy is. Undefined where it is gone. */
export async function lockOriginal(tx: Db, sandboxId: string) {
  const [original] = await tx
    .update(sandboxes)
    .set({ id: sql`${sandboxes.id}` })
    .where(eq(sandboxes.id, sandboxId))
    .returning({ ...copiedFields, group: sandboxes.group, ttlMs: sandboxes.ttlMs, timelineAt: sandboxes.timelineAt })
  return original
}
