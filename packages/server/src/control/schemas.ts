import { Type } from '@sinclair/typebox'

const Part = Type.String({ description: '`up` or `down`; why it is down is in the log', examples: ['up'] })
export const Health = Type.Object(
  { status: Part, version: Type.String({ examples: ['0.1.0'] }), database: Part, queue: Part, files: Part },
  { $id: 'Health', description: 'How the server and its parts are' },
)
