import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { ABSENT_ID, expectCode, expectEnvelope, memsolusCase } from './case.ts'
import { held } from './sandbox.ts'

export const errorCases = [
  memsolusCase({
    name: 'error-body',
    does: 'answers errors with a code in error and words for people in message',
    rules: ['M-ERR-1'],
    section: 'Overview',
    async run({ memsolus }) {
      const exchanges = [
        await memsolus.ask('', { headers: {} }),
        await memsolus.ask(`/${ABSENT_ID}`),
        await memsolus.ask(`/${ABSENT_ID}/download`),
      ]
      for (const exchange of exchanges) {
        const { error, message } = (exchange.body ?? {}) as { error?: unknown; message?: unknown }
        const isMet = typeof error === 'string' && typeof message === 'string' && exchange.status >= 400
        expectThat(exchange, isMet, {
          expected: 'an error and {error: text, message: text}',
          actual: `status ${exchange.status} and ${shapeOf(exchange.body)}`,
        })
      }
    },
  }),
  memsolusCase({
    name: 'error-envelope',
    does: 'answers errors with {error, message, statusCode} and nothing else',
    rules: ['M-ERR-2c'],
    section: 'Overview',
    async run({ memsolus }) {
      expectEnvelope(await memsolus.ask('', { headers: {} }), 401)
      expectEnvelope(await memsolus.ask(`/${ABSENT_ID}`), 404)
      expectEnvelope(await memsolus.ask(`/${ABSENT_ID}/download`), 404)
      expectEnvelope(await memsolus.ask('', { query: { page: 0 } }), 422)
    },
  }),
  memsolusCase({
    name: 'error-order',
    does: 'answers the first error of 401, 403, 404, 422 and 409',
    rules: ['M-ERR-2c'],
    section: 'Overview',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox(held)
      const { id } = readExport(await memsolus.create(), 202)
      const { key } = await control<{ key: string }>('POST', '/keys', { api: 'memsolus', permissions: [] })
      const [nobody, nothing] = [{ headers: {} }, { headers: { 'x-api-key': key } }]
      const wrong = { format: 'xml' }
      expectStatus(await memsolus.create(wrong, nobody), 401)
      expectStatus(await memsolus.create(wrong, nothing), 403)
      expectStatus(await memsolus.create(wrong), 422)
      expectStatus(await memsolus.ask('', { query: { page: 0 }, ...nothing }), 403)
      for (const asked of [ABSENT_ID, id]) {
        expectStatus(await memsolus.ask(`/${asked}/download`, nobody), 401)
        expectStatus(await memsolus.ask(`/${asked}/download`, nothing), 403)
      }
      expectStatus(await memsolus.ask(`/${ABSENT_ID}/download`), 404)
      expectStatus(await memsolus.ask(`/${id}/download`), 409)
    },
  }),
  memsolusCase({
    name: 'error-of-fault',
    does: 'answers injected faults in its own form, and says nothing internal in a 5xx',
    rules: ['M-ERR-2c', 'X-HTTP-2c'],
    section: 'Overview',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox()
      await control('POST', '/scripts', { operation: 'memsolus.listExports', steps: [{ respond: { status: 503 } }] })
      const exchange = await memsolus.ask()
      expectEnvelope(exchange, 503)
      const { message } = exchange.body as { message: string }
      expectThat(exchange, message === 'Service Unavailable', {
        expected: 'the message "Service Unavailable"',
        actual: shapeOf(message, { withTexts: true }),
      })
    },
  }),
  memsolusCase({
    name: 'rate-limit',
    does: 'answers 429 with Retry-After once a limit is set and exceeded, and not before',
    rules: ['M-RATE-1c'],
    section: 'Overview',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox()
      for (let request = 0; request < 5; request += 1) expectStatus(await memsolus.ask(), 200)
      await control('PUT', '/memsolus/policy', { rateLimit: { requests: 1, per: '1h' } })
      expectStatus(await memsolus.ask(), 200)
      const refused = await memsolus.ask()
      expectCode(refused, 429, 'RATE_LIMIT')
      expectEnvelope(refused, 429)
      const retryAfter = refused.headers.get('retry-after')
      expectThat(refused, /^\d+$/.test(retryAfter ?? ''), {
        expected: 'a Retry-After in seconds',
        actual: retryAfter === null ? 'none' : 'another form',
      })
    },
  }),
]
