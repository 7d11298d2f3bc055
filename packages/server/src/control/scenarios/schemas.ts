import { Type } from '@sinclair/typebox'

/** A scenario, as the list shows it. */
export const Scenario = Type.Object(
  {
    name: Type.String({ examples: ['ties'] }),
    api: Type.String({ description: 'The API that it is about', examples: ['syft'] }),
    description: Type.String({ description: 'What there is, and what happens', examples: ['No run; one comes later'] }),
    goodClient: Type.String({ description: 'What a client has to do', examples: ['goes by `hasMore` alone'] }),
  },
  { $id: 'Scenario', description: 'A situation that a client has to come through' },
)
