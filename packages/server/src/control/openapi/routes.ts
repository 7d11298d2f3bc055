import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Subject } from '../../subject.ts'
import { answer, refusals } from '../../wire/operation.ts'
import { DocumentNotFound } from '../errors.ts'
import type { ControlContext } from '../index.ts'
import { makeDocument } from './document.ts'
import type { Json } from './json-schema.ts'
import { controlSubject } from './subject.ts'

const Params = Type.Object({
  document: Type.String({ description: '`syft.json`, `memsolus.json` or `control.json`', examples: ['syft.json'] }),
})
const Document = Type.Object({ openapi: Type.String({ examples: ['3.1.1'] }) }, { additionalProperties: true })

/** An OpenAPI document of each API, made of its routes when it is first asked for. */
export const documentRoutes: FastifyPluginAsyncTypebox<ControlContext> = async (app, { deps, modules, operations }) => {
  const subjects = new Map<string, Subject>([
    ...modules.map(({ name, subject }): [string, Subject] => [`${name}.json`, subject]),
    ['control.json', controlSubject],
  ])
  const made = new Map<string, Json>()

  app.get(
    '/:document',
    {
      config: { isOpen: true },
      schema: {
        operationId: 'getDocument',
        summary: 'Read the OpenAPI document of an API',
        description: 'OpenAPI 3.1, made from the schemas that the server goes by.',
        tags: ['server'],
        params: Params,
        response: {
          200: answer(Document, { description: 'An OpenAPI 3.1 document' }),
          ...refusals(new DocumentNotFound('stripe.json', 'syft.json, memsolus.json, control.json')),
        },
      },
    },
    async ({ params, protocol, host }) => {
      const { openapi, info, ...rest } = documentNamed(params.document)
      const servers = [{ url: deps.publicUrl ?? `${protocol}://${host}`, description: 'This server' }]
      return { openapi: `${openapi}`, info, servers, ...rest }
    },
  )

  function documentNamed(name: string): Json {
    const known = made.get(name)
    if (known) return known
    const subject = subjects.get(name)
    if (!subject) throw new DocumentNotFound(name, [...subjects.keys()].join(', '))
    const own = operations.filter(({ vendorsCall }) => `${vendorsCall?.split('.')[0] ?? 'control'}.json` === name)
    const document = makeDocument(subject, own, deps.version)
    made.set(name, document)
    return document
  }
}
