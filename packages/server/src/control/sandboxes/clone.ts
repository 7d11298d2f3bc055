import { realNow } from '../../ports/clock.ts'
import { SandboxNotFound } from '../../sandbox/errors.ts'
import { issueKeysLike } from '../../sandbox/keys.ts'
import { nextRevision } from '../../sandbox/queries.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { copyContents, lockOriginal } from './copy.ts'
import { type Makers, madeUpId, madeUpToken, refuseOneTooMany } from './create.ts'
import type { CloneInput } from './schemas.ts'
import { expiryOf, readTtl } from './ttl.ts'

/**
 * Makes another sandbox that is in the state of one, with keys of its own; what was done to the original, and what is done
 * to it from now on, is the original's alone. Answers the id of the clone.
 */
export async function cloneSandbox({ deps, modules }: Makers, sandboxId: string, input: CloneInput): Promise<string> {
  const id = madeUpId()
  const givenTtlMs = readTtl(input.ttl)
  await refuseOneTooMany(deps.db)
  await deps.db.transaction(async (tx) => {
    const original = await lockOriginal(tx, sandboxId)
    if (!original) throw new SandboxNotFound(sandboxId)
    const ttlMs = givenTtlMs ?? original.ttlMs
    await tx.insert(sandboxes).values({
      ...original,
      id,
      kind: 'live',
      name: input.name ?? id,
      group: input.group ?? original.group,
      ttlMs,
      expiresAt: expiryOf(ttlMs),
      token: madeUpToken(),
      createdAt: realNow,
      clockReal: realNow,
      revision: nextRevision,
    })
    await copyContents(tx, modules, { from: sandboxId, to: id })
    await issueKeysLike(tx, modules, { from: sandboxId, to: id })
  })
  for (const module of modules) await module.wakeDue?.(deps)
  return id
}
