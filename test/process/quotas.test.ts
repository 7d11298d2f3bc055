import { expect, it } from 'vitest'
import { ask, testServer } from '../harness/process.ts'

const ADMIN = { authorization: 'Bearer secret' }

/** A server that others than this machine could reach, and a sandbox of it that is commanded with its own token. */
async function guarded() {
  const { url } = await testServer(['--host', '0.0.0.0'], { SANDPORT_ADMIN_TOKEN: 'secret' })
  const origin = `${url}/_sandport/sandboxes`
  const { body } = await ask<{ id: string; token: string; memsolus: { apiKey: string } }>(origin, {
    method: 'POST',
    headers: ADMIN,
    body: {},
  })
  const own = { authorization: `Bearer ${body.token}` }
  return { url, api: `${origin}/${body.id}`, own, apiKey: body.memsolus.apiKey }
}

it('beyond loopback a sandbox may have so many rows, and whoever has the admin token more', async () => {
  const { api, own } = await guarded()
  const runs = { count: 100_001, account: null, contacts: [], session: null }
  expect(await ask(`${api}/syft/runs`, { method: 'POST', headers: own, body: runs })).toMatchObject({
    status: 413,
    body: { error: 'QUOTA_EXCEEDED', message: expect.stringContaining('"rows"') },
  })
  expect((await ask(`${api}/syft/runs`, { method: 'POST', headers: own, body: { count: 10 } })).status).toBe(201)
  expect((await ask(`${api}/syft/runs`, { method: 'POST', headers: ADMIN, body: runs })).status).toBe(201)
  expect((await ask(`${api}/syft/runs`, { method: 'POST', headers: own, body: { count: 1 } })).status).toBe(413)
})

it('beyond loopback a script may wait so long, and so many requests at once', async () => {
  const { url, api, own, apiKey } = await guarded()
  const operation = 'memsolus.listExports'
  const tooLong = { operation, steps: [{ delay: '2m' }] }
  expect(await ask(`${api}/scripts`, { method: 'POST', headers: own, body: tooLong })).toMatchObject({
    status: 413,
    body: { error: 'QUOTA_EXCEEDED', message: expect.stringContaining('"delayMs"') },
  })

  const held = { operation, steps: [{ hold: true }], repeat: true }
  const script = await ask<{ id: string }>(`${api}/scripts`, { method: 'POST', headers: own, body: held })
  const calls = Array.from({ length: 21 }, () => fetch(`${url}/v1/exports`, { headers: { 'x-api-key': apiKey } }))
  const first = await Promise.race(calls)
  expect([first.status, first.headers.get('sandport-quota')]).toEqual([429, 'waitingRequests'])
  await ask(`${api}/scripts/${script.body.id}/release`, { method: 'POST', headers: own })
  const statuses = (await Promise.all(calls)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(20)
})

it('a page of another origin may read nothing, as no answer allows it', async () => {
  const { url } = await testServer()
  for (const path of ['/_sandport/sandboxes', '/v1/exports', '/api/motion/demo/export']) {
    const { headers } = await fetch(url + path, { headers: { origin: 'https://example.com' } })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
    const preflight = await fetch(url + path, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
    })
    expect(preflight.status).toBe(405)
  }
})
