import type { IncomingHttpHeaders } from 'node:http'
import type { KeyRules } from '../../api-module.ts'
import { findWorkspace, firstWorkspace } from './data/workspaces.ts'
import { NoWorkspace, WorkspaceNotFound } from './errors.ts'

/** X-KEY-1c, M-AUTH-2 */
export const keyRules: KeyRules = {
  prefix: 'msk_live_sp_',
  sentAs: 'X-Api-Key: msk_live_…',
  wellKnown: 'msk_live_demo',
  ownerField: 'workspaceId',
  permissions: ['export.read', 'export.write'],
  findOwner: findWorkspace,
  firstOwner: firstWorkspace,
  refusals: [new WorkspaceNotFound('w9'), new NoWorkspace()],
}

/** M-AUTH-1, M-AUTH-3c */
export function readKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key']
  return typeof key === 'string' && key !== '' ? key : undefined
}
