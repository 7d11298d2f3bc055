import { isDeepStrictEqual } from 'node:util'
import { NotTold } from '../../case.ts'
import { expectError, expectStatus, expectThat, shapeOf } from '../../expect.ts'
import type { Page } from '../../syft-kit.ts'
import { syftCase } from './case.ts'
import { fieldNames } from './item-fields.ts'

const names = (item: object) => Object.keys(item).join(', ')
const NONE = 'The motion has no completed runs.'

export const fieldCases = [
  syftCase({
    name: 'fields',
    does: 'serves runId and the fields that are asked for, and no others',
    rules: ['S-FIELDS-1'],
    section: 'Selecting fields',
    async run({ syft }) {
      for (const [fields, wanted] of [
        ['status,error', ['runId', 'status', 'error']],
        ['runId', ['runId']],
        ['contacts', ['runId', 'contacts']],
      ] as const) {
        const { items, exchange } = await syft.page({ limit: 3, fields })
        if (items.length === 0) throw new NotTold(NONE)
        for (const item of items) {
          const extra = Object.keys(item).filter((name) => !(wanted as readonly string[]).includes(name))
          expectThat(exchange, extra.length === 0, {
            expected: `only ${wanted.join(', ')}`,
            actual: `${extra.join(', ')} too`,
          })
        }
      }
    },
  }),
  syftCase({
    name: 'fields-absent',
    does: 'serves whole items where fields is absent or empty',
    rules: ['S-FIELDS-2'],
    section: 'Selecting fields',
    async run({ syft }) {
      const whole = await syft.page({ limit: 1 })
      const empty = await syft.page({ limit: 1, fields: '' })
      expectThat(empty.exchange, isDeepStrictEqual(empty.items, whole.items), {
        expected: 'what is served without fields',
        actual: empty.items.map(names).join() || 'nothing',
      })
    },
  }),
  syftCase({
    name: 'fields-unknown',
    does: 'refuses names that are no fields',
    rules: ['S-FIELDS-3'],
    section: 'Selecting fields',
    async run({ syft }) {
      for (const fields of ['bogus', 'status,bogus', 'account.name']) {
        const exchange = await syft.ask({ fields })
        expectStatus(exchange, 400)
        const { error } = (exchange.body ?? {}) as { error?: unknown }
        expectThat(exchange, typeof error === 'string' && /^Invalid fields: .+ Valid fields: .+/.test(error), {
          expected: 'an error "Invalid fields: … Valid fields: …"',
          actual: shapeOf(exchange.body, { withTexts: true }),
        })
      }
    },
  }),
  syftCase({
    name: 'fields-unknown-text',
    does: 'names every unknown field, then the valid ones in their documented order',
    rules: ['S-FIELDS-5c'],
    section: 'Selecting fields',
    async run({ syft }) {
      const error = `Invalid fields: bogus, STATUS. Valid fields: ${fieldNames.join(', ')}`
      expectError(await syft.ask({ fields: 'bogus,status,STATUS' }), 400, { error })
    },
  }),
  syftCase({
    name: 'fields-order',
    does: 'serves fields in the documented order, and passes over spaces, repeats and blanks',
    rules: ['S-FIELDS-5c'],
    section: 'Selecting fields',
    async run({ syft }) {
      for (const [fields, wanted] of [
        [' updatedAt , status,status,', 'runId, status, updatedAt'],
        [',', names((await syft.page({ limit: 1 })).items[0] ?? {})],
      ] as const) {
        const { items, exchange } = await syft.page({ limit: 1, fields })
        if (!items[0]) throw new NotTold(NONE)
        expectThat(exchange, names(items[0]) === wanted, { expected: wanted, actual: names(items[0]) })
      }
    },
  }),
  syftCase({
    name: 'fields-lighter',
    does: 'answers with less where account, contacts and session are not asked for',
    rules: ['S-FIELDS-4'],
    section: 'Selecting fields',
    async run({ syft }) {
      const whole = await syft.ask({ limit: 50 })
      const narrow = await syft.ask({ limit: 50, fields: 'status,updatedAt' })
      expectStatus(whole, 200)
      expectStatus(narrow, 200)
      if ((whole.body as Page).items.length === 0) throw new NotTold(NONE)
      expectThat(narrow, narrow.text.length < whole.text.length / 2, {
        expected: `less than half of the ${whole.text.length} characters that whole items take`,
        actual: `${narrow.text.length}`,
      })
    },
  }),
]
