import { Type } from '@sinclair/typebox'
import { ObjectId, objectOf, oneOf } from '../../wire/control-types.ts'

/** Which key is issued. */
export const keyInput = (apis: readonly string[]) =>
  objectOf(
    {
      api: oneOf(apis),
      organizationId: Type.Optional(ObjectId),
      workspaceId: Type.Optional(ObjectId),
      permissions: Type.Optional(
        Type.Array(Type.String(), { description: '`export.read` and `export.write` of Memsolus; both, if not given' }),
      ),
    },
    {
      $id: 'KeyInput',
      description: 'Which API a key is for, and whose it is',
      examples: [{ api: 'memsolus', permissions: ['export.read'] }, { api: 'syft' }],
    },
  )
