import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandport } from 'sandport'

const sandport = await startSandport()
after(() => sandport.close())

test('every run is served once, also where a page fails', async () => {
  const sandbox = await sandport.createSandbox({ data: { syft: { runs: { count: 250, status: 'completed' } } } })
  await sandbox.control.scripts.create({
    operation: 'syft.exportRuns',
    steps: [{ pass: true }, { respond: { status: 503 } }],
  })
  const seen = []
  for await (const { runId } of sandbox.syft.client.runs(sandbox.syft.motionId)) seen.push(runId)
  assert.equal(seen.length, 250)
  assert.equal(new Set(seen).size, 250)
})
