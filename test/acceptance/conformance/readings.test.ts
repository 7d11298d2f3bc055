import { foundIn, type Reading, verify } from '@sandport/conformance'
import { expect, it } from 'vitest'
import { control, type SandboxView } from '../../harness/sandbox.ts'
import { serverUrl } from '../../harness/url.ts'

const usual: Reading = { since: 'exclusive', order: 'createdAt', pages: 'full', nulls: 'present', hints: false }
const others: Reading = { since: 'inclusive', order: 'updatedAt', pages: 'short', nulls: 'absent', hints: true }
const singles = (Object.keys(others) as (keyof Reading)[]).map((name) => ({ [name]: others[name] }))

/** What verifies a sandbox by its base URL and keys alone. The run that was created first was updated last. */
async function targetOf(reading: Partial<Reading>, { runs = 230 } = {}) {
  const data = { memsolus: { memories: { count: 5 } }, ...(runs > 0 && { syft: { runs: { count: runs } } }) }
  const { body } = await control<SandboxView>('POST', '/sandboxes', { reading, data })
  const late = { status: 'completed', createdAt: '2020-01-01T00:00:00Z', updatedAt: body.clock.now }
  if (runs > 0) await control('POST', `/sandboxes/${body.id}/syft/runs`, late)
  const baseUrl = serverUrl()
  return {
    syft: { baseUrl, secretKey: body.syft.secretKey, motionId: body.syft.motions[0]?.id ?? '' },
    memsolus: { baseUrl, apiKey: body.memsolus.apiKey },
  }
}

it.each([usual, others, ...singles])(
  'S-TIME-4c S-ORDER-2c S-ITEM-4c M-OBJECT-2c M-HINT-1c %j is found out',
  async (reading) => {
    const report = await verify(await targetOf(reading), { only: ['readings'] })
    expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(foundIn(report.readings)).toEqual({ ...usual, ...reading })
  },
)

it.each([usual, others])('is found out of few runs, too: %j', async (reading) => {
  const { syft } = await targetOf(reading, { runs: 12 })
  const { readings } = await verify({ syft }, { only: ['readings'] })
  const { hints: _, ...ofSyft } = reading
  expect(foundIn(readings)).toEqual(ofSyft)
})

it('makes one export and reads all else, and says nothing of what is in it', async () => {
  const report = await verify(await targetOf(others), { only: ['readings'] })
  const sent = report.results.flatMap(({ requests }) => requests)
  expect(sent.filter((request) => !request.startsWith('GET '))).toEqual(['POST /v1/exports'])
  expect(sent.length).toBeLessThan(25)
  for (const each of report.readings)
    expect(each).toMatchObject({ evidence: expect.stringMatching(/(GET|POST) \/.*\.$/) })
})

it('says why a reading was not found out', async () => {
  const report = await verify(await targetOf({}, { runs: 0 }), { only: ['readings'], maxExports: 0 })
  expect(report.readings).toEqual([
    { name: 'since', reason: 'The motion has no completed runs.' },
    { name: 'order', reason: 'The motion has fewer than two completed runs.' },
    { name: 'pages', reason: 'The motion has fewer than four completed runs.' },
    {
      name: 'nulls',
      reason: expect.stringMatching(/^The motion has no completed runs\. It would take another export/),
    },
    { name: 'hints', reason: expect.stringContaining('no more than 0 may be made here (maxExports)') },
  ])
})

it('S-TIME-4c S-ORDER-2c M-OBJECT-2c keeps to every rule with other readings, as with the usual ones', async () => {
  const target = { ...(await targetOf(others)), control: { url: serverUrl() } }
  const report = await verify(target, { maxExports: 3 })
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  expect(foundIn(report.readings)).toEqual(others)
}, 240_000)
