import { describe, expect, it } from 'vitest'
import { headerValues, rawRequest } from '../../harness/raw-http.ts'
import { type Page, request, testSandbox } from '../../harness/sandbox.ts'

const unauthorized = { error: 'Unauthorized' }
const asked = async (motionId: string, headers: Record<string, string>) =>
  request<Page>(`/api/motion/${motionId}/export`, { headers })

describe('a key', () => {
  it('S-AUTH-1 S-AUTH-2 authenticates in either header', async () => {
    const { motionId, view } = await testSandbox({ data: { syft: { runs: { count: 3, status: 'completed' } } } })
    const bearer = await asked(motionId, { authorization: `Bearer ${view.syft.secretKey}` })
    const secret = await asked(motionId, { 'x-syft-secret-key': view.syft.secretKey })
    expect([bearer.status, secret.status]).toEqual([200, 200])
    expect(bearer.body.items).toHaveLength(3)
    expect(secret.text).toBe(bearer.text)
  })

  it('S-AUTH-3 missing, empty, cut or unknown is answered 401', async () => {
    const { motionId, view } = await testSandbox()
    const wrong = ['', 'sk_live_', 'sk_live_nobody', view.syft.secretKey.slice(0, -1), `${view.syft.secretKey}x`, 'é']
    const answers = [
      await asked(motionId, {}),
      ...(await Promise.all(wrong.map((key) => asked(motionId, { 'x-syft-secret-key': key })))),
      ...(await Promise.all(wrong.map((key) => asked(motionId, { authorization: `Bearer ${key}` })))),
    ]
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 401, body: unauthorized })
  })

  it('S-AUTH-4c is found behind any spelling of Bearer, and behind no other scheme', async () => {
    const { motionId, view } = await testSandbox()
    const status = async (authorization: string) => (await asked(motionId, { authorization })).status
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      expect(await status(`${scheme} ${view.syft.secretKey}`)).toBe(200)
    }
    for (const scheme of ['Basic ', 'Token ', 'Bearer', 'XBearer ', '']) {
      expect(await status(`${scheme}${view.syft.secretKey}`)).toBe(401)
    }
  })

  it('S-AUTH-4c in Authorization decides where both headers hold one', async () => {
    const { motionId, view } = await testSandbox()
    const both = async (authorization: string, secret: string) =>
      (await asked(motionId, { authorization, 'x-syft-secret-key': secret })).status
    expect(await both(`Bearer ${view.syft.secretKey}`, 'sk_live_wrong')).toBe(200)
    expect(await both('Bearer sk_live_wrong', view.syft.secretKey)).toBe(401)
  })

  it('S-AUTH-4c in the other header counts where Authorization is not Bearer', async () => {
    const { motionId, view } = await testSandbox()
    for (const authorization of ['Basic dXNlcjpwYXNz', 'Digest username="a"', 'nonsense', 'Bearer']) {
      const answer = await asked(motionId, { authorization, 'x-syft-secret-key': view.syft.secretKey })
      expect(answer.status).toBe(200)
    }
  })

  it('S-AUTH-4c is the first of two Authorization headers', async () => {
    const { motionId, view } = await testSandbox()
    const [good, bad] = [`Authorization: Bearer ${view.syft.secretKey}`, 'Authorization: Bearer sk_live_wrong']
    const line = `GET /api/motion/${motionId}/export HTTP/1.1`
    const accepted = await rawRequest(line, [good, bad])
    const refused = await rawRequest(line, [bad, good])
    expect([accepted.status, refused.status]).toEqual([200, 401])
    expect(JSON.parse(refused.body)).toEqual(unauthorized)
    expect(headerValues(refused, 'sandport-exchange')).toHaveLength(1)
  })

  it('S-AUTH-4c is invalid from the moment it is revoked', async () => {
    const { syft, view, control } = await testSandbox()
    expect((await syft.page()).status).toBe(200)
    await control('DELETE', `/keys/${view.syft.secretKey}`)
    const { status, body } = await syft.page()
    expect({ status, body }).toEqual({ status: 401, body: unauthorized })
  })

  it('S-AUTH-4c of another kind is invalid', async () => {
    const { motionId, view } = await testSandbox()
    expect((await asked(motionId, { authorization: `Bearer ${view.memsolus.apiKey}` })).status).toBe(401)
    expect((await asked(motionId, { 'x-syft-secret-key': view.memsolus.apiKey })).status).toBe(401)
    expect((await asked(motionId, { 'x-api-key': view.memsolus.apiKey })).status).toBe(401)
  })

  it('S-AUTH-4c works beside another one of its organization, and goes alone', async () => {
    const { syft, control } = await testSandbox()
    const { body } = await control<{ key: string }>('POST', '/keys', { api: 'syft' })
    expect((await syft.page({}, { key: body.key })).status).toBe(200)
    await control('DELETE', `/keys/${body.key}`)
    expect((await syft.page({}, { key: body.key })).status).toBe(401)
    expect((await syft.page()).status).toBe(200)
  })

  it('X-KEY-1c made up here looks like the vendor’s and cannot be anybody’s', async () => {
    const { view, control } = await testSandbox()
    const issued = await control<{ key: string }>('POST', '/keys', { api: 'syft' })
    const organization = await control<{ secretKey: string }>('POST', '/syft/organizations', {})
    const keys = [view.syft.secretKey, issued.body.key, organization.body.secretKey]
    for (const key of keys) expect(key).toMatch(/^sk_live_sp_[0-9A-Za-z]{16,}$/)
    expect(new Set(keys).size).toBe(3)
  })
})
