const { connectSandport } = require('sandport')

const sandport = connectSandport() // the server of the global set-up

test('a failed export says why', async () => {
  const sandbox = await sandport.createSandbox()
  await sandbox.control.memsolus.behavior.set({ outcome: 'fail', failure: 'Disk full' })
  const { id } = await sandbox.memsolus.client.create()
  await expect(sandbox.memsolus.client.waitUntilReady(id)).rejects.toMatchObject({ status: 'FAILED' })
  await sandbox.delete()
})
