import { expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const HOURLY = { rateLimit: { requests: 3, per: '1h' } }

it('S-RATE-2c Syft answers 429 with Retry-After where the sandbox has a limit, and only past it', async () => {
  const sandbox = await testSandbox()
  expect((await sandbox.control('GET', '/syft/policy')).body).toEqual({})
  expect((await sandbox.control('PUT', '/syft/policy', HOURLY)).body).toEqual(HOURLY)
  for (let nth = 0; nth < 3; nth++) expect((await sandbox.syft.page()).status).toBe(200)
  const { status, headers, text } = await sandbox.syft.page()
  expect([status, text]).toEqual([429, '{"error":"Too many requests"}'])
  const retryAfter = Number(headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThan(3500)
  expect(retryAfter).toBeLessThanOrEqual(3600)
})

it('M-RATE-1c Memsolus answers 429 RATE_LIMIT likewise, whatever the call, and makes nothing', async () => {
  const sandbox = await testSandbox()
  await sandbox.control('PUT', '/memsolus/policy', HOURLY)
  const { body } = await sandbox.memsolus.create()
  await sandbox.memsolus.get(body.id)
  await sandbox.memsolus.list()
  const { status, headers, body: refused } = await sandbox.memsolus.create()
  expect(status).toBe(429)
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused).toEqual({ error: 'RATE_LIMIT', message: expect.stringMatching(/./), statusCode: 429 })
  await sandbox.control('PUT', '/memsolus/policy', {})
  expect((await sandbox.memsolus.list()).body.meta.total).toBe(1)
})

it('S-RATE-2c M-RATE-1c each API of each sandbox has a limit of its own, and many requests at once are counted exactly', async () => {
  const [sandbox, other] = [await testSandbox(), await testSandbox()]
  await sandbox.control('PUT', '/syft/policy', { rateLimit: { requests: 10, per: '1h' } })
  const answers = await Promise.all(Array.from({ length: 25 }, () => sandbox.syft.page()))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  expect((await sandbox.memsolus.list()).status).toBe(200)
  expect((await other.syft.page()).status).toBe(200)
})

it('S-RATE-2c a request without a valid key, or of no call, is not counted', async () => {
  const sandbox = await testSandbox()
  await sandbox.control('PUT', '/syft/policy', { rateLimit: { requests: 1, per: '1h' } })
  expect((await sandbox.syft.page({}, { key: 'sk_live_wrong' })).status).toBe(401)
  expect((await sandbox.syft.page()).status).toBe(200)
  expect((await sandbox.syft.page()).status).toBe(429)
})

it('S-RATE-2c a window that is over is followed by a new one', async () => {
  const sandbox = await testSandbox()
  await sandbox.control('PUT', '/syft/policy', { rateLimit: { requests: 1, per: '1ms' } })
  for (let nth = 0; nth < 3; nth++) {
    // Each request takes longer than the window that the one before began.
    expect((await sandbox.syft.page()).status).toBe(200)
    await sandbox.control('GET', '/clock')
  }
})

it('S-RATE-2c a limit that makes no sense is refused with its place', async () => {
  const sandbox = await testSandbox()
  const refused = await sandbox.control('PUT', '/syft/policy', { rateLimit: { requests: 0, per: '1m' } })
  expect(refused.body).toMatchObject({ error: 'INVALID_VALUE', path: '/rateLimit/requests' })
  const unknown = await sandbox.control('PUT', '/syft/policy', { rateLimits: {} })
  expect(unknown.body).toMatchObject({ error: 'UNKNOWN_PROPERTY', path: '/rateLimits' })
})
