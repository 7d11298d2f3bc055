import { type Static, type TSchema, Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { oneOf } from './control-types.ts'
import { controlValidatorCompiler, InvalidInput, invalid, parseClockInstant } from './validation.ts'

/** Validates as a route does and answers the error, or the value that the handler would get. */
function validate(schema: TSchema, data: unknown, httpPart = 'body') {
  const check = controlValidatorCompiler({ schema, httpPart, method: 'POST', url: '/things' })
  const result: unknown = check(data)
  if (typeof result !== 'object' || result === null) throw new Error(`Expected a result, got ${String(result)}`)
  if (!('error' in result)) return 'value' in result ? result.value : undefined
  if (!(result.error instanceof InvalidInput)) throw new Error('Expected an InvalidInput')
  const { code, path, message } = result.error
  return { code, path, message }
}

const closed = { additionalProperties: false }
const status = Type.Union([Type.Literal('completed'), Type.Literal('failed')])
const run = Type.Object({ id: Type.String(), status: Type.Optional(status) }, closed)
const bulk = Type.Object({ items: Type.Array(run, { maxItems: 2 }), limit: Type.Optional(Type.Integer()) }, closed)

/** The message about a value of a single property `x`. */
function messageOf(schema: TSchema, x: unknown) {
  const result = validate(Type.Object({ x: schema }, closed), { x })
  return typeof result === 'object' && result !== null && 'message' in result ? result.message : result
}

describe('what is valid', () => {
  it('is handed on untouched', () => {
    const data = { items: [{ id: 'a', status: 'failed' }], limit: 3 }
    expect(validate(bulk, data)).toBe(data)
    expect(data).toEqual({ items: [{ id: 'a', status: 'failed' }], limit: 3 })
  })

  it('gets no defaults', () => {
    const schema = Type.Object({ limit: Type.Optional(Type.Integer({ default: 20 })) }, closed)
    expect(validate(schema, {})).toEqual({})
  })

  it('is never coerced', () => {
    expect(messageOf(Type.Integer(), '5')).toBe('"x" must be a whole number, not "5"')
    expect(messageOf(Type.Boolean(), 'true')).toBe('"x" must be true or false, not "true"')
    expect(messageOf(Type.String(), 5)).toBe('"x" must be a string, not 5')
  })
})

describe('an unknown property', () => {
  it('is refused with the nearest known name', () => {
    expect(validate(bulk, { items: [{ id: 'a', stauts: 'failed' }] })).toEqual({
      code: 'UNKNOWN_PROPERTY',
      path: '/items/0/stauts',
      message: 'Unknown property "stauts" in items[0]. Did you mean "status"?',
    })
    expect(validate(bulk, { Items: [] })).toMatchObject({ message: 'Unknown property "Items". Did you mean "items"?' })
  })

  it('is refused with the allowed names where none is near', () => {
    expect(validate(bulk, { workspace: 1 })).toMatchObject({
      message: 'Unknown property "workspace". Allowed: "items", "limit"',
    })
    expect(validate(Type.Object({}, closed), { a: 1 })).toMatchObject({
      message: 'Unknown property "a". None is allowed there',
    })
    expect(validate(Type.Object({ by: Type.String() }, closed), { xx: 1 })).toMatchObject({
      message: 'Unknown property "xx". Allowed: "by"',
    })
  })

  it('is told before a missing one', () => {
    expect(validate(bulk, { itmes: [] })).toMatchObject({ code: 'UNKNOWN_PROPERTY', path: '/itmes' })
  })

  it.each(['__proto__', 'constructor', 'toString'])('may be called %s', (name) => {
    const data: unknown = JSON.parse(`{"items": [], "${name}": {}}`)
    expect(validate(bulk, data)).toMatchObject({ code: 'UNKNOWN_PROPERTY', path: `/${name}` })
  })

  it('is escaped in the pointer and quoted in the message', () => {
    expect(validate(bulk, { 'a/b~c "d"': 1 })).toMatchObject({
      path: '/a~1b~0c "d"',
      message: 'Unknown property "a/b~c \\"d\\"". Allowed: "items", "limit"',
    })
  })

  it('is called a parameter in a query string', () => {
    const schema = Type.Object({ limit: Type.Optional(Type.String({ format: 'positive-integer' })) }, closed)
    expect(validate(schema, { limt: '5' }, 'querystring')).toMatchObject({
      message: 'Unknown parameter "limt". Did you mean "limit"?',
    })
    expect(validate(schema, { limit: 'x' }, 'querystring')).toMatchObject({
      message: '"limit" must be a whole number of at least 1, not "x"',
    })
    expect(validate(schema, { limit: ['1', '2'] }, 'querystring')).toMatchObject({
      message: '"limit" must be a whole number of at least 1, not ["1","2"]',
    })
  })
})

describe('a missing property', () => {
  it('is named, with what it must be', () => {
    expect(validate(bulk, { items: [{ id: 'a' }, {}] })).toEqual({
      code: 'MISSING_PROPERTY',
      path: '/items/1/id',
      message: 'Missing property "id" in items[1]. It must be a string',
    })
  })
})

describe('the first error in document order', () => {
  it('is the one reported', () => {
    expect(validate(bulk, { limit: 'x', items: 5, foo: 1 })).toMatchObject({ path: '/limit' })
    expect(validate(bulk, { foo: 1, limit: 'x' })).toMatchObject({ path: '/foo' })
    expect(validate(bulk, { items: [{ id: 1, status: 2 }], limit: 'x' })).toMatchObject({ path: '/items/0/id' })
  })
})

describe('a value that does not fit', () => {
  it.each([
    [Type.Integer({ minimum: 1 }), 'x', 'a whole number of at least 1, not "x"'],
    [Type.Integer({ minimum: 1 }), 0, 'a whole number of at least 1, not 0'],
    [Type.Integer(), 1.5, 'a whole number, not 1.5'],
    [Type.Number({ exclusiveMinimum: 0, maximum: 100 }), 101, 'a number of more than 0 and at most 100, not 101'],
    [Type.Number({ multipleOf: 5 }), 7, 'a number, a multiple of 5, not 7'],
    [Type.String({ minLength: 1 }), '', 'a string of at least 1 character, not ""'],
    [Type.String({ minLength: 1, maxLength: 3 }), 'abcd', 'a string of 1 to 3 characters, not "abcd"'],
    [Type.String({ pattern: '^[a-z]+$' }), 'A', 'a string that matches ^[a-z]+$, not "A"'],
    [Type.Array(Type.Integer(), { maxItems: 2 }), [1, 2, 3], 'an array of at most 2 items, not [1,2,3]'],
    [Type.Array(Type.Integer(), { uniqueItems: true }), [1, 1], 'an array without repeats, not [1,1]'],
    [Type.Array(Type.Integer()), { a: 1 }, 'an array, not {"a":1}'],
    [Type.Tuple([Type.Integer()]), [1, 2], 'an array of 1 item, not [1,2]'],
    [Type.Object({}, { additionalProperties: true, minProperties: 1 }), {}, 'an object of at least 1 property, not {}'],
    [Type.Object({}, closed), [], 'an object, not []'],
    [Type.Object({}, closed), null, 'an object, not null'],
    [Type.Literal('pro'), 'free', '"pro", not "free"'],
    [Type.Null(), 1, 'null, not 1'],
  ])('is told what it must be', (schema, value, expected) => {
    expect(messageOf(schema, value)).toBe(`"x" must be ${expected}`)
  })

  it('is told the choices, and the nearest of them', () => {
    const format = Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('markdown')])
    expect(messageOf(format, 'xml')).toBe('"x" must be one of "json", "csv", "markdown", not "xml"')
    expect(messageOf(format, 'JSON')).toBe(
      '"x" must be one of "json", "csv", "markdown", not "JSON". Did you mean "json"?',
    )
    expect(messageOf(format, 5)).toBe('"x" must be one of "json", "csv", "markdown", not 5')
    expect(messageOf(Type.Enum({ A: 'asc', D: 'desc' }), 'dsc')).toBe(
      '"x" must be one of "asc", "desc", not "dsc". Did you mean "asc"?',
    )
  })

  it('is told every kind of value that a union allows', () => {
    const ttl = Type.Union([Type.Literal('off'), Type.String({ format: 'duration-text' }), Type.Null()])
    expect(messageOf(ttl, 5)).toBe(
      '"x" must be "off" or a duration such as 500ms, 30s, 5m, 72h or PT72H or null, not 5',
    )
  })

  it('is shown shortened', () => {
    const message = messageOf(Type.Integer(), 'é'.repeat(5000))
    expect(message).toBe(`"x" must be a whole number, not "${'é'.repeat(58)}… (5000 characters)`)
    expect(
      messageOf(
        Type.Integer(),
        Array.from({ length: 90 }, () => 10),
      ),
    ).toMatch(/^"x" must be .{0,90} \(90 items\)$/)
    expect(messageOf(Type.Integer(), `${'a'.repeat(57)}${'😀'.repeat(9)}`)).not.toMatch(/\p{Surrogate}/u)
  })

  it('may be the whole body', () => {
    expect(validate(bulk, null)).toEqual({
      code: 'INVALID_VALUE',
      path: '',
      message: 'The body must be an object, not null or nothing',
    })
    expect(validate(bulk, [], 'querystring')).toMatchObject({ message: 'The query string must be an object, not []' })
  })

  it('is found in a record, under any name', () => {
    const schema = Type.Object({ headers: Type.Record(Type.String(), Type.String()) }, closed)
    expect(validate(schema, { headers: { a: 'b', 'x y': 5 } })).toMatchObject({
      path: '/headers/x y',
      message: '"headers["x y"]" must be a string, not 5',
    })
  })

  it('is found in a recursive schema', () => {
    const tree = Type.Recursive((node) => Type.Object({ name: Type.String(), children: Type.Array(node) }, closed))
    const data = { name: 'a', children: [{ name: 'b', children: [{ nmae: 'c', children: [] }] }] }
    expect(validate(tree, data)).toMatchObject({
      message: 'Unknown property "nmae" in children[0].children[0]. Did you mean "name"?',
    })
  })

  it('is found among extra properties that have a schema', () => {
    const schema = Type.Object({ a: Type.String() }, { additionalProperties: Type.Integer() })
    expect(validate(schema, { a: 'x', b: 'y' })).toMatchObject({ message: '"b" must be a whole number, not "y"' })
  })
})

