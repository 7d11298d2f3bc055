import type { KeyRules } from '../../api-module.ts'
import { findWorkspace } from './data/workspaces.ts'

/** X-KEY-1c, M-AUTH-2 */
export const keyRules: KeyRules = {
  prefix: 'msk_live_sp_',
  wellKnown: 'msk_live_demo',
  ownerField: 'workspaceId',
  permissions: ['export.read', 'export.write'],
  findOwner: findWorkspace,
}
