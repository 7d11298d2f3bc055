import { expectStatus, expectThat } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { ABSENT_ID, expectCode, memsolusCase } from './case.ts'
import { listed } from './listed.ts'
import { expectObject, nullableFieldNames, objectFieldNames } from './object-fields.ts'
import { finished, frozen } from './sandbox.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const objectCases = [
  memsolusCase({
    name: 'object-fields',
    does: 'shows exports with the documented fields, each of its documented type',
    rules: ['M-OBJECT-1'],
    section: 'Export Object',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) {
        const { exchange } = await memsolus.ready(format)
        expectObject(exchange, readExport(exchange))
      }
      const list = await memsolus.ask()
      for (const found of listed(list)) expectObject(list, found)
    },
  }),
  memsolusCase({
    name: 'object-all-fields',
    does: 'shows all 12 fields or all that are not null, no others, and a UUID as the id',
    rules: ['M-OBJECT-2c'],
    section: 'Export Object',
    async run({ memsolus }) {
      const { id, exchange } = await memsolus.ready('json')
      const found = readExport(exchange)
      const names = Object.keys(found)
      // Where one is left out because it is null, all are: which of the two is a matter of reading.
      const isWithoutNulls = !Object.values(found).includes(null)
      const missing = objectFieldNames.filter(
        (name) => !names.includes(name) && !(isWithoutNulls && nullableFieldNames.includes(name)),
      )
      const extra = names.filter((name) => !objectFieldNames.includes(name))
      expectThat(exchange, missing.length === 0 && extra.length === 0, {
        expected: 'the 12 documented fields',
        actual: `${missing.join(', ') || 'none'} missing, ${extra.join(', ') || 'none'} more`,
      })
      expectThat(exchange, UUID.test(id), { expected: 'a UUID as the id', actual: 'another form' })
    },
  }),
  memsolusCase({
    name: 'object-nulls',
    does: 'shows what is null, or leaves it out and nothing else under the reading nulls: absent',
    rules: ['M-OBJECT-2c'],
    section: 'Export Object',
    needs: 'control',
    async run({ sandbox }) {
      for (const nulls of ['present', 'absent'] as const) {
        const { memsolus } = await sandbox({ reading: { nulls } })
        const exchange = await memsolus.create({ user_id: 'u' })
        const names = Object.keys(readExport(exchange, 202)).join(', ')
        const isShown = (name: string) =>
          name === 'user_id' || nulls === 'present' || !nullableFieldNames.includes(name)
        const wanted = objectFieldNames.filter(isShown).join(', ')
        expectThat(exchange, names === wanted, { expected: wanted, actual: names })
      }
    },
  }),
  memsolusCase({
    name: 'object-instants',
    does: 'shows times in UTC with three decimals',
    rules: ['X-TIME-2c'],
    section: 'Export Object',
    async run({ memsolus }) {
      const { exchange } = await memsolus.ready('json')
      const { created_at, updated_at } = readExport(exchange)
      const isMet = [created_at, updated_at].every((at) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(`${at}`))
      expectThat(exchange, isMet, { expected: 'times such as 2026-01-31T09:30:00.000Z', actual: 'another form' })
    },
  }),
  memsolusCase({
    name: 'get',
    does: 'answers an export by its id',
    rules: ['M-GET-1'],
    section: 'Get Export Status',
    async run({ memsolus }) {
      const { id } = await memsolus.ready('json')
      const exchange = await memsolus.ask(`/${encodeURIComponent(id)}`)
      expectThat(exchange, readExport(exchange).id === id, { expected: 'that export', actual: 'another one' })
    },
  }),
  memsolusCase({
    name: 'get-absent',
    does: 'answers 404 EXPORT_NOT_FOUND to an id that there is not',
    rules: ['M-GET-2'],
    section: 'Get Export Status',
    async run({ memsolus }) {
      expectCode(await memsolus.ask(`/${ABSENT_ID}`), 404, 'EXPORT_NOT_FOUND')
    },
  }),
  memsolusCase({
    name: 'get-of-another',
    does: 'answers 404 EXPORT_NOT_FOUND to the export of another account',
    rules: ['M-GET-2'],
    section: 'Get Export Status',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox()
      const { id } = await finished(own)
      const { apiKey } = await own.control<{ apiKey: string }>('POST', '/memsolus/workspaces', {})
      const headers = { 'x-api-key': apiKey }
      for (const below of [`/${id}`, `/${id}/download`])
        expectCode(await own.memsolus.ask(below, { headers }), 404, 'EXPORT_NOT_FOUND')
    },
  }),
  memsolusCase({
    name: 'get-no-uuid',
    does: 'answers 404 EXPORT_NOT_FOUND to an id that is no UUID',
    rules: ['M-GET-3c'],
    section: 'Get Export Status',
    async run({ memsolus }) {
      for (const id of ['latest', '0', ABSENT_ID.slice(1), `${ABSENT_ID}0`])
        expectCode(await memsolus.ask(`/${id}`), 404, 'EXPORT_NOT_FOUND')
    },
  }),
  memsolusCase({
    name: 'get-ended',
    does: 'still shows an export that has failed or expired',
    rules: ['M-GET-3c'],
    section: 'Get Export Status',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox({ clock: frozen })
      for (const status of ['FAILED', 'EXPIRED']) {
        const { id } = await control<{ id: string }>('POST', '/memsolus/exports', { status })
        const exchange = await memsolus.ask(`/${id}`)
        expectStatus(exchange, 200)
        const found = readExport(exchange)
        expectThat(exchange, found.status === status, {
          expected: `status: ${status}`,
          actual: `status: ${found.status}`,
        })
      }
    },
  }),
]