describe('an error inside a union', () => {
  it('is told of the object, not of the union with null', () => {
    const schema = Type.Object({ run: Type.Union([run, Type.Null()]) }, closed)
    expect(validate(schema, { run: { id: 'a', status: 'faild' } })).toMatchObject({
      path: '/run/status',
      message: '"run.status" must be one of "completed", "failed", not "faild". Did you mean "failed"?',
    })
    expect(validate(schema, { run: null })).toEqual({ run: null })
    expect(validate(schema, { run: 'x' })).toMatchObject({ message: '"run" must be an object or null, not "x"' })
  })

  const advance = Type.Union([
    Type.Object({ by: Type.String({ format: 'duration-text' }) }, closed),
    Type.Object({ to: Type.String({ format: 'instant' }) }, closed),
  ])

  it('is told of the variant whose properties were given', () => {
    expect(validate(advance, { to: 'yesterday' })).toMatchObject({
      path: '/to',
      message: '"to" must be an ISO 8601 instant such as 2026-01-01T00:00:00Z, not "yesterday"',
    })
    expect(validate(advance, { byy: '1s' })).toMatchObject({
      code: 'UNKNOWN_PROPERTY',
      message: 'Unknown property "byy". Did you mean "by"?',
    })
  })

  it('names what the variants need where none was meant', () => {
    expect(validate(advance, {})).toEqual({
      code: 'MISSING_PROPERTY',
      path: '',
      message: 'Missing property "by" or "to". Give one of them',
    })
  })

  it('tells properties of different variants apart from unknown ones', () => {
    expect(validate(advance, { by: '1s', to: '2026-01-01' })).toEqual({
      code: 'INVALID_VALUE',
      path: '/to',
      message: '"to" cannot be combined with "by"',
    })
  })

  it('is told of the variant that a literal chooses', () => {
    const shape = Type.Union([
      Type.Object({ type: Type.Literal('circle'), size: Type.Integer() }, closed),
      Type.Object({ type: Type.Literal('text'), size: Type.String() }, closed),
    ])
    expect(validate(shape, { size: 'big', type: 'circle' })).toMatchObject({
      path: '/size',
      message: '"size" must be a whole number, not "big"',
    })
    expect(validate(shape, { type: 'circel', size: 1 })).toMatchObject({
      path: '/type',
      message: '"type" must be one of "circle", "text", not "circel". Did you mean "circle"?',
    })
  })
})

