export type Json = Record<string, unknown>

/** A call as an OpenAPI document describes it. Schemas are JSON Pointers into the document. */
export type Operation = {
  document: string
  id: string
  method: string
  pattern: RegExp
  /** Paths with fewer names in them go first. */
  names: readonly string[]
  parameters: readonly { name: string; place: string; isRequired: boolean; schema: string; type: unknown }[]
  body: { isRequired: boolean; schema: string } | undefined
  answers: Readonly<Record<number, Answer>>
}
type Answer = {
  headers: readonly { name: string; isRequired: boolean; schema: string; type: unknown }[]
  contents: readonly { type: string; schema: string }[]
}

/** The calls of a document. Throws where it has not the shape of one. */
export function readOperations(document: string, whole: Json): Operation[] {
  return entriesAt(whole, ['paths']).flatMap(([path, methods]) =>
    entries(methods).map(([method, operation]) => {
      const at = ['paths', path, method]
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
      const source = path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')
      const { requestBody } = operation
      return {
        document,
        id: `${operation.operationId}`,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${source}$`),
        names,
        parameters: entriesAt(operation, ['parameters']).map(([index, { name, in: place, required, schema }]) => ({
          name: `${name}`,
          place: `${place}`,
          isRequired: required === true,
          schema: pointer([...at, 'parameters', index, 'schema']),
          type: isObject(schema) ? schema.type : undefined,
        })),
        body: isObject(requestBody)
          ? {
              isRequired: requestBody.required === true,
              schema: pointer([...at, 'requestBody', 'content', 'application/json', 'schema']),
            }
          : undefined,
        answers: Object.fromEntries(
          entriesAt(operation, ['responses']).map(([status, answer]) => [
            Number(status),
            readAnswer(whole, answer, [...at, 'responses', status]),
          ]),
        ),
      }
    }),
  )
}

function readAnswer(whole: Json, answer: Json, at: readonly string[]): Answer {
  return {
    headers: entriesAt(answer, ['headers']).map(([name, given]) => {
      const $ref = typeof given.$ref === 'string' ? given.$ref.slice(2).split('/') : undefined
      const header = $ref ? valueAt(whole, $ref) : given
      const { required, schema } = isObject(header) ? header : {}
      return {
        name,
        isRequired: required === true,
        schema: pointer([...($ref ?? [...at, 'headers', name]), 'schema']),
        type: isObject(schema) ? schema.type : undefined,
      }
    }),
    contents: entriesAt(answer, ['content']).map(([type]) => ({
      type,
      schema: pointer([...at, 'content', type, 'schema']),
    })),
  }
}

/** The call that a request is, and what its path holds. `HEAD` is answered like `GET`. */
export function findOperation(operations: readonly Operation[], method: string, path: string) {
  const [pathname = ''] = path.split('?', 1)
  const wanted = method === 'HEAD' ? 'GET' : method
  const [found] = operations
    .flatMap((operation) => {
      const match = operation.method === wanted ? operation.pattern.exec(pathname) : null
      return match ? [{ operation, match }] : []
    })
    .toSorted((one, other) => one.operation.names.length - other.operation.names.length)
  if (!found) return undefined
  const { operation, match } = found
  return {
    operation,
    values: Object.fromEntries(operation.names.map((name, index) => [name, decode(match[index + 1] ?? '')])),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((within, name) => (isObject(within) ? within[name] : undefined), value)
}

function entries(value: unknown): [name: string, part: Json][] {
  return Object.entries(value ?? {}).map(([name, part]) => [name, isObject(part) ? part : {}])
}

function entriesAt(value: Json, path: readonly string[]): [name: string, part: Json][] {
  return entries(valueAt(value, path))
}

function pointer(path: readonly string[]): string {
  return path.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')
}
