import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { syftCase } from './case.ts'

export const httpCases = [
  syftCase({
    name: 'method-not-allowed',
    does: 'answers 405 with Allow to a method that the path does not take, whoever asks',
    rules: ['X-HTTP-1c'],
    section: 'Endpoint',
    async run({ syft }) {
      for (const method of ['POST', 'DELETE']) {
        const exchange = await syft.ask({}, { method, headers: {} })
        expectStatus(exchange, 405)
        const allow = exchange.headers.get('allow') ?? ''
        expectThat(exchange, allow.includes('GET'), { expected: 'Allow with GET in it', actual: allow || 'no Allow' })
        const { error } = (exchange.body ?? {}) as { error?: unknown }
        expectThat(exchange, typeof error === 'string', { expected: '{error: text}', actual: shapeOf(exchange.body) })
      }
    },
  }),
  syftCase({
    name: 'path-unknown',
    does: 'answers 404 in its own form to a path that there is not',
    rules: ['X-HTTP-1c'],
    section: 'Endpoint',
    async run({ syft }) {
      const exchange = await syft.ask({}, { path: '/api/no-such-path', headers: {} })
      expectStatus(exchange, 404)
      const { error } = (exchange.body ?? {}) as { error?: unknown }
      expectThat(exchange, typeof error === 'string', { expected: '{error: text}', actual: shapeOf(exchange.body) })
    },
  }),
  syftCase({
    name: 'head',
    does: 'answers HEAD as GET, without a body',
    rules: ['X-HTTP-1c'],
    section: 'Endpoint',
    async run({ syft }) {
      const exchange = await syft.ask(
        { limit: 1 },
        { method: 'HEAD', headers: { authorization: `Bearer ${syft.target.secretKey}` } },
      )
      expectStatus(exchange, 200)
      const type = exchange.headers.get('content-type') ?? ''
      expectThat(exchange, exchange.text === '' && type.startsWith('application/json'), {
        expected: 'no body, and the content type of GET',
        actual: `${exchange.text.length} characters of ${type || 'no type'}`,
      })
    },
  }),
  syftCase({
    name: 'clock',
    does: 'dates its answers by the clock that its data follows',
    rules: ['X-TIME-2c'],
    section: 'Endpoint',
    needs: 'control',
    async run({ sandbox }) {
      const { syft } = await sandbox({ clock: { now: '2031-05-06T07:08:09Z', frozen: true } })
      const exchange = await syft.ask()
      const date = exchange.headers.get('date')
      expectThat(exchange, date === 'Tue, 06 May 2031 07:08:09 GMT', {
        expected: 'Date: Tue, 06 May 2031 07:08:09 GMT',
        actual: `Date: ${date}`,
      })
    },
  }),
  syftCase({
    name: 'keys-marked',
    does: 'makes up keys that cannot be taken for anybody’s secret',
    rules: ['X-KEY-1c'],
    section: 'Authentication',
    needs: 'control',
    async run({ sandbox }) {
      const { syft } = await sandbox()
      const exchange = await syft.ask({ limit: 1 })
      expectThat(exchange, syft.target.secretKey.startsWith('sk_live_sp_'), {
        expected: 'a key that begins with sk_live_sp_',
        actual: 'one that does not',
      })
    },
  }),
  syftCase({
    name: 'exchange-id',
    does: 'has an id of its own in the header Sandport-Exchange of each answer',
    rules: ['X-ALIEN-1c'],
    section: 'Endpoint',
    async run({ syft }) {
      const exchanges = [
        await syft.ask({ limit: 1 }),
        await syft.ask({ limit: 1 }),
        await syft.ask({}, { headers: {} }),
      ]
      const ids = exchanges.map(({ headers }) => headers.get('sandport-exchange'))
      const [first] = exchanges
      if (!first) return
      expectThat(first, !ids.includes(null) && new Set(ids).size === ids.length, {
        expected: 'a Sandport-Exchange of its own',
        actual: ids.includes(null) ? 'none' : 'that of another answer',
      })
    },
  }),
]
