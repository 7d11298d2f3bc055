import { Type } from '@sinclair/typebox'
import { oneOf } from '../../wire/control-types.ts'
import { codes } from './catalogue.ts'

/** The codes of findings that clients of a sandbox are allowed. */
export const AllowedCodes = Type.Array(oneOf(codes), {
  maxItems: 100,
  description: 'Codes of findings that are not reported',
  examples: [['pace.fast']],
})
