import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyService } from '../harness/empty-service.ts'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand } from '../harness/server.ts'

const key = { SYFT_SECRET_KEY: 'sk_live_of_somebody' }

describe('sandport verify', { timeout: 60_000 }, () => {
  it('finds that Sandport keeps to the rules, with nothing else needed', async () => {
    const { code, stdout, stderr } = await runCommand(['verify', '--only', 'syft/limit,S-AUTH-3'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^✓ syft\/no-key {2}answers 401 where there is no key$/m)
    expect(stdout).toMatch(/^6 passed; \d+ requests$/m)
  })

  it('finds what another service does otherwise, by its URL and key alone', async () => {
    const { url, requests } = await emptyService()
    const args = [
      'verify',
      '--syft-url',
      url,
      '--motion',
      'm',
      '--pace',
      '5ms',
      '--only',
      'S-AUTH-3,S-PAGE-3c,S-PLAN-1',
    ]
    const { code, stdout } = await runCommand([...args, '--reporter', 'json'], key)
    expect(code).toBe(1)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ targets: { syft: url }, isSandport: false })
    expect(report.counts).toEqual({ passed: 0, failed: 2, differs: 1, skipped: 1 })
    expect(requests).toEqual(report.results.flatMap((result: { requests: string[] }) => result.requests))
    expect(stdout).not.toContain(key.SYFT_SECRET_KEY)
  })

  it('writes a report into a file, and tells of the results all the same', async () => {
    const output = join(await testDirectory(), 'report.xml')
    const args = ['verify', '--only', 'syft/bearer', '--reporter', 'junit', '--output', output]
    const { code, stdout } = await runCommand(args)
    expect(code).toBe(0)
    expect(stdout).toContain('✓ syft/bearer')
    expect(await readFile(output, 'utf8')).toContain('<testsuite name="syft" tests="1" failures="0" skipped="0"')
  })

  it('commands another Sandport for the cases that need it', async () => {
    const { url, syft } = await testServer()
    const target = ['--syft-url', url, '--syft-key', syft.secretKey, '--motion', syft.motionId, '--control-url', url]
    const { code, stdout } = await runCommand(['verify', ...target, '--pace', '0s', '--only', 'S-PLAN-1,S-AUTH-1'])
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/^2 passed;/m)
    const { body } = await ask<{ items: unknown[] }>(`${url}/_sandport/sandboxes`)
    expect(body.items).toHaveLength(1)
  })

  it('verifies the other API by its own URL and key, with no more exports than it may create', async () => {
    const { url, memsolus } = await testServer()
    const target = ['--memsolus-url', url, '--memsolus-key', memsolus.apiKey, '--max-exports', '0', '--pace', '0s']
    const args = ['verify', ...target, '--only', 'M-AUTH-1,M-CREATE-1', '--reporter', 'json']
    const { code, stdout } = await runCommand(args)
    const { results, counts } = JSON.parse(stdout)
    expect({ code, counts }).toEqual({
      code: 0,
      counts: { passed: expect.any(Number), failed: 0, differs: 0, skipped: expect.any(Number) },
    })
    expect(results.find(({ rules }: { rules: string[] }) => rules.includes('M-CREATE-1')).reason).toContain(
      'maxExports',
    )
    const { body } = await ask<{ data: unknown[] }>(`${url}/v1/exports`, { headers: { 'X-Api-Key': memsolus.apiKey } })
    expect(body.data).toEqual([])
  })

  it('lists what it would ask of a service, and asks nothing', async () => {
    const { url, requests } = await emptyService()
    const args = ['verify', '--dry-run', '--syft-url', url, '--motion', 'm_1', '--only', 'syft/bearer,syft/plan']
    const { code, stdout } = await runCommand(args)
    expect(code).toBe(0)
    expect(stdout).toBe(`syft/bearer
  GET ${url}/api/motion/m_1/export?limit=1
syft/plan
  nothing: It needs a sandbox of its own, which only a Sandport gives.
`)
    expect(requests).toEqual([])
  })

  it('says of a service that is not there that it could not be asked', async () => {
    const args = ['verify', '--syft-url', 'http://127.0.0.1:9', '--motion', 'm', '--only', 'syft/bearer']
    const { code, stdout } = await runCommand(args, key)
    expect(code).toBe(1)
    expect(stdout).toMatch(/It could not be asked: fetch failed/)
  })
})

describe.concurrent('sandport verify refuses', () => {
  it.each([
    [['--syft-url', 'https://service.test'], '--syft-url needs --motion, the id of a motion there.'],
    [
      ['--syft-url', 'https://service.test', '--motion', 'm'],
      '--syft-url needs --syft-key, or SYFT_SECRET_KEY in the environment.',
    ],
    [
      ['--memsolus-url', 'https://service.test'],
      '--memsolus-url needs --memsolus-key, or MEMSOLUS_API_KEY in the environment.',
    ],
    [['--max-exports', '1'], '--max-exports is of a service: give its --syft-url or --memsolus-url too.'],
    [['--motion', 'm'], '--motion is of a service: give its --syft-url too.'],
    [['--only', 'syft/bearer,nonsense'], 'There is no case, API or rule "nonsense".'],
    [
      ['--syft-url', 'service.test'],
      "option '--syft-url <url>' argument 'service.test' is invalid. Use an origin such as https://app.syftdata.com.",
    ],
    [['--pace', 'slow'], "option '--pace <duration>' argument 'slow' is invalid. Use a duration such as 500ms or 2s."],
  ])('%j', async (args, message) => {
    expect(await runCommand(['verify', ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `sandport: ${message} See sandport verify --help.\n`,
    })
  })
})
