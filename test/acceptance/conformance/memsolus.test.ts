import { verify } from '@sandport/conformance'
import { expect, it } from 'vitest'
import { control, type SandboxView } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

/** Exports that become ready by being asked for, so that a download right after the creation comes too early. */
const behavior = { polls: { pending: 1, processing: 1 } }

async function account() {
  const data = { memsolus: { memories: { count: 40 }, behavior } }
  const { body } = await control<SandboxView>('POST', '/sandboxes', { data })
  return { id: body.id, memsolus: { baseUrl: serverUrl(), apiKey: body.memsolus.apiKey } }
}

it('keeps to every rule of the Memsolus Exports API that there is a case for', async () => {
  const { id, memsolus } = await account()
  const target = { memsolus, control: { url: serverUrl() } }
  const report = await verify(target, { only: ['memsolus'], maxExports: 3 })
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  expect(report.counts.passed).toBeGreaterThan(70)
  expect(report.targets).toEqual({ memsolus: serverUrl() })
  await control('DELETE', `/sandboxes/${id}`)
}, 120_000)

it('makes two exports where it is told nothing else, and asks by nothing that is in them', async () => {
  const { id, memsolus } = await account()
  const report = await verify({ memsolus }, { only: ['memsolus'] })
  const others = report.results.filter(({ outcome }) => outcome !== 'passed')
  const skipped = others.filter(
    ({ reason }) => reason !== 'It needs a sandbox of its own, which only a Sandport gives.',
  )
  expect(skipped.map((each) => [each.id, each.outcome, each.reason])).toEqual([
    ['memsolus/create-invalid', 'skipped', expect.stringContaining('maxExports')],
  ])
  const sent = report.results.flatMap(({ requests }) => requests)
  expect(sent.filter((request) => request.startsWith('POST /v1/exports') && !request.includes('0000-'))).toEqual([
    'POST /v1/exports',
    'POST /v1/exports?format=csv',
  ])
  const { body } = await control<{ items: { user_id: string | null }[] }>('GET', `/sandboxes/${id}/memsolus/exports`)
  expect(body.items).toHaveLength(2)
  expect(JSON.stringify(report)).not.toMatch(/msk_live|user_id=/)
  await control('DELETE', `/sandboxes/${id}`)
}, 120_000)
