import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn } from '../../harness/findings.ts'
import { request, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }

describe('auth.in-url', () => {
  it('S-AUTH-1 M-AUTH-1 is found where a key is in the URL, whether it is in a header, too, or not', async () => {
    const sandbox = await testSandbox({ clock })
    const { secretKey } = sandbox.view.syft
    const { apiKey } = sandbox.view.memsolus
    await request(`/api/motion/${sandbox.motionId}/export?key=${secretKey}`)
    await sandbox.syft.page({ token: secretKey })
    await request(`/v1/exports?api_key=${apiKey}`)
    const found = await findingsIn(sandbox)
    expect(found).toMatchObject([
      { code: 'auth.in-url', severity: 'error', rule: 'S-AUTH-1', message: expect.stringContaining('as `key`') },
      { code: 'auth.in-url', rule: 'S-AUTH-1', message: expect.stringContaining('as `token`') },
      { code: 'auth.in-url', rule: 'M-AUTH-1', message: expect.stringContaining('Send it as `X-Api-Key: msk_live_…`') },
    ])
    expect(JSON.stringify(found)).not.toContain(secretKey.slice(11))
  })

  it('S-AUTH-1 S-AUTH-2 M-AUTH-1 is not found where keys are in their headers', async () => {
    const sandbox = await testSandbox({ clock })
    const { secretKey } = sandbox.view.syft
    await sandbox.syft.page()
    await request(`/api/motion/${sandbox.motionId}/export`, { headers: { 'x-syft-secret-key': secretKey } })
    await sandbox.memsolus.list()
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('auth.wrong-header', () => {
  it('M-AUTH-3c is found where a Memsolus key is a Bearer token', async () => {
    const sandbox = await testSandbox({ clock })
    const headers = { authorization: `Bearer ${sandbox.view.memsolus.apiKey}` }
    expect((await request('/v1/exports', { headers })).status).toBe(401)
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'auth.wrong-header',
        severity: 'error',
        rule: 'M-AUTH-3c',
        message: 'The key is valid, but not read where it is, in `authorization`. Send it as `X-Api-Key: msk_live_…`.',
      },
    ])
  })

  it('M-AUTH-3c is not found for a key of the other API, which would be no better elsewhere', async () => {
    const sandbox = await testSandbox({ clock })
    await request('/v1/exports', { headers: { authorization: `Bearer ${sandbox.view.syft.secretKey}` } })
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('S-AUTH-3 is found where a Syft key is sent without Bearer', async () => {
    const sandbox = await testSandbox({ clock })
    const { status } = await sandbox.syft.page({}, { headers: { authorization: sandbox.view.syft.secretKey } })
    expect(status).toBe(401)
    expect(await findingsIn(sandbox)).toMatchObject([{ code: 'auth.wrong-header', rule: 'S-AUTH-3' }])
  })
})

describe('auth.conflict', () => {
  it('S-AUTH-4c is found where two headers hold different keys', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({}, { headers: { 'x-syft-secret-key': 'sk_live_of_somebody_else' } })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'auth.conflict',
        severity: 'warning',
        rule: 'S-AUTH-4c',
        message: 'Two different keys were sent, and the one in `Authorization` won. Send one of them.',
      },
    ])
  })

  it('S-AUTH-4c is not found where both hold the same, nor where Authorization is of another scheme', async () => {
    const sandbox = await testSandbox({ clock })
    const { secretKey } = sandbox.view.syft
    await sandbox.syft.page({}, { headers: { 'x-syft-secret-key': secretKey } })
    const basic = { authorization: 'Basic dXNlcjpwYXNz', 'x-syft-secret-key': secretKey }
    expect((await sandbox.syft.page({}, { headers: basic })).status).toBe(200)
    expect(await codesIn(sandbox)).toEqual([])
  })
})
