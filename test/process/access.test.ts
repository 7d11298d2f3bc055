import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, testServer } from '../harness/process.ts'
import { type ServerProcess, startServer } from '../harness/server.ts'

const adminToken = 'admin-token_of.this/test'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const unauthorized = { error: 'UNAUTHORIZED', message: expect.stringContaining('Authorization: Bearer') }

type View = {
  id: string
  token: string
  syft: { secretKey: string; motions: { id: string }[] }
  memsolus: { apiKey: string }
}

let server: ServerProcess
beforeAll(async () => {
  server = await startServer([], { SANDPORT_ADMIN_TOKEN: adminToken })
})
afterAll(async () => {
  await server.stop('SIGKILL')
})

const call = (method: string, path: string, { token, body }: { token?: string | undefined; body?: unknown } = {}) =>
  ask<Record<string, unknown>>(server.controlUrl + path, {
    method,
    body,
    ...(token !== undefined && { headers: bearer(token) }),
  })
const createSandbox = async () => (await call('POST', '/sandboxes', { token: adminToken, body: {} })).body as View

/** Calls of every kind about a sandbox, each of which is answered with a 2xx to who may make it. */
const ownCalls = [
  ['GET', ''],
  ['GET', '/clock'],
  ['PUT', '/clock', { frozen: true }],
  ['POST', '/clock/advance', { by: '1h' }],
  ['GET', '/keys'],
  ['POST', '/keys', { api: 'syft' }],
  ['GET', '/syft/runs'],
  ['POST', '/syft/runs', { runId: 'r' }],
  ['PATCH', '/syft/runs/r', {}],
  ['DELETE', '/syft/runs/r'],
  ['POST', '/memsolus/memories', {}],
  ['GET', '/memsolus/exports'],
  ['PUT', '/memsolus/behavior', {}],
  ['POST', '/reset'],
] as const

