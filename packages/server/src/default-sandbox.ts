import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { eq } from 'drizzle-orm'
import type { Makers } from './control/sandboxes/create.ts'
import { createSandbox } from './control/sandboxes/create.ts'
import { deleteSandbox } from './control/sandboxes/remove.ts'
import type { Fixture } from './fixture.ts'
import { changeSandbox } from './sandbox/change.ts'
import { findSandbox } from './sandbox/queries.ts'
import { sandboxes } from './sandbox/tables.ts'

/** How much the sandbox `default` holds, and the number that it is all made up from. */
export type Sizes = { seed: number; runs: number; memories: number }

export const defaultSizes: Sizes = { seed: 1, runs: 230, memories: 300 }

const DEFAULT_SANDBOX = 'default'

/** Where the made-up data of `default` ends, whenever it is started, so that its answers are the same everywhere. */
const STARTED_AT = Date.UTC(2026, 0, 1)

/**
 * Makes the sandbox `default`, with the credentials that copied examples use; again, where it is there. An API that the
 * fixture has a part for has that in the place of what is made up.
 */
export async function createDefaultSandbox(
  makers: Makers,
  { seed, runs, memories }: Sizes,
  fixture: Fixture = {},
): Promise<void> {
  await makers.deps.db.transaction((tx) => deleteSandbox(tx, makers.modules, DEFAULT_SANDBOX))
  const data = {
    syft: runs === 0 ? {} : { runs: { count: runs } },
    memsolus: memories === 0 ? {} : { memories: { count: memories } },
    ...fixture,
  }
  await createSandbox(
    makers,
    { name: DEFAULT_SANDBOX, seed, data },
    { id: DEFAULT_SANDBOX, wellKnown: true, startedAt: STARTED_AT },
  )
}

export async function hasDefaultSandbox({ deps }: Makers): Promise<boolean> {
  return (await findSandbox(deps.db, DEFAULT_SANDBOX)) !== undefined
}

/** Lets `default` read the vendors as the server is told to; what that says nothing of stays as it is. */
export async function followReading({ deps }: Makers): Promise<void> {
  const found = await findSandbox(deps.db, DEFAULT_SANDBOX)
  if (!found) return
  const reading = { ...found.reading, ...deps.reading }
  if (isDeepStrictEqual(reading, found.reading)) return
  await changeSandbox(deps.db, DEFAULT_SANDBOX, (tx) =>
    tx.update(sandboxes).set({ reading }).where(eq(sandboxes.id, DEFAULT_SANDBOX)),
  )
}

/** Gives `default` a token of its own: everyone has the one in the image. */
export async function renewDefaultToken({ deps }: Makers): Promise<void> {
  const token = `spt_${randomBytes(18).toString('base64url')}`
  await deps.db.update(sandboxes).set({ token }).where(eq(sandboxes.id, DEFAULT_SANDBOX))
}
