import { verify } from '@sandport/conformance'
import { expect, it } from 'vitest'
import { control, type SandboxView } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

/** Of which more are completed than a page can have. */
const RUNS = 230

it('keeps to every rule of the Syft Export API that there is a case for', async () => {
  const { body } = await control<SandboxView>('POST', '/sandboxes', { data: { syft: { runs: { count: RUNS } } } })
  // So that it shows by which instant runs are ordered.
  const late = { status: 'completed', createdAt: '2020-01-01T00:00:00Z', updatedAt: body.clock.now }
  await control('POST', `/sandboxes/${body.id}/syft/runs`, late)
  const [motion] = body.syft.motions
  const baseUrl = serverUrl()
  const syft = { baseUrl, secretKey: body.syft.secretKey, motionId: motion?.id ?? '' }
  const report = await verify({ syft, control: { url: serverUrl() } }, { only: ['syft'] })
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  expect(report.counts.passed).toBeGreaterThan(60)
  await control('DELETE', `/sandboxes/${body.id}`)
}, 120_000)
