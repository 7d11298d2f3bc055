import { Type } from '@sinclair/typebox'
import { changeOf } from '../../sandbox/action.ts'
import { objectOf } from '../../wire/control-types.ts'
import { revokeKey } from '../keys/revoke.ts'
import type { NamedActions } from './actions.ts'

/** What can be done to a sandbox's keys. */
export const keyActions: NamedActions = {
  revokeKey: changeOf(objectOf({ key: Type.String() }), 'Revokes a key', (tx, sandbox, { key }) =>
    revokeKey(tx, sandbox, key),
  ),
}
