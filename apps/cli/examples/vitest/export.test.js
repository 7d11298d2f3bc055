import { test } from 'sandport/vitest'
import { expect } from 'vitest'

test('an export expires after 72 hours', async ({ sandbox }) => {
  await sandbox.control.memsolus.memories.createMany({ count: 3 })
  const { id } = await sandbox.memsolus.client.create({ format: 'csv' })
  await sandbox.memsolus.client.waitUntilReady(id)
  await sandbox.control.clock.advance('72h')
  await expect(sandbox.memsolus.client.download(id)).rejects.toMatchObject({ status: 410, code: 'EXPORT_EXPIRED' })
})
