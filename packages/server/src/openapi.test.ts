import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import pino from 'pino'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from './app.ts'
import { testDeps } from './testing.ts'
import { acceptsFormat, formatNames } from './wire/validation.ts'

type Example = { at: string; schema: string; value: unknown }

/** Every example of a document, with the JSON Pointer of the schema that it is to be of. */
function* examplesIn(value: unknown, at = '#'): Generator<Example> {
  if (typeof value !== 'object' || value === null) return
  if ('schema' in value && 'example' in value) yield { at, schema: `${at}/schema`, value: value.example }
  if ('schema' in value && 'examples' in value) {
    for (const [name, { value: example }] of Object.entries(value.examples as Record<string, { value: unknown }>)) {
      yield { at: `${at}/examples/${name}`, schema: `${at}/schema`, value: example }
    }
  } else if ('examples' in value && Array.isArray(value.examples)) {
    for (const example of value.examples) yield { at: `${at}/examples`, schema: at, value: example }
  }
  for (const [key, part] of Object.entries(value)) {
    if (key === 'examples' || key === 'example') continue
    yield* examplesIn(part, `${at}/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
  }
}

type Operation = { operationId: string; summary: string; tags: string[]; parameters: Record<string, unknown>[] }
type Document = {
  openapi: string
  info: { version: string }
  servers: { url: string }[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
}
const documents = new Map<string, Document>()

beforeAll(async () => {
  const app = await buildServer({
    ...(await testDeps()),
    log: pino({ level: 'warn' }),
    publicUrl: 'https://sandport.test',
  })
  for (const name of ['syft', 'memsolus', 'control']) {
    const answer = await app.inject({ url: `/_sandport/openapi/${name}.json` })
    documents.set(name, answer.json<Document>())
  }
}, 60_000)

describe.each(['syft', 'memsolus', 'control'])('the document %s', (name) => {
  const read = () => documents.get(name) ?? expect.fail(`There is no document ${name}`)
  const operations = () => Object.values(read().paths).flatMap((path) => Object.values(path))

  it('says what it is of, and where that is served', () => {
    expect(read()).toMatchObject({
      openapi: '3.1.1',
      info: { version: 'test' },
      servers: [{ url: 'https://sandport.test' }],
    })
  })

  it('has only examples that its own schemas allow', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    for (const format of formatNames) ajv.addFormat(format, (text) => acceptsFormat(format, text))
    ajv.addSchema(read(), 'document')
    const all = [...examplesIn(read())]
    const wrong = all.flatMap(({ at, schema, value }) => {
      const validate = ajv.compile({ $ref: `document${schema}` })
      return validate(value) ? [] : [{ at, value, errors: ajv.errorsText(validate.errors) }]
    })
    expect(wrong).toEqual([])
    expect(all.length).toBeGreaterThan(20)
  })

  it('describes every call, parameter, answer and header of a call', () => {
    for (const operation of operations()) {
      expect(operation.summary, operation.operationId).toMatch(/^[A-Z].+[^.]$/)
      for (const parameter of operation.parameters) {
        expect(parameter.description, `${operation.operationId} ${parameter.name}`).toBeTypeOf('string')
      }
    }
    const tags = read().tags.map((tag) => tag.name)
    expect(operations().flatMap((operation) => operation.tags)).toSatisfy((used: string[]) =>
      used.every((tag) => tags.includes(tag)),
    )
  })

  it('calls no two calls alike', () => {
    const ids = operations().map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives every answer with a body a schema and an example', () => {
    const bare = [...contentsIn(read())].filter(({ content }) => !content.schema || isEmpty(content.examples))
    expect(bare.map(({ at }) => at)).toEqual([])
  })
})

type Content = { schema?: unknown; examples?: object }

function* contentsIn(value: unknown, at = '#'): Generator<{ at: string; content: Content }> {
  if (typeof value !== 'object' || value === null) return
  if ('content' in value && typeof value.content === 'object') {
    for (const [type, content] of Object.entries(value.content ?? {})) yield { at: `${at}/${type}`, content }
  }
  for (const [key, part] of Object.entries(value)) yield* contentsIn(part, `${at}/${key}`)
}

function isEmpty(examples: object | undefined): boolean {
  return Object.keys(examples ?? {}).length === 0
}
