import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import { answer } from '../../wire/operation.ts'
import { fixtureOf } from '../sandboxes/schemas.ts'
import { type Components, type Json, toJsonSchema } from './json-schema.ts'

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

const Document = Type.Object({ $schema: Type.String({ examples: [DRAFT] }) }, { additionalProperties: true })

/** The JSON Schema of fixtures, from the one that they are validated by: for editors, and whoever writes or checks them. */
export const fixtureRoutes: FastifyPluginAsyncTypebox<{ modules: readonly ApiModule[] }> = async (app, { modules }) => {
  let made: Json | undefined

  app.get(
    '/',
    {
      config: { isOpen: true },
      prefixTrailingSlash: 'no-slash',
      schema: {
        operationId: 'getFixtureSchema',
        summary: 'Read the JSON Schema of fixtures',
        description: 'What a fixture can hold, and the `data` that a sandbox is created with.',
        tags: ['server'],
        response: { 200: answer(Document, { description: 'A JSON Schema of draft 2020-12' }) },
      },
    },
    async () => {
      made ??= makeSchema(modules)
      return { $schema: DRAFT, ...made }
    },
  )
}

function makeSchema(modules: readonly ApiModule[]): Json {
  const components: Components = new Map()
  const { $ref } = toJsonSchema(fixtureOf(modules), components)
  const written = { title: 'A fixture of Sandport', $ref, $defs: Object.fromEntries(components) }
  // The definitions of a schema by itself are elsewhere than the components of an OpenAPI document.
  const text = JSON.stringify(written).replaceAll('"$ref":"#/components/schemas/', '"$ref":"#/$defs/')
  return JSON.parse(text)
}
