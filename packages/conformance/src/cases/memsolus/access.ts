import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { ABSENT_ID, expectCode, expectEnvelope, memsolusCase, messageIn } from './case.ts'
import { finished } from './sandbox.ts'

/** Looks like a key, and is nobody's. */
const NOBODYS_KEY = 'msk_live_0000000000000000'

/** A list of one is enough to see that one is let in. */
const ONE = { query: { page_size: 1 } }

export const accessCases = [
  memsolusCase({
    name: 'key',
    does: 'lets in a key that is sent as X-Api-Key',
    rules: ['M-AUTH-1'],
    section: 'Authentication',
    async run({ memsolus }) {
      expectStatus(await memsolus.ask('', ONE), 200)
    },
  }),
  memsolusCase({
    name: 'no-key',
    does: 'answers 401 where there is no key',
    rules: ['M-AUTH-1'],
    section: 'Authentication',
    async run({ memsolus }) {
      for (const below of ['', `/${ABSENT_ID}`, `/${ABSENT_ID}/download`])
        expectStatus(await memsolus.ask(below, { headers: {} }), 401)
    },
  }),
  memsolusCase({
    name: 'invalid-key',
    does: 'answers 401 to a key that is nobody’s',
    rules: ['M-AUTH-1'],
    section: 'Authentication',
    async run({ memsolus }) {
      expectStatus(await memsolus.ask('', { ...ONE, headers: { 'x-api-key': NOBODYS_KEY } }), 401)
    },
  }),
  memsolusCase({
    name: 'no-key-code',
    does: 'says UNAUTHORIZED where there is no valid key',
    rules: ['M-AUTH-3c'],
    section: 'Authentication',
    async run({ memsolus }) {
      for (const headers of [{}, { 'x-api-key': NOBODYS_KEY }])
        expectCode(await memsolus.ask('', { ...ONE, headers }), 401, 'UNAUTHORIZED')
    },
  }),
  memsolusCase({
    name: 'other-headers',
    does: 'sees no key in any other header',
    rules: ['M-AUTH-3c'],
    section: 'Authentication',
    async run({ memsolus }) {
      const key = memsolus.target.apiKey
      for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-syft-secret-key': key }])
        expectStatus(await memsolus.ask('', { ...ONE, headers }), 401)
    },
  }),
  memsolusCase({
    name: 'revoked-key',
    does: 'answers 401 to a key that was revoked, and to one of another API',
    rules: ['M-AUTH-3c'],
    section: 'Authentication',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox()
      const { key } = await control<{ key: string }>('POST', '/keys', { api: 'memsolus' })
      const headers = { 'x-api-key': key }
      expectStatus(await memsolus.ask('', { headers }), 200)
      await control('DELETE', `/keys/${key}`)
      expectCode(await memsolus.ask('', { headers }), 401, 'UNAUTHORIZED')
      const other = await control<{ key: string }>('POST', '/keys', { api: 'syft' })
      expectCode(await memsolus.ask('', { headers: { 'x-api-key': other.key } }), 401, 'UNAUTHORIZED')
    },
  }),
  memsolusCase({
    name: 'permissions',
    does: 'lets a key create with export.write alone, and list, read and download with export.read alone',
    rules: ['M-AUTH-2'],
    section: 'Endpoint Overview',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox()
      const { id } = await finished(own)
      const statuses = { 'export.write': [202, 403, 403, 403], 'export.read': [403, 200, 200, 200] }
      for (const [permission, wanted] of Object.entries(statuses)) {
        const { key } = await own.control<{ key: string }>('POST', '/keys', {
          api: 'memsolus',
          permissions: [permission],
        })
        const call = { headers: { 'x-api-key': key } }
        const exchanges = [
          await own.memsolus.create('', call),
          await own.memsolus.ask('', call),
          await own.memsolus.ask(`/${id}`, call),
          await own.memsolus.ask(`/${id}/download`, call),
        ]
        for (const [index, exchange] of exchanges.entries()) expectStatus(exchange, wanted[index] ?? 0)
      }
    },
  }),
  memsolusCase({
    name: 'permission-named',
    does: 'says FORBIDDEN, and which permission is missing',
    rules: ['M-AUTH-3c'],
    section: 'Endpoint Overview',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox()
      const { key } = await control<{ key: string }>('POST', '/keys', { api: 'memsolus', permissions: [] })
      const call = { headers: { 'x-api-key': key } }
      const asked = { 'export.write': await memsolus.create('', call), 'export.read': await memsolus.ask('', call) }
      for (const [permission, exchange] of Object.entries(asked)) {
        expectCode(exchange, 403, 'FORBIDDEN')
        expectEnvelope(exchange, 403)
        expectThat(exchange, messageIn(exchange).includes(permission), {
          expected: `a message with ${permission} in it`,
          actual: shapeOf(exchange.body, { withTexts: true }),
        })
      }
    },
  }),
]
