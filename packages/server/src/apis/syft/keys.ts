import type { KeyRules } from '../../api-module.ts'
import { findOrganization } from './data/organizations.ts'

/** X-KEY-1c */
export const keyRules: KeyRules = {
  prefix: 'sk_live_sp_',
  wellKnown: 'sk_live_demo',
  ownerField: 'organizationId',
  permissions: [],
  findOwner: findOrganization,
}
