import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }

const script = ({ control }: TestSandbox, steps: unknown[], operation = 'syft.exportRuns') =>
  control('POST', '/scripts', { operation, steps })

describe('retry.early', () => {
  it('is found in the first request after a 429 that comes before its time, whatever it asks for', async () => {
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ respond: { status: 429, retryAfter: 7 } }])
    await sandbox.syft.page()
    const early = await sandbox.syft.page({ status: 'failed' })
    await sandbox.syft.page()
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'retry.early',
        severity: 'error',
        rule: null,
        exchange: early.headers.get('sandport-exchange'),
        message: expect.stringMatching(/^Came back \d+ ms after a 429 that said `Retry-After: 7`\. /),
      },
    ])
  })

  it('is found again and again where the answer is a 429 each time', async () => {
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ respond: { status: 429, retryAfter: 7 }, times: 3 }])
    for (const status of ['completed', 'failed', 'skipped', 'open']) await sandbox.syft.page({ status })
    expect(await codesIn(sandbox)).toEqual(['retry.early', 'retry.early', 'retry.early'])
  })

  it('is found after a 503 in the same request, also where Retry-After is an instant', async () => {
    const sandbox = await testSandbox({ clock })
    const headers = { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }
    await script(sandbox, [{ respond: { status: 503, headers } }])
    await sandbox.syft.page()
    await sandbox.memsolus.list()
    await sandbox.syft.page()
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'retry.early',
        operation: 'syft.exportRuns',
        message: expect.stringContaining('503 that said `Retry-After: 9`'),
      },
    ])
  })

  it('S-RATE-2c M-RATE-1c is found after a 429 of the rate limit that the sandbox has', async () => {
    const sandbox = await testSandbox({ clock })
    const policy = { rateLimit: { requests: 1, per: '1h' } }
    for (const api of ['syft', 'memsolus']) await sandbox.control('PUT', `/${api}/policy`, policy)
    for (const status of ['completed', 'failed', 'skipped']) await sandbox.syft.page({ status })
    for (const page of [1, 2, 3]) await sandbox.memsolus.list({ page })
    expect(await findingsIn(sandbox)).toMatchObject([
      { code: 'retry.early', operation: 'syft.exportRuns' },
      { code: 'retry.early', operation: 'memsolus.listExports' },
    ])
  })

  it('is not found where there is nothing to wait for, nor in the other API', async () => {
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ respond: { status: 429, retryAfter: 0 } }, { respond: { status: 503 } }])
    for (const _ of [1, 2, 3]) await sandbox.syft.page()
    await script(sandbox, [{ respond: { status: 429, retryAfter: 60 } }])
    await sandbox.syft.page()
    await sandbox.memsolus.list()
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('retry.pointless', () => {
  it.each([
    [400, (sandbox: TestSandbox) => sandbox.syft.page({ limit: 'all' })],
    [404, (sandbox: TestSandbox) => sandbox.syft.page({}, { motion: 'none' })],
    [404, (sandbox: TestSandbox) => sandbox.memsolus.get('none')],
    [422, (sandbox: TestSandbox) => sandbox.memsolus.create({ format: 'xml' })],
  ])('is found with the third of the same requests that are answered with %i', async (status, ask) => {
    const sandbox = await testSandbox({ clock })
    for (const _ of [1, 2]) expect((await ask(sandbox)).status).toBe(status)
    expect(await codesIn(sandbox)).toEqual([])
    const third = await ask(sandbox)
    expect(await foundIn(sandbox, third)).toMatchObject([
      {
        code: 'retry.pointless',
        severity: 'error',
        rule: null,
        message: expect.stringContaining(
          `was answered with ${status} and asked 2 times more. Asking again cannot help`,
        ),
      },
    ])
  })

  it.each([401, 403, 410])('is found after %i, too', async (status) => {
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ respond: { status }, times: 3 }])
    for (const _ of [1, 2, 3]) await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual(['retry.pointless'])
  })

  it('is not found where requests differ, or where asking again helped', async () => {
    const sandbox = await testSandbox({ clock })
    for (const limit of ['a', 'b', 'c']) await sandbox.syft.page({ limit })
    await script(sandbox, [{ respond: { status: 403 }, times: 2 }, { pass: true }, { respond: { status: 403 } }])
    for (const _ of [1, 2, 3, 4]) await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('retry.hammer', () => {
  it.each([
    ['503', { respond: { status: 503 } }],
    ['429', { respond: { status: 429 } }],
    ['a reset', { reset: true }],
    ['an empty reply', { close: true }],
    ['half an answer', { truncate: { after: 0.5 } }],
  ])('is found with the third repeat at once after %s', async (_, step) => {
    // On a machine that is busy a repeat may take longer than 100 ms, and then it is as if it were the first one.
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ ...step, times: 20 }])
    for (let asked = 0; asked < 20; asked++) await sandbox.syft.page({ fields: 'status' }).catch(() => undefined)
    const [first, ...more] = await findingsIn(sandbox)
    expect(first).toMatchObject({
      code: 'retry.hammer',
      severity: 'warning',
      rule: null,
      message: expect.stringMatching(/failed and was repeated 3 times, the last time after \d+ ms\. /),
    })
    expect(new Set(more.map(({ code }) => code)).size).toBeLessThanOrEqual(1)
  })

  it('is not found with the second repeat, where different requests fail, or after answers that are no failures', async () => {
    const twice = await testSandbox({ clock })
    await script(twice, [{ respond: { status: 503 }, times: 2 }])
    for (const _ of [1, 2, 3]) await twice.syft.page()
    expect(await codesIn(twice)).toEqual([])
    const sandbox = await testSandbox({ clock })
    await script(sandbox, [{ respond: { status: 503 }, times: 4 }])
    for (const status of ['completed', 'failed', 'skipped', 'open']) await sandbox.syft.page({ status })
    for (const _ of [1, 2, 3, 4]) await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual([])
  })
})
