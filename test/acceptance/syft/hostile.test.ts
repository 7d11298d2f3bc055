import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RawAnswer, rawRequest } from '../../harness/raw-http.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const seed = 20260103
const parameters = ['cursor', 'limit', 'since', 'until', 'status', 'order', 'fields']

/** A sandbox with a few runs, and what it answers to a request line's path or query, byte by byte. */
async function hostileSandbox() {
  const { motionId, view } = await testSandbox({ data: { syft: { runs: { count: 3, status: 'completed' } } } })
  const key = `Authorization: Bearer ${view.syft.secretKey}`
  const path = (target: string) => rawRequest(`GET ${target} HTTP/1.1`, [key])
  return { motionId, path, query: (query: string) => path(`/api/motion/${motionId}/export?${query}`) }
}

const escaped = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`
const anyByte = fc.integer({ min: 0, max: 255 }).map(escaped)
const anyText = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text))
const anyBroken = fc.constantFrom(
  '%',
  '%z',
  '%0',
  '%%',
  '%u0041',
  '%c0%80',
  '%ed%a0%80',
  '%f5',
  '+',
  ';',
  '/',
  '?',
  '=',
  '[]',
)
const anyNumber = fc.oneof(
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.constantFrom('-0', '1e309', '0x7fffffff', '9'.repeat(300)),
)
const anyInstant = fc.constantFrom(
  '2026-01-01',
  '0000-01-01',
  '9999-12-31T23:59:59.9999-23:59',
  '-271821-04-20',
  '2026-01-01T00:00:00%2B00:00',
)
const anyWord = fc.constantFrom(
  '',
  'runId',
  'account,',
  'asc',
  'desc',
  'in_progress',
  'completed',
  '%00',
  '%e9',
  "'",
  '"',
  '\\',
)
const anyValue = fc.array(fc.oneof(anyByte, anyText, anyBroken, anyNumber, anyInstant, anyWord), { maxLength: 4 })
const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...parameters) },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: anyBroken },
)
const anyPair = fc
  .tuple(anyName, fc.constantFrom('=', '=', '=', ''), anyValue)
  .map(([name, is, value]) => name + is + value.join(''))
const anyQuery = fc.array(anyPair, { maxLength: 6 }).map((pairs) => pairs.join('&'))

describe('a hostile request', () => {
  it('S-ERR-1 X-PARAM-1c X-HTTP-2c gets a page or a 400 for any query', async () => {
    const { query } = await hostileSandbox()
    await fc.assert(
      fc.asyncProperty(anyQuery, async (text) => expectSane(await query(text), [200, 400])),
      { seed, numRuns: 200 },
    )
  })

  it('S-ERR-1 S-MOTION-1 X-HTTP-2c gets a 404 for any motion', async () => {
    const { path } = await hostileSandbox()
    const anyMotion = fc.array(
      fc.oneof(
        anyByte,
        anyText,
        anyBroken.filter((text) => text !== '?'),
      ),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(anyMotion, async (parts) =>
        expectSane(await path(`/api/motion/${parts.join('')}/export`), [404]),
      ),
      { seed, numRuns: 100 },
    )
  })

  it.each(parameters)('S-ERR-1 X-HTTP-2c gets no 5xx for a NUL, broken or 8 KB long %s', async (name) => {
    const { query } = await hostileSandbox()
    const values = [
      '%00',
      'completed%00',
      '%00%00',
      '%',
      '%e0%a4',
      '%ff',
      'a'.repeat(8000),
      '%00'.repeat(2600),
      ','.repeat(8000),
    ]
    for (const value of values) {
      expectSane(await query(`${name}=${value}`), [200, 400])
      expectSane(await query(`${value}=${name}`), [200])
    }
    expectSane(await query(Array(800).fill(`${name}=`).join('&')), [200])
  })

  it('S-ERR-1 S-MOTION-1 X-HTTP-2c gets a 404 for a motion with a NUL, broken or 8 KB long', async () => {
    const { motionId, path } = await hostileSandbox()
    const names = [
      '%00',
      `${motionId}%00`,
      '%',
      '%e0%a4',
      '%ff',
      '%2f',
      '..',
      '%2e%2e',
      'a'.repeat(8000),
      '%00'.repeat(2600),
      '%f0%9f%8f%81',
    ]
    for (const name of names) {
      expectSane(await path(`/api/motion/${name}/export`), [404])
    }
  })

  it('S-AUTH-3 X-HTTP-2c gets a 401 for any key', async () => {
    const { motionId } = await hostileSandbox()
    const anyKey = fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((code) => code !== 0x7f)
        .map((code) => String.fromCharCode(code)),
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(
        anyKey,
        fc.constantFrom('Authorization: Bearer ', 'Authorization: ', 'x-syft-secret-key: '),
        async (text, header) => {
          const answer = await rawRequest(`GET /api/motion/${motionId}/export HTTP/1.1`, [header + text])
          expect(answer).toMatchObject({ status: 401, body: '{"error":"Unauthorized"}' })
        },
      ),
      { seed, numRuns: 60 },
    )
  })
})

/** One of these statuses, and the body of a page or of an error. */
function expectSane({ status, body }: RawAnswer, statuses: readonly number[]) {
  expect(statuses).toContain(status)
  expect(JSON.parse(body)).toEqual(
    status === 200
      ? { items: expect.any(Array), nextCursor: null, hasMore: expect.any(Boolean) }
      : { error: expect.stringMatching(/./) },
  )
}
