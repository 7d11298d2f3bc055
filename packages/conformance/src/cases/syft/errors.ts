import { expectError, expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { syftCase } from './case.ts'

export const errorCases = [
  syftCase({
    name: 'error-body',
    does: 'answers errors with {"error": text} and nothing else',
    rules: ['S-ERR-1'],
    section: 'Error Responses',
    async run({ syft }) {
      const exchanges = [
        await syft.ask({}, { headers: {} }),
        await syft.ask({}, { path: '/api/motion/no-such-motion/export' }),
        await syft.ask({ since: 'yesterday' }),
        await syft.ask({ fields: 'bogus' }),
      ]
      for (const exchange of exchanges) {
        const body = (exchange.body ?? {}) as { error?: unknown }
        const isPlain = exchange.status >= 400 && Object.keys(body).join() === 'error' && typeof body.error === 'string'
        expectThat(exchange, isPlain, {
          expected: 'an error and {error: text}',
          actual: `status ${exchange.status} and ${shapeOf(exchange.body)}`,
        })
      }
    },
  }),
  syftCase({
    name: 'error-order',
    does: 'answers the first error of 401, 404, and 400 for limit, since, until, order, fields, cursor',
    rules: ['S-ERR-2c'],
    section: 'Error Responses',
    async run({ syft }) {
      const wrong = { limit: '0', since: 'x', until: 'x', order: 'x', fields: 'x', cursor: 'x' }
      const absent = { path: '/api/motion/no-such-motion/export' }
      expectStatus(await syft.ask(wrong, { ...absent, headers: {} }), 401)
      expectStatus(await syft.ask(wrong, absent), 404)
      const begins = [
        "Invalid 'limit'",
        "Invalid 'since'",
        "Invalid 'until'",
        "Invalid 'order'",
        'Invalid fields',
        'Invalid cursor',
      ]
      for (const [index, begin] of begins.entries()) {
        const exchange = await syft.ask(Object.fromEntries(Object.entries(wrong).slice(index)))
        expectStatus(exchange, 400)
        const { error } = (exchange.body ?? {}) as { error?: unknown }
        expectThat(exchange, `${error}`.startsWith(begin), {
          expected: `an error that begins with "${begin}"`,
          actual: shapeOf(exchange.body, { withTexts: true }),
        })
      }
    },
  }),
  syftCase({
    name: 'error-of-fault',
    does: 'answers injected faults in its own form, and says nothing internal in a 5xx',
    rules: ['S-ERR-2c', 'X-HTTP-2c'],
    section: 'Error Responses',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      await control('POST', '/scripts', { operation: 'syft.exportRuns', steps: [{ respond: { status: 503 } }] })
      const exchange = await syft.ask()
      expectStatus(exchange, 503)
      expectError(exchange, 503, { error: 'Service Unavailable' })
    },
  }),
  syftCase({
    name: 'pages-unpaced',
    does: 'serves the pages of one pass as fast as they are asked for',
    rules: ['S-RATE-1'],
    section: 'Limits',
    async run({ syft }) {
      await syft.walk({ fields: 'status', limit: 100 })
    },
  }),
  syftCase({
    name: 'rate-limit',
    does: 'answers 429 with Retry-After once a limit is set and exceeded, and not before',
    rules: ['S-RATE-2c'],
    section: 'Limits',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      for (let request = 0; request < 5; request += 1) expectStatus(await syft.ask(), 200)
      await control('PUT', '/syft/policy', { rateLimit: { requests: 1, per: '1h' } })
      expectStatus(await syft.ask(), 200)
      const refused = await syft.ask()
      expectError(refused, 429, { error: 'Too many requests' })
      const retryAfter = refused.headers.get('retry-after')
      expectThat(refused, /^\d+$/.test(retryAfter ?? ''), {
        expected: 'a Retry-After in seconds',
        actual: retryAfter === null ? 'none' : 'another form',
      })
    },
  }),
]