describe('an error of text or an object', () => {
  const instant = Type.String({ format: 'instant' })
  const createdAt = Type.Union([instant, Type.Object({ from: instant, to: instant }, closed)])
  const expected = 'an ISO 8601 instant such as 2026-01-01T00:00:00Z or an object with "from" and "to"'

  it('tells of both where it is neither', () => {
    expect(messageOf(createdAt, 'yesterday')).toBe(`"x" must be ${expected}, not "yesterday"`)
    expect(messageOf(createdAt, 5)).toBe(`"x" must be ${expected}, not 5`)
    expect(messageOf(createdAt, [])).toBe(`"x" must be ${expected}, not []`)
    expect(validate(Type.Object({ at: createdAt }, closed), {})).toMatchObject({
      message: `Missing property "at". It must be ${expected}`,
    })
  })

  it('is told of the object where one was given', () => {
    const schema = Type.Object({ x: createdAt }, closed)
    expect(validate(schema, { x: { from: '2026-01-01', too: '2026-01-02' } })).toEqual({
      code: 'UNKNOWN_PROPERTY',
      path: '/x/too',
      message: 'Unknown property "too" in x. Did you mean "to"?',
    })
    expect(validate(schema, { x: { from: '2026-01-01' } })).toMatchObject({ code: 'MISSING_PROPERTY', path: '/x/to' })
    expect(validate(schema, { x: { from: '2026-01-01', to: 'later' } })).toMatchObject({
      path: '/x/to',
      message: '"x.to" must be an ISO 8601 instant such as 2026-01-01T00:00:00Z, not "later"',
    })
  })
})

