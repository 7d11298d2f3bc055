import { sql } from 'drizzle-orm'
import type { Description } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import { reviseSandbox } from '../../sandbox/queries.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { within } from '../../wire/validation.ts'
import { setBehavior } from './behavior.ts'
import { createExportsAsData } from './data/exports.ts'
import { createMemories } from './data/memories.ts'
import type { ExportInput, MemsolusData } from './data/schemas.ts'
import { createWorkspace, firstWorkspace, insertWorkspace, renameWorkspace } from './data/workspaces.ts'

/** How far back the memories of a new sandbox go. */
const HISTORY_MS = 90 * 24 * 3_600_000

/** Every sandbox begins with a workspace, and then has what it is created with. */
export async function beginMemsolus(
  tx: Db,
  sandbox: Sandbox,
  { data, wellKnown }: { data: MemsolusData; wellKnown: boolean },
) {
  const begun = await insertWorkspace(tx, sandbox, wellKnown ? { id: 'demo' } : {})
  for (const workspace of data.workspaces ?? []) {
    if (workspace.id === begun.id) await renameWorkspace(tx, sandbox.id, begun.id, workspace)
    else await createWorkspace(tx, sandbox, workspace, { initial: true })
  }
  const startedAt = sandbox.startedAt.getTime()
  const { memories } = data
  const history = { from: startedAt - HISTORY_MS, to: startedAt }
  if (memories) await within('/data/memsolus/memories', () => createMemories(tx, sandbox, memories, history))
  const exports = data.exports ? await beginExports(tx, sandbox, data.exports) : []
  if (data.behavior) await setBehavior(tx, sandbox, data.behavior)
  return exports.map(({ finish }) => finish)
}

/** M-CREATE-8c: an export holds what was there before it, and so needs a later revision than the memories have. */
async function beginExports(tx: Db, sandbox: Sandbox, items: ExportInput[]) {
  const revision = (await reviseSandbox(tx, sandbox.id))?.revision ?? sandbox.revision
  return createExportsAsData(tx, { ...sandbox, revision }, { items }, { at: '/data/memsolus/exports' })
}

/** What a client needs to know to use the API: the first workspace and its key. */
export const memsolusDescription: Description = {
  of: (db, sandboxId) => sql`(select to_json(id) from ${firstWorkspace(db, sandboxId)} as first)`,
  show: (workspaceId: string | null, { baseUrl, keys }) => ({
    baseUrl,
    apiKey: keys.get(workspaceId ?? '') ?? null,
    workspaceId,
  }),
}
