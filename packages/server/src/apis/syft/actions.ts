import { Type } from '@sinclair/typebox'
import { type Action, changeOf } from '../../sandbox/action.ts'
import { ObjectId, objectOf } from '../../wire/control-types.ts'
import { createMotions, deleteMotion } from './data/motions.ts'
import { changeOrganization, createOrganizations, findOrganization } from './data/organizations.ts'
import { createRuns, deleteRuns, updateRuns } from './data/runs.ts'
import { MotionsInput, OrganizationPatch, OrganizationsInput, RunPatch, RunsInput } from './data/schemas.ts'
import { loadSyftPools } from './seed.ts'

const runIds = Type.Array(ObjectId, { minItems: 1, maxItems: 1000 })

/** What scripts and timelines can do to the API's data. */
export const syftActions: Readonly<Record<string, Action>> = {
  insertRuns: changeOf(RunsInput, 'Creates runs', createRuns, { prepare: loadSyftPools }),
  updateRuns: changeOf(
    objectOf({ runIds, ...RunPatch.properties }),
    'Changes runs alike',
    (tx, sandbox, { runIds: ids, ...patch }) => updateRuns(tx, sandbox, ids, patch),
  ),
  deleteRuns: changeOf(objectOf({ runIds }), 'Deletes runs', (tx, sandbox, body) =>
    deleteRuns(tx, sandbox, body.runIds),
  ),
  insertMotions: changeOf(MotionsInput, 'Creates motions', createMotions),
  deleteMotion: changeOf(objectOf({ motionId: ObjectId }), 'Deletes a motion and its runs', (tx, sandbox, body) =>
    deleteMotion(tx, sandbox, body.motionId),
  ),
  insertOrganizations: changeOf(OrganizationsInput, 'Creates organizations, each with a key', createOrganizations),
  changeOrganization: changeOf(
    objectOf({ organizationId: Type.Optional(ObjectId), ...OrganizationPatch.properties }),
    'Changes the name or the plan of an organization, the first one unless told otherwise',
    async (tx, sandbox, { organizationId, ...patch }) => {
      const { id } = await findOrganization(tx, sandbox.id, organizationId)
      await changeOrganization(tx, sandbox.id, id, patch)
    },
  ),
}
