import type { IncomingHttpHeaders } from 'node:http'
import type { KeyRules } from '../../api-module.ts'
import { findOrganization, firstOrganization } from './data/organizations.ts'
import { NoOrganization, UnknownOrganization } from './errors.ts'

/** X-KEY-1c */
export const keyRules: KeyRules = {
  prefix: 'sk_live_sp_',
  sentAs: 'Authorization: Bearer sk_live_…',
  wellKnown: 'sk_live_demo',
  ownerField: 'organizationId',
  permissions: [],
  findOwner: findOrganization,
  firstOwner: firstOrganization,
  refusals: [new UnknownOrganization('o9'), new NoOrganization()],
}

/** S-AUTH-1, S-AUTH-2, S-AUTH-4c: the key that decides, from whichever header holds one. */
export function readKey(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const secret = headers['x-syft-secret-key']
  return bearer ?? (typeof secret === 'string' && secret !== '' ? secret : undefined)
}
