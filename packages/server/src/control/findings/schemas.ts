import { Type } from '@sinclair/typebox'
import { objectOf, oneOf } from '../../wire/control-types.ts'
import { OutInstant } from '../../wire/parameters.ts'
import { codes, severities } from './catalogue.ts'

/** The codes of findings that clients of a sandbox are allowed. */
export const AllowedCodes = Type.Array(oneOf(codes), {
  maxItems: 100,
  description: 'Codes of findings that are not reported',
  examples: [['pace.fast']],
})

const Severity = oneOf(severities, {
  description: '`error`: breaks the contract or loses data; `warning`: will hurt later; `note`',
})
const nullable = (example: string) => Type.Union([Type.String({ examples: [example] }), Type.Null()])

/** What was found about one exchange. */
export const Finding = Type.Object(
  {
    code: Type.String({ examples: ['param.unknown'] }),
    severity: Severity,
    rule: nullable('X-PARAM-1c'),
    message: Type.String({
      description: 'What is questionable, with its values, and what to do',
      examples: ['`stauts` is ignored; did you mean `status`?'],
    }),
    exchange: Type.String({ description: 'The `Sandport-Exchange` of the answer', examples: ['ex_9f4a'] }),
    operation: nullable('syft.exportRuns'),
    at: OutInstant('Sandbox time'),
  },
  { $id: 'Finding', description: 'Something questionable that a client did' },
)

/** What is not reported. */
export const Allowed = objectOf({ codes: AllowedCodes })

/** What can be found. */
export const CatalogueEntry = Type.Object(
  {
    code: oneOf(codes),
    severity: Severity,
    rules: Type.Array(Type.String({ examples: ['X-PARAM-1c'] })),
    meaning: Type.String({ examples: ['A parameter that the API does not know'] }),
  },
  { $id: 'FindingKind', description: 'Something that can be found' },
)