describe('a server with an admin token', () => {
  it('answers no control call without a token or with a wrong one, and makes none', async () => {
    const mine = await createSandbox()
    const listIds = async () => {
      const { body } = await call('GET', '/sandboxes', { token: adminToken })
      return (body.items as View[]).map(({ id }) => id)
    }
    const before = await listIds()
    const wrong = [undefined, '', 'wrong', adminToken.slice(0, -1), `${adminToken}x`, adminToken.toUpperCase()]
    for (const token of [...wrong, mine.syft.secretKey, mine.memsolus.apiKey]) {
      for (const [method, path, body] of [
        ['GET', '/sandboxes'],
        ['POST', '/sandboxes', {}],
        ['GET', '/nothing'],
        ['PATCH', '/sandboxes'],
        ['GET', '/sandboxes/nobody'],
        ['GET', '/sandboxes/nobody/clock'],
        ['POST', '/sandboxes/nobody/syft/runs', { runId: 5 }],
        ['DELETE', `/sandboxes/${mine.id}`],
        ...ownCalls.map(([method, path, body]) => [method, `/sandboxes/${mine.id}${path}`, body] as const),
      ] as const) {
        const answer = await call(method, path, { token, body })
        expect([method, path, answer.status, answer.body]).toEqual([method, path, 401, unauthorized])
      }
    }
    expect(await listIds()).toEqual(before)
    const runs = await call('GET', `/sandboxes/${mine.id}/syft/runs`, { token: adminToken })
    expect(runs.body.items).toEqual([])
  })

  it('takes the token as a Bearer token and in no other way', async () => {
    const { controlUrl } = server
    const status = async (headers: Record<string, string>, query = '') =>
      (await ask(`${controlUrl}/sandboxes${query}`, { headers })).status
    for (const scheme of ['Bearer', 'bearer', 'BEARER'])
      expect(await status({ authorization: `${scheme} ${adminToken}` })).toBe(200)
    for (const authorization of [adminToken, `Basic ${adminToken}`, `Bearer ${adminToken} more`, 'Bearer'])
      expect(await status({ authorization })).toBe(401)
    expect(await status({ 'x-api-key': adminToken, cookie: `token=${adminToken}` }, `?token=${adminToken}`)).toBe(401)
  })

  it('lets the admin do everything', async () => {
    const [mine, other] = [await createSandbox(), await createSandbox()]
    for (const { id } of [mine, other]) {
      for (const [method, path, body] of ownCalls) {
        const { status } = await call(method, `/sandboxes/${id}${path}`, { token: adminToken, body })
        expect([method, path, Math.floor(status / 100)]).toEqual([method, path, 2])
      }
    }
    expect((await call('GET', '/sandboxes/nobody', { token: adminToken })).status).toBe(404)
    expect((await call('GET', '/nothing', { token: adminToken })).status).toBe(404)
    expect((await call('DELETE', `/sandboxes/${mine.id}`, { token: adminToken })).status).toBe(204)
  })

  it('lets the token of a sandbox command that sandbox alone', async () => {
    const [mine, other] = [await createSandbox(), await createSandbox()]
    const { token } = mine
    for (const [method, path, body] of ownCalls) {
      const own = await call(method, `/sandboxes/${mine.id}${path}`, { token, body })
      expect([method, path, Math.floor(own.status / 100)]).toEqual([method, path, 2])
      for (const id of [other.id, 'default', 'nobody', `${mine.id}x`]) {
        const foreign = await call(method, `/sandboxes/${id}${path}`, { token, body })
        expect([method, path, foreign.status, foreign.body]).toEqual([method, path, 401, unauthorized])
      }
    }
    for (const method of ['GET', 'POST']) expect((await call(method, '/sandboxes', { token })).status).toBe(401)
    expect((await call('DELETE', `/sandboxes/${other.id}`, { token })).status).toBe(401)
    expect((await call('DELETE', `/sandboxes/${mine.id}`, { token })).status).toBe(204)
    expect((await call('GET', `/sandboxes/${mine.id}`, { token })).status).toBe(401)
  })

  it('asks for none where a vendor’s API is called, nor for its health', async () => {
    const mine = await createSandbox()
    const { url } = server
    const syft = `${url}/api/motion/${mine.syft.motions[0]?.id}/export`
    expect((await ask(syft, { headers: bearer(mine.syft.secretKey) })).status).toBe(200)
    const headers = { 'x-api-key': mine.memsolus.apiKey }
    const { status, body } = await ask(`${url}/v1/exports`, { method: 'POST', headers })
    expect(status).toBe(202)
    expect((await ask(`${url}/v1/exports/${body.id}`, { headers })).status).toBe(200)
    expect((await call('GET', '/health')).body).toMatchObject({ status: 'up' })
    expect((await call('GET', '/health', { token: 'wrong' })).status).toBe(200)
  })

  it('asks for none for the OpenAPI documents and their page, which a browser opens', async () => {
    for (const path of ['/openapi/syft.json', '/openapi/control.json', '/docs', '/docs/swagger-ui.css']) {
      expect((await call('GET', path)).status, path).toBe(200)
    }
    expect((await call('GET', '/openapi/stripe.json')).body).toMatchObject({ error: 'DOCUMENT_NOT_FOUND' })
  })

  it('S-AUTH-3 M-AUTH-1 takes no token for a vendor’s key', async () => {
    const mine = await createSandbox()
    const { url } = server
    for (const token of [adminToken, mine.token]) {
      const syft = await ask(`${url}/api/motion/${mine.syft.motions[0]?.id}/export`, { headers: bearer(token) })
      expect(syft.status).toBe(401)
      expect((await ask(`${url}/v1/exports`, { headers: { 'x-api-key': token } })).status).toBe(401)
    }
  })

  it('writes no token and no key to its log', async () => {
    const logging = await testServer([], { SANDPORT_ADMIN_TOKEN: adminToken, LOG_LEVEL: 'trace' })
    const headers = bearer(adminToken)
    const created = await ask<View>(`${logging.controlUrl}/sandboxes`, { method: 'POST', headers })
    const { id, token, syft, memsolus } = created.body
    await ask(`${logging.controlUrl}/sandboxes/${id}/clock`, { headers: bearer(token) })
    await ask(`${logging.url}/v1/exports`, { headers: { 'x-api-key': memsolus.apiKey } })
    await ask(`${logging.url}/api/motion/x/export`, { headers: bearer(syft.secretKey) })
    await ask(`${logging.url}/v1/exports`, { method: 'POST', headers: { 'x-api-key': memsolus.apiKey } })
    await ask(`${logging.controlUrl}/sandboxes/${id}/clock/advance`, { method: 'POST', headers, body: { by: '0s' } })
    await ask(`${logging.controlUrl}/sandboxes/${id}/keys/${memsolus.apiKey}`, { method: 'DELETE', headers })
    await logging.stop()
    expect(logging.log()).toContain('export rendered')
    for (const secret of [adminToken, token, syft.secretKey, memsolus.apiKey])
      expect(logging.log()).not.toContain(secret)
  })
})

describe('a server without an admin token, or with the word "off",', () => {
  it.each([{}, { SANDPORT_ADMIN_TOKEN: 'off' }, { SANDPORT_ADMIN_TOKEN: '' }])('asks nobody: %j', async (env) => {
    const { controlUrl } = await testServer([], env)
    expect((await ask(`${controlUrl}/sandboxes`)).status).toBe(200)
    expect((await ask(`${controlUrl}/sandboxes/default/clock`, { headers: bearer('anything') })).status).toBe(200)
  })
})
