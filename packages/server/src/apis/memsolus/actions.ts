import { type TProperties, Type } from '@sinclair/typebox'
import { desc, eq } from 'drizzle-orm'
import type { Db } from '../../ports/database/database.ts'
import { type Action, actionOf, changeOf } from '../../sandbox/action.ts'
import { inOrder, ObjectId, objectOf } from '../../wire/control-types.ts'
import { Behavior, setBehavior } from './behavior.ts'
import { type ByHand, expire, fail, hold, loseFile, release, step } from './data/by-hand.ts'
import { createExportsAsData } from './data/exports.ts'
import { createMemories, deleteMemories, updateMemories } from './data/memories.ts'
import { ExportsInput, FailInput, MemoriesInput, MemoryPatch, WorkspacesInput } from './data/schemas.ts'
import { createWorkspaces } from './data/workspaces.ts'
import { NoExport } from './errors.ts'
import { loadMemsolusPools } from './seed.ts'
import { exportJobs } from './tables.ts'

const ids = Type.Array(ObjectId, { minItems: 1, maxItems: 1000 })

/** What scripts and timelines can do to the API's data. */
export const memsolusActions: Readonly<Record<string, Action>> = {
  insertMemories: changeOf(MemoriesInput, 'Creates memories', createMemories, { prepare: loadMemsolusPools }),
  updateMemories: changeOf(
    objectOf({ ids, ...MemoryPatch.properties }),
    'Changes memories alike',
    (tx, sandbox, { ids, ...patch }) => updateMemories(tx, sandbox, ids, patch),
  ),
  deleteMemories: changeOf(objectOf({ ids }), 'Deletes memories', (tx, sandbox, body) =>
    deleteMemories(tx, sandbox, body.ids),
  ),
  insertWorkspaces: changeOf(WorkspacesInput, 'Creates workspaces, each with a key', createWorkspaces),
  insertExports: actionOf(ExportsInput, 'Creates exports at any status and age', async (tx, sandbox, body) => {
    const created = await createExportsAsData(tx, sandbox, body)
    return async (deps) => {
      await inOrder(created, ({ finish }) => finish(deps))
    }
  }),
  setBehavior: changeOf(Behavior, 'Makes the next exports behave so', setBehavior),
  holdExport: exportAction(hold, 'Holds an export in its status'),
  releaseExport: exportAction(release, 'Lets an export go on'),
  stepExport: exportAction(step, "Makes an export's next transition"),
  failExport: exportAction(fail, 'Fails an export', FailInput.properties),
  expireExport: exportAction(expire, 'Expires a READY export'),
  loseFile: exportAction(loseFile, 'Loses the file of a READY export'),
}

/** What is done to the export with this id, or that the request is about, or to the sandbox's newest one. */
function exportAction(act: ByHand<FailInput>, description: string, options: TProperties = {}): Action {
  const schema = Type.Unsafe<{ exportId?: string } & FailInput>(
    objectOf({ exportId: Type.Optional(ObjectId), ...options }),
  )
  return actionOf(schema, description, async (tx, sandbox, { exportId, ...rest }, about) => {
    const id = exportId ?? about.exportId ?? (await newestExport(tx, sandbox.id))
    return act(tx, sandbox, id.toLowerCase(), rest)
  })
}

async function newestExport(db: Db, sandboxId: string): Promise<string> {
  const [newest] = await db
    .select({ id: exportJobs.id })
    .from(exportJobs)
    .where(eq(exportJobs.sandboxId, sandboxId))
    .orderBy(desc(exportJobs.createdAt), desc(exportJobs.ordinal))
    .limit(1)
  if (!newest) throw new NoExport()
  return newest.id
}
