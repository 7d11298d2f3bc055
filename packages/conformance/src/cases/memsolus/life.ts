import { expectStatus, expectThat } from '../../expect.ts'

import { type MemsolusKit, readExport } from '../../memsolus-kit.ts'
import { expectCode, memsolusCase } from './case.ts'
import { statuses as known } from './object-fields.ts'
import { finished, frozen, held, NOW } from './sandbox.ts'

/** Where the export of everything is READY at once, on a clock that stands still. */
const still = { clock: frozen, data: { memsolus: { memories: { count: 3 } } } }
const AFTER_72_HOURS = '2026-06-04T00:00:00.000Z'
const SHORT_OF_72_HOURS = '2026-06-03T23:59:59.999Z'

async function expectExport(memsolus: MemsolusKit, id: string, status: string, updatedAt?: string): Promise<void> {
  const exchange = await memsolus.ask(`/${id}`)
  const found = readExport(exchange)
  expectThat(exchange, found.status === status, { expected: `status: ${status}`, actual: `status: ${found.status}` })
  if (updatedAt === undefined) return
  expectThat(exchange, found.updated_at === updatedAt, {
    expected: `updated_at: ${updatedAt}`,
    actual: `updated_at: ${found.updated_at}`,
  })
}

export const lifeCases = [
  memsolusCase({
    name: 'life',
    does: 'leads an export to READY, by way of statuses that are documented',
    rules: ['M-LIFE-1'],
    section: 'Export Lifecycle',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) {
        const { exchange, statuses } = await memsolus.ready(format)
        const others = statuses.filter((status) => !known.includes(status)).length
        expectThat(exchange, others === 0, { expected: known.join(', '), actual: `${others} other statuses` })
      }
    },
  }),
  memsolusCase({
    name: 'life-72-hours',
    does: 'has the file for 72 hours from READY, and calls the export EXPIRED after that',
    rules: ['M-LIFE-2', 'M-DOWN-3'],
    section: 'Export Lifecycle',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox(still)
      const { id } = await finished(own)
      await own.control('POST', '/clock/advance', { by: '71h' })
      await expectExport(own.memsolus, id, 'READY')
      expectStatus(await own.memsolus.ask(`/${id}/download`), 200)
      await own.control('POST', '/clock/advance', { by: '2h' })
      await expectExport(own.memsolus, id, 'EXPIRED')
      expectCode(await own.memsolus.ask(`/${id}/download`), 410, 'EXPORT_EXPIRED')
    },
  }),
  memsolusCase({
    name: 'life-exactly-72-hours',
    does: 'still has the file a millisecond before 72 hours are over, and keeps none when they are',
    rules: ['M-LIFE-3c'],
    section: 'Export Lifecycle',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox(still)
      const { id } = await finished(own)
      await own.control('POST', '/clock/advance', { to: SHORT_OF_72_HOURS })
      await expectExport(own.memsolus, id, 'READY', NOW)
      expectStatus(await own.memsolus.ask(`/${id}/download`), 200)
      await own.control('POST', '/clock/advance', { to: AFTER_72_HOURS })
      await expectExport(own.memsolus, id, 'EXPIRED', AFTER_72_HOURS)
      const exchange = await own.memsolus.ask(`/${id}/download`)
      expectCode(exchange, 410, 'EXPORT_EXPIRED')
      const { file } = await own.control<{ file: unknown }>('GET', `/memsolus/exports/${id}`)
      expectThat(exchange, file === null, { expected: 'no file that is kept', actual: 'one that is' })
    },
  }),
  memsolusCase({
    name: 'life-order',
    does: 'goes from PENDING to PROCESSING to READY to EXPIRED, a step at a time and never back',
    rules: ['M-LIFE-3c'],
    section: 'Export Lifecycle',
    needs: 'control',
    async run({ sandbox }) {
      const { memsolus, control } = await sandbox(held)
      const { id } = readExport(await memsolus.create(), 202)
      await expectExport(memsolus, id, 'PENDING')
      for (const status of ['PROCESSING', 'READY', 'EXPIRED']) {
        await control('POST', `/memsolus/exports/${id}/step`)
        await expectExport(memsolus, id, status)
      }
      await control('POST', '/clock/advance', { by: '1000h' })
      await expectExport(memsolus, id, 'EXPIRED')
    },
  }),
  memsolusCase({
    name: 'life-updated',
    does: 'moves updated_at with the status, and neither for lists nor for downloads',
    rules: ['M-LIFE-4c'],
    section: 'Export Lifecycle',
    needs: 'control',
    async run({ sandbox }) {
      const behavior = { pendingFor: '10s', processingFor: '1m' }
      const { memsolus, control } = await sandbox({ clock: frozen, data: { memsolus: { behavior } } })
      const { id } = readExport(await memsolus.create(), 202)
      await expectExport(memsolus, id, 'PENDING', NOW)
      await control('POST', '/clock/advance', { by: '30s' })
      await expectExport(memsolus, id, 'PROCESSING', '2026-06-01T00:00:10.000Z')
      await control('POST', '/clock/advance', { by: '1h' })
      await memsolus.ask()
      await memsolus.ask(`/${id}/download`)
      await expectExport(memsolus, id, 'READY', '2026-06-01T00:01:10.000Z')
    },
  }),
  memsolusCase({
    name: 'life-failed',
    does: 'leaves an export FAILED for good, without a file',
    rules: ['M-LIFE-5c'],
    section: 'Export Lifecycle',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen, data: { memsolus: { behavior: { outcome: 'fail' } } } })
      const { id } = await finished(own)
      await expectExport(own.memsolus, id, 'FAILED', NOW)
      await own.control('POST', '/clock/advance', { by: '1000h' })
      await expectExport(own.memsolus, id, 'FAILED', NOW)
      expectStatus(await own.memsolus.ask(`/${id}/download`), 409)
    },
  }),
]
