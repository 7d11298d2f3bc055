import { expectError, expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { syftCase } from './case.ts'

const UNAUTHORIZED = { error: 'Unauthorized' }
const NOT_FOUND = { error: 'Motion not found' }
/** Looks like a key, and is nobody's. */
const NOBODYS_KEY = 'sk_live_0000000000000000'
const ABSENT_MOTION = 'no-such-motion'

/** A run of one item is enough to see that one is let in. */
const ONE = { limit: 1 }

export const accessCases = [
  syftCase({
    name: 'bearer',
    does: 'lets in a key that is sent as a Bearer token',
    rules: ['S-AUTH-1'],
    section: 'Authentication',
    async run({ syft }) {
      expectStatus(await syft.ask(ONE), 200)
    },
  }),
  syftCase({
    name: 'key-header',
    does: 'lets in a key that is sent as x-syft-secret-key',
    rules: ['S-AUTH-2'],
    section: 'Authentication',
    async run({ syft }) {
      expectStatus(await syft.ask(ONE, { headers: { 'x-syft-secret-key': syft.target.secretKey } }), 200)
    },
  }),
  syftCase({
    name: 'no-key',
    does: 'answers 401 where there is no key',
    rules: ['S-AUTH-3'],
    section: 'Error Responses',
    async run({ syft }) {
      expectError(await syft.ask(ONE, { headers: {} }), 401, UNAUTHORIZED)
    },
  }),
  syftCase({
    name: 'invalid-key',
    does: 'answers 401 to a key that is nobody’s, in either header',
    rules: ['S-AUTH-3'],
    section: 'Error Responses',
    async run({ syft }) {
      for (const headers of [{ authorization: `Bearer ${NOBODYS_KEY}` }, { 'x-syft-secret-key': NOBODYS_KEY }])
        expectError(await syft.ask(ONE, { headers }), 401, UNAUTHORIZED)
    },
  }),
  syftCase({
    name: 'scheme-case',
    does: 'reads the scheme in any case',
    rules: ['S-AUTH-4c'],
    section: 'Authentication',
    async run({ syft }) {
      for (const scheme of ['bearer', 'BEARER'])
        expectStatus(await syft.ask(ONE, { headers: { authorization: `${scheme} ${syft.target.secretKey}` } }), 200)
    },
  }),
  syftCase({
    name: 'two-headers',
    does: 'goes by Authorization where both headers hold a key, and passes over other schemes',
    rules: ['S-AUTH-4c'],
    section: 'Authentication',
    async run({ syft }) {
      const key = syft.target.secretKey
      const ask = (authorization: string, other: string) =>
        syft.ask(ONE, { headers: { authorization, 'x-syft-secret-key': other } })
      expectError(await ask(`Bearer ${NOBODYS_KEY}`, key), 401, UNAUTHORIZED)
      expectStatus(await ask(`Bearer ${key}`, NOBODYS_KEY), 200)
      expectStatus(await ask('Basic dXNlcjpwYXNz', key), 200)
    },
  }),
  syftCase({
    name: 'revoked-key',
    does: 'answers 401 to a key that was revoked, and to one of another API',
    rules: ['S-AUTH-4c'],
    section: 'Authentication',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      const { key } = await control<{ key: string }>('POST', '/keys', { api: 'syft' })
      const headers = { authorization: `Bearer ${key}` }
      expectStatus(await syft.ask(ONE, { headers }), 200)
      await control('DELETE', `/keys/${key}`)
      expectError(await syft.ask(ONE, { headers }), 401, UNAUTHORIZED)
      const other = await control<{ key: string }>('POST', '/keys', { api: 'memsolus' })
      expectError(await syft.ask(ONE, { headers: { authorization: `Bearer ${other.key}` } }), 401, UNAUTHORIZED)
    },
  }),
  syftCase({
    name: 'plan',
    does: 'answers 403 to an organization whose plan has no API access',
    rules: ['S-PLAN-1'],
    section: 'Error Responses',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      const { secretKey } = await control<{ secretKey: string }>('POST', '/syft/organizations', { plan: 'starter' })
      const exchange = await syft.ask(ONE, { headers: { authorization: `Bearer ${secretKey}` } })
      expectStatus(exchange, 403)
      const { error } = (exchange.body ?? {}) as { error?: unknown }
      expectThat(exchange, typeof error === 'string' && error.startsWith('API access requires a Pro plan'), {
        expected: 'an error that begins with "API access requires a Pro plan"',
        actual: shapeOf(exchange.body, { withTexts: true }),
      })
    },
  }),
  syftCase({
    name: 'motion-absent',
    does: 'answers 404 to a motion that there is not',
    rules: ['S-MOTION-1'],
    section: 'Error Responses',
    async run({ syft }) {
      expectError(await syft.ask(ONE, { path: `/api/motion/${ABSENT_MOTION}/export` }), 404, NOT_FOUND)
    },
  }),
  syftCase({
    name: 'motion-of-another',
    does: 'answers 404 to the motion of another organization',
    rules: ['S-MOTION-1'],
    section: 'Error Responses',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      const { secretKey } = await control<{ secretKey: string }>('POST', '/syft/organizations', { plan: 'pro' })
      expectError(await syft.ask(ONE, { headers: { authorization: `Bearer ${secretKey}` } }), 404, NOT_FOUND)
    },
  }),
  syftCase({
    name: 'motion-secret',
    does: 'answers the same bytes to a motion that there is not and to that of another organization',
    rules: ['S-MOTION-2c'],
    section: 'Error Responses',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      const { secretKey } = await control<{ secretKey: string }>('POST', '/syft/organizations', { plan: 'pro' })
      const headers = { authorization: `Bearer ${secretKey}` }
      const foreign = await syft.ask(ONE, { headers })
      const absent = await syft.ask(ONE, { headers, path: `/api/motion/${ABSENT_MOTION}/export` })
      expectThat(foreign, foreign.status === absent.status && foreign.text === absent.text, {
        expected: 'what a motion that there is not is answered with',
        actual: `status ${foreign.status} and other bytes`,
      })
    },
  }),
]
