import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { ask, testServer } from '../../harness/process.ts'
import { control, request, testSandbox } from '../../harness/sandbox.ts'

type Unmatched = {
  exchange: string
  at: string
  method: string
  path: string
  status: number
  keys: { where: string; key: string }[]
  reason: string
}
type Listed = { items: Unmatched[]; nextCursor: string | null }

/** What is told of a request that was just made. */
async function toldOf(path: string, headers: Record<string, string>): Promise<Unmatched> {
  const answer = await request(path, { headers })
  expect(answer.status).toBe(401)
  const { body } = await control<Listed>('GET', '/requests/unmatched')
  const told = body.items.find(({ exchange }) => exchange === answer.headers.get('sandport-exchange'))
  if (!told) throw new Error(`Nothing is told of ${path}`)
  return told
}

const syft = '/api/motion/demo/export'

for (const { because, path = syft, headers = {}, reason } of [
  { because: 'there is no key', reason: 'There is no key in it. Send it as "Authorization: Bearer sk_live_…".' },
  {
    because: 'a variable was not set',
    headers: { authorization: 'Bearer undefined' },
    reason: 'The key is the text "undefined": what the client takes it from is not set.',
  },
  {
    because: 'the key is an example',
    headers: { authorization: 'Bearer YOUR_SECRET_KEY' },
    reason:
      'No sandbox has this key, and it does not look like one. Use the key of a sandbox: GET /_sandport/sandboxes lists them.',
  },
  {
    because: 'it is a real key',
    headers: { authorization: 'Bearer sk_live_9f8e7d6c' },
    reason: 'No sandbox has this key. If it is a real one, it does not belong here: use the key of a sandbox.',
  },
  {
    because: 'the key is for the other API',
    headers: { authorization: 'Bearer msk_live_9f8e7d6c' },
    reason: 'No sandbox has this key, and it is one of the other API: the keys of this one begin with "sk_".',
  },
  {
    because: 'the scheme is missing',
    headers: { authorization: 'sk_live_9f8e7d6c' },
    reason:
      'No key is where the API looks for one, only in authorization, and no sandbox has it. Send it as "Authorization: Bearer sk_live_…".',
  },
  {
    because: 'the key is in the URL',
    path: `${syft}?api_key=sk_live_9f8e7d6c`,
    reason:
      'No key is where the API looks for one, only in query:api_key, and no sandbox has it. Send it as "Authorization: Bearer sk_live_…".',
  },
  {
    because: 'it is in the wrong header',
    path: '/v1/exports',
    headers: { authorization: 'Bearer msk_live_9f8e7d6c' },
    reason:
      'No key is where the API looks for one, only in authorization, and no sandbox has it. Send it as "X-Api-Key: msk_live_…".',
  },
]) {
  it(`says what to do where ${because}`, async () => {
    expect((await toldOf(path, headers)).reason).toBe(reason)
  })
}

it('says what to do where the sandbox of the key is gone', async () => {
  const sandbox = await testSandbox()
  await sandbox.control('DELETE', '')
  const told = await toldOf(syft, { authorization: `Bearer ${sandbox.view.syft.secretKey}` })
  expect(told).toMatchObject({
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    method: 'GET',
    path: syft,
    status: 401,
    keys: [{ where: 'authorization', key: `…${sandbox.view.syft.secretKey.slice(-4)}` }],
  })
  expect(told.reason).toContain('the sandbox is deleted or expired')
})

it('S-AUTH-3 answers what the vendor answers all the same, and keeps no key', async () => {
  const key = `sk_live_${randomUUID()}`
  const answer = await request(`${syft}?key=${key}`, { headers: { authorization: `Bearer ${key}` } })
  expect(answer).toMatchObject({ status: 401, body: { error: 'Unauthorized' } })
  expect((await control('GET', '/requests/unmatched')).text).not.toContain(key)
})

it('lists the newest first, in pages', async () => {
  const ids: (string | null)[] = []
  for (let at = 0; at < 3; at++) ids.unshift((await request(syft)).headers.get('sandport-exchange'))
  const { body } = await control<Listed>('GET', '/requests/unmatched?limit=1000')
  const own = body.items.map(({ exchange }) => exchange).filter((exchange) => ids.includes(exchange))
  expect(own).toEqual(ids)
  const first = (await control<Listed>('GET', '/requests/unmatched?limit=1')).body
  const second = (await control<Listed>('GET', `/requests/unmatched?limit=1&cursor=${first.nextCursor}`)).body
  expect(second.items).toHaveLength(1)
  expect(second.items[0]?.exchange).not.toBe(first.items[0]?.exchange)
})

it('is for who has the admin token alone', async () => {
  const server = await testServer([], { SANDPORT_ADMIN_TOKEN: 'secret' })
  const list = (headers: Record<string, string>) =>
    ask(`${server.url}/_sandport/requests/unmatched`, { headers }).then(({ status }) => status)
  const admin = { authorization: 'Bearer secret' }
  const sandbox = await ask<{ token: string }>(`${server.url}/_sandport/sandboxes`, { method: 'POST', headers: admin })
  expect(await list({})).toBe(401)
  expect(await list({ authorization: `Bearer ${sandbox.body.token}` })).toBe(401)
  expect(await list(admin)).toBe(200)
})
