import { har as validate } from 'har-validator/lib/promise.js'
import { expect, it } from 'vitest'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

type Entry = { request: { url: string }; response: { status: number } } & Record<string, unknown>
type Har = { log: { version: string; creator: { name: string }; entries: Entry[] } }

async function download({ control }: TestSandbox) {
  const answer = await control<Har>('GET', '/requests.har')
  await validate(answer.body)
  return { ...answer, entries: answer.body.log.entries }
}

it('is valid HAR 1.2, whatever the client did and whatever became of it', async () => {
  const sandbox = await testSandbox({ data: { syft: { runs: { count: 1 } } } })
  await sandbox.control('POST', '/scripts', {
    operation: 'syft.exportRuns',
    steps: [
      { pass: true },
      { reset: true },
      { truncate: {} },
      { respond: { status: 302, headers: { location: '/x' } } },
    ],
  })
  const path = { motion: 'with%20space%2F%C3%A9' }
  for (let step = 0; step < 4; step++) await sandbox.syft.page({ fields: 'runId', q: 'ü &' }, path).catch(() => 'cut')
  await sandbox.memsolus.create({ format: 'csv' })
  await sandbox.control('POST', '/requests/verify', { operation: 'syft.exportRuns', atLeast: 4, within: '20s' })
  const { headers, entries, body } = await download(sandbox)
  expect(body.log).toMatchObject({ version: '1.2', creator: { name: 'Sandport' } })
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${sandbox.id}.har"`)
  expect(entries.map(({ response }) => response.status)).toEqual([404, 0, 404, 302, 202])
  expect(entries[0]).toMatchObject({
    request: {
      method: 'GET',
      url: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+\/api\/motion\/with%20space%2F%C3%A9\/export\?fields=runId&q=/,
      ),
      queryString: [
        { name: 'fields', value: 'runId' },
        { name: 'q', value: 'ü &' },
      ],
    },
    response: { statusText: 'Not Found', content: { mimeType: 'application/json; charset=utf-8' } },
    _operation: 'syft.exportRuns',
    _whole: true,
  })
  expect(entries[1]).toMatchObject({ response: { _error: 'cut by the script' }, _whole: false })
  expect(entries[3]).toMatchObject({ response: { redirectURL: '/x' } })
})

it('has no key in it', async () => {
  const sandbox = await testSandbox()
  const { secretKey } = sandbox.view.syft
  await sandbox.syft.page({ api_key: secretKey }, { headers: { 'x-syft-secret-key': secretKey } })
  const { text, entries } = await download(sandbox)
  expect(text).not.toContain(secretKey)
  expect(entries[0]?.request.url).toContain(`api_key=${encodeURIComponent('…')}${secretKey.slice(-4)}`)
})

it('is empty where nobody has come, and long where many have', async () => {
  const sandbox = await testSandbox()
  expect((await download(sandbox)).entries).toEqual([])
  await Promise.all(Array.from({ length: 450 }, () => sandbox.syft.page()))
  expect((await download(sandbox)).entries).toHaveLength(450)
})
