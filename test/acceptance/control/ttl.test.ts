import { expect, it } from 'vitest'
import { control, type SandboxView, testSandbox } from '../../harness/sandbox.ts'

type List = { items: { id: string; ttl: string | null; expiresAt: string | null }[] }

it('is told with the instant of real time at which the sandbox is deleted if nobody uses it', async () => {
  const before = Date.now()
  const { view } = await testSandbox({ clock: { now: '2020-01-01', frozen: true }, ttl: 'PT90M', group: 'ttl-told' })
  const after = Date.now()
  expect(view.ttl).toBe('90m')
  expect(Date.parse(view.expiresAt ?? '')).toBeGreaterThanOrEqual(before + 5_400_000 - 5)
  expect(Date.parse(view.expiresAt ?? '')).toBeLessThanOrEqual(after + 5_400_000 + 5)
  const { items } = (await control<List>('GET', '/sandboxes?group=ttl-told')).body
  expect(items).toMatchObject([{ ttl: '90m', expiresAt: view.expiresAt }])
  expect((await testSandbox()).view).toMatchObject({ ttl: null, expiresAt: null })
})

it('is a duration of a second or more', async () => {
  for (const ttl of ['0s', '999ms', '-1h', 'soon', '', 60, null]) {
    const { status, body } = await control('POST', '/sandboxes', { ttl })
    expect([ttl, status, body.error, body.path]).toEqual([ttl, 400, 'INVALID_VALUE', '/ttl'])
  }
  expect((await testSandbox({ ttl: '1s' })).view.ttl).toBe('1s')
})

it('is there for as long as it is used, and gone with its keys once it is not', async () => {
  const { id, view, control: own, syft } = await testSandbox({ ttl: '2s', group: 'ttl-used' })
  const first = Date.parse(view.expiresAt ?? '')
  let shown = view
  // Each of these calls is a use. It lives for much longer than it would have without them.
  while (Date.parse(shown.expiresAt ?? '') < first + 1000 || Date.now() < first) {
    const { status, body } = await own<SandboxView>('GET', '')
    expect(status).toBe(200)
    shown = body
  }
  // To list sandboxes is no use of any.
  const isListed = async () => (await control<List>('GET', '/sandboxes?group=ttl-used')).body.items.length === 1
  while (await isListed()) expect(Date.now()).toBeLessThan(Date.parse(shown.expiresAt ?? '') + 10_000)
  const gone = await own('GET', '')
  expect([gone.status, gone.body.error]).toEqual([404, 'SANDBOX_NOT_FOUND'])
  expect((await control('DELETE', `/sandboxes/${id}`)).status).toBe(404)
  expect((await syft.page()).status).toBe(401)
  expect((await control('DELETE', '/sandboxes?group=ttl-used')).body).toEqual({ deleted: 0 })
})
it('is extended by the requests of clients', async () => {
  const { view, syft } = await testSandbox({ ttl: '2s', group: 'ttl-client' })
  const first = Date.parse(view.expiresAt ?? '')
  const isShown = async () => (await control<List>('GET', '/sandboxes?group=ttl-client')).body.items[0]?.expiresAt ?? ''
  while (Date.parse(await isShown()) < first + 1000) expect((await syft.page()).status).toBe(200)
})
