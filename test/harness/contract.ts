import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { findOperation, isObject, type Json, type Operation, readOperations } from './operations.ts'

/** A request as it was sent, and what came back. Names of headers are in lower case. */
export type Exchange = {
  method: string
  /** With its query. */
  path: string
  requestBody?: string | undefined
  status: number
  headers: Readonly<Record<string, string>>
  text: string
}

export type Contract = {
  /** Throws where an exchange is not what the documents say. */
  hold(exchange: Exchange): void
}

/**
 * What the OpenAPI documents of a server promise. Formats of the server's own are described in words there, and not
 * checked here.
 */
export function readContract(documents: Readonly<Record<string, Json>>): Contract {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false })
  addFormats.default(ajv)
  for (const [name, document] of Object.entries(documents)) ajv.addSchema(document, name)
  const operations = Object.entries(documents).flatMap(([name, document]) => readOperations(name, document))

  return {
    hold(exchange) {
      const { method, path, status } = exchange
      const found = findOperation(operations, method, path)
      if (!found) {
        if (status === 404 || status === 405) return
        throw new Error(`${method} ${path} is in no document, and was answered with ${status}`)
      }
      const { operation, values } = found
      const answer = operation.answers[status]
      const broken = (pointer: string, reason: string) =>
        new Error(`${operation.id} (${method} ${path}), ${status}: ${pointer} ${reason}`)
      if (!answer)
        throw broken('', `the status is not documented; there are ${Object.keys(operation.answers).join(', ')}`)
      const check = (schema: string, value: unknown, place: string) => {
        const validate = ajv.getSchema(`${operation.document}#${schema}`)
        if (!validate) throw broken(place, `the document has no schema at ${schema}`)
        if (!validate(value)) throw broken(place + (validate.errors?.[0]?.instancePath ?? ''), wordsOf(validate.errors))
      }
      holdHeaders(answer, exchange, { check, broken })
      holdBody(answer, exchange, { check, broken })
      if (status < 300) holdRequest(operation, exchange, { values, check, broken })
    },
  }
}

type Judges = {
  check(schema: string, value: unknown, place: string): void
  broken(pointer: string, reason: string): Error
}

function holdHeaders({ headers }: Operation['answers'][number], exchange: Exchange, { check, broken }: Judges): void {
  for (const { name, isRequired, schema, type } of headers) {
    const text = exchange.headers[name.toLowerCase()]
    if (text === undefined && isRequired) throw broken(`header ${name}`, 'is not there')
    if (text !== undefined) check(schema, fromText(text, type), `header ${name}`)
  }
}

function holdBody({ contents }: Operation['answers'][number], exchange: Exchange, { check, broken }: Judges): void {
  if (exchange.method === 'HEAD') return
  const type = exchange.headers['content-type']?.split(';')[0]
  const content = contents.find((each) => each.type === type)
  if (contents.length === 0) {
    if (exchange.text !== '') throw broken('body', 'is there, and none is documented')
    return
  }
  if (!content) throw broken('header Content-Type', `is ${type}, not ${contents.map((each) => each.type).join(' or ')}`)
  check(content.schema, type === 'application/json' ? JSON.parse(exchange.text) : exchange.text, 'body')
}

/** What the server accepted, the document has to allow. */
function holdRequest(
  { parameters, body }: Operation,
  { path, requestBody }: Exchange,
  { values, check, broken }: Judges & { values: Readonly<Record<string, string>> },
): void {
  const query = new URL(path, 'http://server').searchParams
  for (const { name, place, isRequired, schema, type } of parameters) {
    if (place === 'path') check(schema, fromText(values[name] ?? '', type), `path ${name}`)
    if (place !== 'query') continue
    const given = query.getAll(name)
    // X-PARAM-1c: one without a value counts as not given, and the first one counts.
    const text = type === 'array' ? given.join(',') : given[0]
    if (text === undefined || text === '') {
      if (isRequired) throw broken(`query ${name}`, 'is not there')
    } else check(schema, fromText(text, type), `query ${name}`)
  }
  const isGiven = requestBody !== undefined && requestBody.trim() !== ''
  if (!body) return
  if (!isGiven && body.isRequired) throw broken('request body', 'is not there')
  if (isGiven && JSON.parse(requestBody) !== null) check(body.schema, JSON.parse(requestBody), 'request body')
}

/** Parameters and headers are text. Spaces, repeats and what is empty in a list do no harm (M-CREATE-3c, S-FIELDS-5c). */
function fromText(text: string, type: unknown): unknown {
  if (type === 'integer' || type === 'number') return /^\d+$/.test(text) ? Number(text) : text
  if (type !== 'array') return text
  return [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '')
}

function wordsOf(errors: ErrorObject[] | null | undefined): string {
  const [first] = errors ?? []
  if (!first) return 'is not what the document says'
  const { message, params } = first
  return `${message}${isObject(params) ? ` ${JSON.stringify(params)}` : ''}`
}
