import { expectStatus, expectThat } from '../../expect.ts'
import { ABSENT_ID, expectEnvelope, memsolusCase } from './case.ts'
import { frozen } from './sandbox.ts'

export const httpCases = [
  memsolusCase({
    name: 'method-not-allowed',
    does: 'answers 405 with Allow to a method that the path does not take, whoever asks',
    rules: ['X-HTTP-1c', 'M-ERR-2c'],
    section: 'Endpoint Overview',
    async run({ memsolus }) {
      const calls = [
        ['PUT', '', 'POST'],
        ['DELETE', '', 'GET'],
        ['POST', `/${ABSENT_ID}`, 'GET'],
        ['DELETE', `/${ABSENT_ID}/download`, 'GET'],
      ] as const
      for (const [method, below, allowed] of calls) {
        const exchange = await memsolus.ask(below, { method, headers: {} })
        expectEnvelope(exchange, 405)
        const allow = exchange.headers.get('allow') ?? ''
        expectThat(exchange, allow.includes(allowed), {
          expected: `Allow with ${allowed} in it`,
          actual: allow || 'no Allow',
        })
      }
    },
  }),
  memsolusCase({
    name: 'path-unknown',
    does: 'answers 404 in its own form to a path that there is not',
    rules: ['X-HTTP-1c', 'M-ERR-2c'],
    section: 'Endpoint Overview',
    async run({ memsolus }) {
      for (const path of ['/v1/no-such-path', `/v1/exports/${ABSENT_ID}/downloads`])
        expectEnvelope(await memsolus.ask('', { path, headers: {} }), 404)
    },
  }),
  memsolusCase({
    name: 'head',
    does: 'answers HEAD of a list as GET, without a body',
    rules: ['X-HTTP-1c'],
    section: 'List Exports',
    async run({ memsolus }) {
      const exchange = await memsolus.ask('', { method: 'HEAD' })
      expectStatus(exchange, 200)
      const type = exchange.headers.get('content-type') ?? ''
      expectThat(exchange, exchange.text === '' && type.startsWith('application/json'), {
        expected: 'no body, and the content type of GET',
        actual: `${exchange.text.length} characters of ${type || 'no type'}`,
      })
    },
  }),
  memsolusCase({
    name: 'head-download',
    does: 'answers HEAD of a download as GET, without the file',
    rules: ['X-HTTP-1c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const { id } = await memsolus.ready('csv')
      const got = await memsolus.file('csv')
      const head = await memsolus.ask(`/${encodeURIComponent(id)}/download`, { method: 'HEAD' })
      expectStatus(head, 200)
      expectThat(head, head.text === '', { expected: 'no body', actual: `${head.text.length} characters` })
      for (const name of ['content-type', 'content-disposition']) {
        expectThat(head, head.headers.get(name) === got.headers.get(name), {
          expected: `the ${name} of GET`,
          actual: head.headers.has(name) ? 'another one' : 'none',
        })
      }
    },
  }),
  memsolusCase({
    name: 'range',
    does: 'answers the whole file to whom asks for a range of it',
    rules: ['X-HTTP-1c'],
    section: 'Download Export',
    async run({ memsolus }) {
      const { id } = await memsolus.ready('json')
      const whole = await memsolus.file('json')
      const headers = { 'x-api-key': memsolus.target.apiKey, range: 'bytes=0-0' }
      const exchange = await memsolus.ask(`/${encodeURIComponent(id)}/download`, { headers })
      expectStatus(exchange, 200)
      expectThat(exchange, exchange.text.length === whole.text.length, {
        expected: `${whole.text.length} characters`,
        actual: `${exchange.text.length} characters`,
      })
    },
  }),
  memsolusCase({
    name: 'clock',
    does: 'dates its answers by the clock that its exports follow',
    rules: ['X-TIME-2c'],
    section: 'Endpoint Overview',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox({ clock: frozen })
      const exchange = await memsolus.ask()
      const date = exchange.headers.get('date')
      expectThat(exchange, date === 'Mon, 01 Jun 2026 00:00:00 GMT', {
        expected: 'Date: Mon, 01 Jun 2026 00:00:00 GMT',
        actual: `Date: ${date}`,
      })
    },
  }),
  memsolusCase({
    name: 'keys-marked',
    does: 'makes up keys that cannot be taken for anybody’s secret',
    rules: ['X-KEY-1c'],
    section: 'Authentication',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus } = await sandbox()
      const exchange = await memsolus.ask()
      expectThat(exchange, memsolus.target.apiKey.startsWith('msk_live_sp_'), {
        expected: 'a key that begins with msk_live_sp_',
        actual: 'one that does not',
      })
    },
  }),
  memsolusCase({
    name: 'exchange-id',
    does: 'has an id of its own in the header Sandport-Exchange of each answer',
    rules: ['X-ALIEN-1c'],
    section: 'Endpoint Overview',
    async run({ memsolus }) {
      const first = await memsolus.ask()
      const others = [await memsolus.ask(`/${ABSENT_ID}`), await memsolus.ask('', { headers: {} })]
      const ids = [first, ...others].map(({ headers }) => headers.get('sandport-exchange'))
      expectThat(first, !ids.includes(null) && new Set(ids).size === ids.length, {
        expected: 'a Sandport-Exchange of its own',
        actual: ids.includes(null) ? 'none' : 'that of another answer',
      })
    },
  }),
]
