import { STATUS_CODES } from 'node:http'
import { KindGuard, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyError } from 'fastify'
import type { Subject } from '../../subject.ts'
import { byStatus, errorsOf, factsOf } from '../../wire/operation.ts'
import { exampleOf, namedExamples } from './examples.ts'
import { type Components, isObject, type Json, toJsonSchema } from './json-schema.ts'
import type { Operation } from './operations.ts'

const JSON_TYPE = 'application/json'

/** X-ALIEN-1c */
const Exchange = Type.String({
  description: 'An id of this answer: proof that Sandport gave it, and its name in the journal',
  examples: ['ex_6c60f7f1-5a0f-4f2e-9d5b-1f1c3a7f3a10'],
})

/** The OpenAPI document of an API, from what its routes say. Where it is served is for whoever answers it to add. */
export function makeDocument(subject: Subject, operations: readonly Operation[], version: string): Json {
  const components: Components = new Map()
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method]: describeOperation(subject, operation, components) }
  }
  const schemas = [...components].toSorted(([one], [other]) => one.localeCompare(other))
  return {
    openapi: '3.1.1',
    info: {
      title: subject.title,
      version,
      description: subject.description,
      license: { name: 'MIT License', identifier: 'MIT' },
    },
    tags: subject.tags,
    security: subject.security,
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      headers: { 'Sandport-Exchange': describeHeader(Exchange, new Map()) },
      securitySchemes: subject.securitySchemes,
    },
  }
}

function describeOperation(subject: Subject, operation: Operation, components: Components): Json {
  const { id, schema, isOpen } = operation
  const { summary, description, tags } = schema
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags,
    ...(isOpen && { security: [] }),
    parameters: [
      ...describeParameters('path', schema.params, components),
      ...describeParameters('query', schema.querystring, components),
      ...describeParameters('header', schema.headers, components),
    ],
    ...describeBody(schema.body, components),
    responses: describeAnswers(subject, operation, components),
  }
}

function describeParameters(place: string, schema: unknown, components: Components): Json[] {
  if (!KindGuard.IsObject(schema)) return []
  return Object.entries(schema.properties).map(([name, part]) => {
    const { description, ...written } = toJsonSchema(part, components)
    const example = exampleOf(written, components)
    return {
      name,
      in: place,
      description,
      required: schema.required?.includes(name) ?? false,
      ...(written.type === 'array' && { style: 'form', explode: false }),
      schema: written,
      ...(example !== undefined && { example }),
    }
  })
}

/** A body that may be null may be left out. */
function describeBody(schema: unknown, components: Components): Json {
  if (!KindGuard.IsSchema(schema)) return {}
  const variants = KindGuard.IsUnion(schema) ? schema.anyOf : [schema]
  const given = variants.filter((variant) => !KindGuard.IsNull(variant))
  const isOptional = given.length < variants.length
  const [one = schema] = given
  const only = isOptional && given.length === 1 ? one : schema
  const written = toJsonSchema(only, components)
  const content = {
    [JSON_TYPE]: { schema: written, examples: namedExamples(resolve(written, components), components) },
  }
  return { requestBody: { required: !isOptional, content } }
}

function describeAnswers(subject: Subject, operation: Operation, components: Components): Json {
  const answers = Object.entries(operation.answers)
  const errors = [...subject.refusalsOf(operation), ...answers.flatMap(([, schema]) => errorsOf(schema))]
  const described = [
    ...answers
      .filter(([, schema]) => errorsOf(schema).length === 0)
      .map(([status, schema]) => [status, describeAnswer(status, schema, components)]),
    ...byStatus(errors).map(([status, those]) => [status, describeRefusal(subject, status, those, components)]),
  ]
  return Object.fromEntries(described)
}

function describeAnswer(status: string, schema: TSchema, components: Components): Json {
  const { description, headers = {}, types } = factsOf(schema)
  const whole = resolve(toJsonSchema(schema, components), components)
  const bodies = types ?? (KindGuard.IsVoid(schema) ? {} : { [JSON_TYPE]: schema })
  const content = Object.entries(bodies).map(([type, body]) => [type, describeContent(body, components)])
  return {
    description: description ?? whole.description ?? STATUS_CODES[status] ?? 'Answered',
    headers: describeHeaders(headers),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
  }
}

function describeContent(body: object, components: Components): Json {
  const schema = toJsonSchema(body, components)
  return { schema, examples: namedExamples(resolve(schema, components), components) }
}

/** Errors of one status as one answer, each with an example that has its code or, where bodies have none, its words. */
function describeRefusal(
  { errorBody, bodyOf, refusalHeaders }: Subject,
  status: string,
  errors: readonly FastifyError[],
  components: Components,
): Json {
  const different = [...new Map(errors.map((error) => [`${error.code} ${error.message}`, error])).values()]
  const names = different.map(({ code }, index) => {
    const same = different.slice(0, index).filter((other) => other.code === code).length
    return same === 0 ? code : `${code}-${same + 1}`
  })
  const examples = different.map((error, index) => [names[index], { summary: error.message, value: bodyOf(error) }])
  return {
    description: different.map(({ message }) => message).join('  \n'),
    headers: describeHeaders(refusalHeaders[status] ?? {}),
    content: {
      [JSON_TYPE]: { schema: toJsonSchema(errorBody, components), examples: Object.fromEntries(examples) },
    },
  }
}

function describeHeaders(headers: Readonly<Record<string, TSchema>>): Json {
  const own = Object.entries(headers).map(([name, schema]) => [name, describeHeader(schema, new Map())])
  return { 'Sandport-Exchange': { $ref: '#/components/headers/Sandport-Exchange' }, ...Object.fromEntries(own) }
}

function describeHeader(schema: TSchema, components: Components): Json {
  const { description, ...written } = toJsonSchema(schema, components)
  return {
    description,
    required: !KindGuard.IsOptional(schema),
    schema: written,
    example: exampleOf(written, components),
  }
}

function resolve(schema: Json, components: Components): Json {
  const { $ref } = schema
  const target = typeof $ref === 'string' ? components.get($ref.split('/').at(-1) ?? '') : schema
  return isObject(target) ? target : {}
}
