import type { Case } from '../../case.ts'

/** The sections of the vendor's page. */
export type Section =
  | 'Authentication'
  | 'Endpoint'
  | 'Query Parameters'
  | 'Paginate through results'
  | 'Response Fields'
  | 'Run Item Fields'
  | 'Selecting fields'
  | 'Polling Pattern'
  | 'Error Responses'
  | 'Limits'

/** A case of the Syft Export API. */
export function syftCase({
  name,
  ...rest
}: Omit<Case, 'id' | 'api' | 'section'> & { name: string; section: Section }): Case {
  return { id: `syft/${name}`, api: 'syft', ...rest }
}