describe('oneOf', () => {
  it('refuses every other text', () => {
    const order = oneOf(['createdAt', 'updatedAt'])
    expectTypeOf<Static<typeof order>>().toEqualTypeOf<'createdAt' | 'updatedAt'>()
    expect(messageOf(order, 'updatedAt')).toEqual({ x: 'updatedAt' })
    expect(messageOf(order, 'updateAt')).toBe(
      '"x" must be one of "createdAt", "updatedAt", not "updateAt". Did you mean "updatedAt"?',
    )
    expect(messageOf(oneOf(['only']), 'other')).toBe('"x" must be "only", not "other"')
  })

  it('names the nearest few of a long list', () => {
    const names = Array.from({ length: 30 }, (_, index) => `SHELF_${index}`)
    const schema = Type.Union([oneOf([...names, 'FOOD_PRODUCTS', 'GAS']), Type.Null()])
    expect(messageOf(schema, 'Food')).toMatch(
      /^"x" must be one of "FOOD_PRODUCTS", ("\w+", ){4}… \(32 in all\) or null, not "Food"$/,
    )
    expect(messageOf(schema, 'Gas')).toMatch(/^"x" must be one of "GAS", .* not "Gas"\. Did you mean "GAS"\?$/)
    const first = '"SHELF_0", "SHELF_1", "SHELF_2", "SHELF_3", "SHELF_4", … (32 in all)'
    expect(messageOf(schema, 5)).toBe(`"x" must be one of ${first} or null, not 5`)
    expect(messageOf(schema, '')).toBe(`"x" must be one of ${first} or null, not ""`)
    expect(String(messageOf(schema, 'x'.repeat(100_000))).length).toBeLessThan(300)
  })

  it('lists as many as twelve', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`)
    expect(messageOf(oneOf(names), 5)).toBe(`"x" must be one of ${names.map((name) => `"${name}"`).join(', ')}, not 5`)
  })
})

describe('formats', () => {
  it('refuse what is no instant, or none that can be stored', () => {
    const instant = Type.String({ format: 'instant' })
    const expected = '"x" must be an ISO 8601 instant such as 2026-01-01T00:00:00Z, not'
    expect(messageOf(instant, '2026-01-01T10:00+02:00')).toEqual({ x: '2026-01-01T10:00+02:00' })
    expect(messageOf(instant, 'now')).toBe(`${expected} "now"`)
    expect(messageOf(instant, '2026-02-30')).toBe(`${expected} "2026-02-30"`)
    expect(messageOf(instant, '0000-12-31')).toBe(`${expected} "0000-12-31"`)
    expect(messageOf(instant, '9999-12-31T23:59:59-10:00')).toBe(`${expected} "9999-12-31T23:59:59-10:00"`)
  })

  it('refuse what is no clock instant', () => {
    const instant = Type.String({ format: 'clock-instant' })
    for (const text of ['now', 'now-90s', 'now+5m', '2026-01-01']) expect(messageOf(instant, text)).toEqual({ x: text })
    for (const text of ['now-', 'now 5m', 'now-5', 'Now', 'tomorrow']) {
      expect(messageOf(instant, text)).toBe(
        `"x" must be an ISO 8601 instant such as 2026-01-01T00:00:00Z, or now, now-90s or now+5m, not "${text}"`,
      )
    }
  })

  it('refuse what is no duration', () => {
    expect(messageOf(Type.String({ format: 'duration-text' }), '3 days')).toBe(
      '"x" must be a duration such as 500ms, 30s, 5m, 72h or PT72H, not "3 days"',
    )
  })
})

describe('parseClockInstant', () => {
  it('counts from the given now', () => {
    expect(parseClockInstant('now', 1000)).toBe(1000)
    expect(parseClockInstant('now-90s', 100_000)).toBe(10_000)
    expect(parseClockInstant('now+PT5M', 0)).toBe(300_000)
    expect(parseClockInstant('1970-01-01T00:00:01.0019Z', 0)).toBe(1001)
    expect(parseClockInstant('now+1m', Date.UTC(9999, 11, 31, 23, 59, 30))).toBeUndefined()
  })
})

describe('text that cannot be stored', () => {
  const anything = Type.Object({ metadata: Type.Unknown() }, closed)

  it.each([
    ['a\0b', 'the character U+0000'],
    ['\ud800', 'half a surrogate pair'],
    ['x\udc00y', 'half a surrogate pair'],
  ])('is refused as a value: %j', (text, culprit) => {
    expect(validate(anything, { metadata: { list: ['fine', text] } })).toEqual({
      code: 'INVALID_VALUE',
      path: '/metadata/list/1',
      message: `"metadata.list[1]" holds ${culprit}, which cannot be stored. Leave it out.`,
    })
  })

  it('is refused as a key', () => {
    expect(validate(anything, { metadata: { 'a\0': 1 } })).toMatchObject({
      code: 'INVALID_VALUE',
      path: '/metadata/a\0',
      message: '"metadata["a\\u0000"]" holds the character U+0000, which cannot be stored. Leave it out.',
    })
  })

  it('is not an emoji, nor any other whole character', () => {
    expect(validate(anything, { metadata: '😀\u0001\uFFFF\uFEFF' })).toEqual({ metadata: '😀\u0001\uFFFF\uFEFF' })
  })

  it('is refused in a query string and in a path', () => {
    const schema = Type.Object({ id: Type.String() }, closed)
    expect(validate(schema, { id: '\0' }, 'querystring')).toMatchObject({ path: '/id' })
    expect(validate(schema, { id: '\0' }, 'params')).toMatchObject({ path: '/id' })
  })
})

it('refuses what is nested too deeply, without overflowing the stack', () => {
  const schema = Type.Object({ metadata: Type.Unknown() }, closed)
  const data: unknown = JSON.parse(`{"metadata": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  expect(validate(schema, data)).toMatchObject({ message: expect.stringMatching(/is nested too deeply/) })
})

it('refuses a schema whose strictness was forgotten', () => {
  expect(() => validate(Type.Object({ a: Type.Object({}) }, closed), {})).toThrow(
    "Failed to compile the body of POST /things: schema '/properties/a' would let unknown properties through",
  )
  expect(() => validate(Type.Intersect([run, bulk]), {})).toThrow('Merge it with Type.Composite')
})

it('makes errors for handlers', () => {
  const error = invalid('/by', '"by" must not go back')
  expect(error).toBeInstanceOf(InvalidInput)
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ code: 'INVALID_VALUE', statusCode: 400, path: '/by', message: '"by" must not go back' })
})

it('is what Fastify throws', async () => {
  const app = Fastify()
  app.setValidatorCompiler(controlValidatorCompiler)
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof InvalidInput)) throw error
    return reply.code(error.statusCode).send({ error: error.code, message: error.message, path: error.path })
  })
  app.post('/things', { schema: { body: bulk } }, async ({ body }) => body)
  const response = await app.inject({ method: 'POST', url: '/things', payload: { items: [{ id: 'a', x: '100%s' }] } })
  expect(response.statusCode).toBe(400)
  expect(response.json()).toEqual({
    error: 'UNKNOWN_PROPERTY',
    message: 'Unknown property "x" in items[0]. Allowed: "id", "status"',
    path: '/items/0/x',
  })
  const fine = await app.inject({ method: 'POST', url: '/things', payload: { items: [{ id: 'a' }] } })
  expect(fine.json()).toEqual({ items: [{ id: 'a' }] })
  await app.close()
})
