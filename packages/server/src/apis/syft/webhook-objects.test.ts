import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { controlValidatorCompiler } from '../../wire/validation.ts'
import {
  Account,
  accountFields,
  Contact,
  clockFields,
  contactFields,
  packObject,
  Session,
  sessionFields,
  storeObject,
} from './webhook-objects.ts'

const parsed = (doc: string) => JSON.parse(doc) as Record<string, unknown>

describe('the documented fields', () => {
  it('are 70 of account and the one its example adds, 76 of contact, 24 of session', () => {
    expect([accountFields.length, contactFields.length, sessionFields.length]).toEqual([71, 76, 24])
    expect(accountFields.at(-1)?.name).toBe('employeeCount')
  })

  it.each([
    ['account', accountFields],
    ['contact', contactFields],
    ['session', sessionFields],
  ] as const)('name the two clock fields of %s side by side, and each field once', (kind, fields) => {
    const names = fields.map(({ name }) => name)
    const [first, last] = clockFields[kind]
    expect(names.indexOf(last)).toBe(names.indexOf(first) + 1)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the schemas', async () => {
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, formats: { instant: /^\d{4}-\d\d-\d\dT/ } } },
  })
  app.post('/account', { schema: { body: Account } }, () => 'ok')
  app.post('/contact', { schema: { body: Contact } }, () => 'ok')
  app.post('/session', { schema: { body: Session } }, () => 'ok')
  const statusOf = async (kind: string, payload: object) =>
    (await app.inject({ method: 'POST', url: `/${kind}`, payload })).statusCode

  it.each([
    ['account', {}],
    ['account', { name: 'Example Inc', employees: 100, hs_is_public: null, primary_location: { city: 'Berlin' } }],
    ['account', { industry: 'SOFTWARE', syft_purchase_intent: 'very_high', syft_icp_array: ['Mid-market'] }],
    ['contact', { birthday: '1988-04-01T00:00:00Z', syft_first_seen: null }],
    ['session', { signals: [], pages_visited: ['/pricing'], start_time: '2024-01-01T10:00:00Z' }],
  ])('accept a sensible %s: %j', async (kind, payload) => {
    expect(await statusOf(kind, payload)).toBe(200)
  })

  it.each([
    ['account', { employees: '100' }],
    ['account', { industry: 'Software' }],
    ['account', { syft_purchase_intent: 'lukewarm' }],
    ['account', { syft_icp_array: null }],
    ['account', { primary_location: 'Berlin' }],
    ['account', { firstName: 'Ada' }],
    ['contact', { birthday: 'in spring' }],
    ['session', { signals: 'pricing' }],
  ])('refuse what %s cannot be: %j', async (kind, payload) => {
    expect(await statusOf(kind, payload)).toBe(400)
  })
})

it('tells the control API which values a field may have', () => {
  const check = controlValidatorCompiler({ schema: Account, httpPart: 'body', method: 'POST', url: '/accounts' })
  const message = (values: string) =>
    expect.objectContaining({ message: expect.stringMatching(values), code: 'INVALID_VALUE' })
  expect(check({ syft_purchase_intent: 'hihg', name: null })).toEqual({
    error: message(
      '"syft_purchase_intent" must be one of "very_high", "high", "medium", "low" or null, not "hihg". Did you mean "high"?',
    ),
  })
  expect(check({ industry: 'Software' })).toEqual({
    error: message(
      '^"industry" must be one of "SOFTWARE", "INTERNET_SOFTWARE_SERVICES", .* or null, not "Software". Did you mean "SOFTWARE"?',
    ),
  })
  expect(check({ industry: 'SOFTWARE', syft_original_source: null })).toHaveProperty('value')
})

describe('storeObject', () => {
  it('holds every documented field in order, the unknown ones null or empty', () => {
    const { doc } = storeObject('account', { employeeCount: 100, name: 'Example Inc' }, Date.parse)
    const account = parsed(doc)
    expect(Object.keys(account)).toEqual(accountFields.map(({ name }) => name))
    expect(account).toMatchObject({ name: 'Example Inc', employeeCount: 100, domain: null, primary_location: null })
    expect(account.syft_icp_array).toEqual([])
  })

  it('keeps the clock instants aside and null in the doc, where a reader finds their place', () => {
    const seen = { syft_first_seen: '2024-01-01T10:00:00+02:00', syft_last_seen: '2024-01-03T10:00:00Z' }
    const { doc, from, to } = storeObject('contact', { email: 'lead@example.com', ...seen }, Date.parse)
    expect([from, to]).toEqual([Date.UTC(2024, 0, 1, 8), Date.UTC(2024, 0, 3, 10)])
    expect(doc.split('"syft_first_seen":null,"syft_last_seen":null')).toHaveLength(2)
  })

  it('finds that place first, even where an object within repeats it', () => {
    const repeated = { syft_first_seen: null, syft_last_seen: null }
    const text = '"syft_first_seen":null,"syft_last_seen":null'
    const { doc } = storeObject('contact', { title: text, attio_name: repeated }, Date.parse)
    const spliced = parsed(doc.replace(text, '"syft_first_seen":"a","syft_last_seen":"b"'))
    expect(spliced).toMatchObject({ title: text, syft_first_seen: 'a', syft_last_seen: 'b', attio_name: repeated })
  })

  it('shows other datetimes to the millisecond in UTC', () => {
    const { doc } = storeObject('contact', { birthday: '1988-04-01T02:00:00+02:00' }, Date.parse)
    expect(parsed(doc).birthday).toBe('1988-04-01T00:00:00.000Z')
  })

  it('gives equal contents equal ids and others different ones', () => {
    const store = (kind: 'account' | 'contact', given: object) => storeObject(kind, { ...given }, Date.parse).id
    const id = store('account', { name: 'A', domain: 'a.example' })
    expect(id).toMatch(/^[0-9a-f]{24}$/)
    expect(store('account', { domain: 'a.example', name: 'A', city: null })).toBe(id)
    expect(store('account', { name: 'A', syft_first_seen: '2024-01-01T00:00:00Z' })).not.toBe(id)
    expect(store('contact', {})).not.toBe(store('account', {}))
  })

  it('takes milliseconds as they are through packObject', () => {
    const offsets = { from: -5_000, to: 0 }
    expect(packObject('session', [{ start_time: 'ignored', referrer: 'x' }], offsets)).toMatchObject(offsets)
    expect(parsed(packObject('session', [{ start_time: 'ignored' }], offsets).doc).start_time).toBeNull()
  })
})
