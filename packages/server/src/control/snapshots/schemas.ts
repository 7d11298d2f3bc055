import { Type } from '@sinclair/typebox'
import { objectOf, PlainName } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'

export const SnapshotInput = objectOf({ name: PlainName })
export const Snapshot = Type.Object(
  {
    name: Type.String({ examples: ['two-runs'] }),
    at: OutInstant('Sandbox time when it was made, at which a restored clock goes on'),
    createdAt: OutInstant('Real time'),
  },
  { $id: 'Snapshot', description: 'A state of a sandbox' },
)
