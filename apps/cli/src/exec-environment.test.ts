import type { Sandbox } from '@sandport/client'
import { describe, expect, it } from 'vitest'
import { environmentOf, refuseUnknown } from './exec-environment.ts'

const url = 'http://127.0.0.1:4646'
const sandbox: Sandbox = {
  id: 'sb_1',
  name: 'exec',
  group: null,
  seed: 1,
  scenario: null,
  clock: { now: '2026-03-01T12:00:00.000Z', frozen: true, rate: 1 },
  ttl: null,
  expiresAt: null,
  token: 'spt_1',
  reading: { since: 'exclusive', order: 'createdAt', pages: 'full', nulls: 'present', hints: false },
  keys: [],
  syft: { baseUrl: url, secretKey: 'sk_1', motions: [{ id: 'm1', name: 'First', organizationId: 'o1' }] },
  memsolus: { baseUrl: url, apiKey: 'msk_1', workspaceId: 'w1' },
}
const environment = (env: NodeJS.ProcessEnv, more: [string, string][] = []) =>
  environmentOf({ env, url, sandbox, more })

describe('the environment of a command', () => {
  it('has all that it needs of the server and the sandbox, beside what is there', () => {
    expect(environment({ PATH: '/bin', SYFT_SECRET_KEY: 'sk_live' })).toEqual({
      PATH: '/bin',
      SYFT_BASE_URL: url,
      SYFT_SECRET_KEY: 'sk_1',
      SYFT_MOTION_ID: 'm1',
      MEMSOLUS_BASE_URL: url,
      MEMSOLUS_API_URL: `${url}/v1`,
      MEMSOLUS_API_KEY: 'msk_1',
      SANDPORT_URL: url,
      SANDPORT_SANDBOX: 'sb_1',
      SANDPORT_TOKEN: 'spt_1',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    })
  })

  it('has under other names what templates say, in which braces of no word are as they are', () => {
    const template =
      '{syftUrl} {syftKey} {syftMotion} {memsolusUrl} {memsolusApiUrl} {memsolusKey} {url} {sandbox} {token}'
    const { ALL, CONFIG, SANDPORT_TOKEN } = environment({}, [
      ['ALL', template],
      ['CONFIG', '{"url":"{syftUrl}/api","n":{"a":{}}}'],
      ['SANDPORT_TOKEN', ''],
    ])
    expect(ALL).toBe(`${url} sk_1 m1 ${url} ${url}/v1 msk_1 ${url} sb_1 spt_1`)
    expect(CONFIG).toBe(`{"url":"${url}/api","n":{"a":{}}}`)
    expect(SANDPORT_TOKEN).toBe('')
    expect(() => refuseUnknown(template)).not.toThrow()
    expect(() => refuseUnknown('{constructor}')).toThrow('There is no {constructor}; there are {syftUrl}, {syftKey}, ')
  })

  it.each([
    [{ NO_PROXY: 'a.example' }, 'a.example,127.0.0.1', 'a.example,127.0.0.1'],
    [{ NO_PROXY: 'a', no_proxy: 'b, c' }, 'a,127.0.0.1', 'b,c,127.0.0.1'],
    [{ NO_PROXY: '*', no_proxy: '127.0.0.1' }, '*', '127.0.0.1'],
  ])('lets no proxy come between: %j', (env, upper, lower) => {
    expect(environment(env)).toMatchObject({ NO_PROXY: upper, no_proxy: lower })
  })
})
