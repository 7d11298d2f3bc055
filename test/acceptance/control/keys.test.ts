import { describe, expect, it } from 'vitest'
import { type List, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }

type Key = {
  key: string
  api: string
  organizationId?: string
  workspaceId?: string
  permissions: string[]
  createdAt: string
  revokedAt: string | null
}

const issue = ({ control }: TestSandbox, body: unknown) => control<Key>('POST', '/keys', body)
const list = async ({ control }: TestSandbox) => (await control<List<Key>>('GET', '/keys')).body.items
const revoke = ({ control }: TestSandbox, key: string) => control('DELETE', `/keys/${key}`)

describe('a key', () => {
  it('X-KEY-1c for Syft is issued to the first organization, and lets in at once', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/syft/organizations', { id: 'another' })
    const { status, body } = await issue(sandbox, { api: 'syft' })
    expect([status, body]).toEqual([
      201,
      {
        key: expect.stringMatching(/^sk_live_sp_\w{20,}$/),
        api: 'syft',
        organizationId: sandbox.view.syft.motions[0]?.organizationId,
        permissions: [],
        createdAt: now,
        revokedAt: null,
      },
    ])
    expect((await sandbox.syft.page({}, { key: body.key })).status).toBe(200)
    expect((await sandbox.memsolus.list({}, { key: body.key })).status).toBe(401)
  })

  it('X-KEY-1c for Memsolus is issued to the first workspace, and may do everything', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/memsolus/workspaces', { id: 'another' })
    const { status, body } = await issue(sandbox, { api: 'memsolus' })
    expect([status, body]).toEqual([
      201,
      {
        key: expect.stringMatching(/^msk_live_sp_\w{20,}$/),
        api: 'memsolus',
        workspaceId: sandbox.view.memsolus.workspaceId,
        permissions: ['export.read', 'export.write'],
        createdAt: now,
        revokedAt: null,
      },
    ])
    expect((await sandbox.memsolus.create({}, { key: body.key })).status).toBe(202)
    expect((await sandbox.syft.page({}, { key: body.key })).status).toBe(401)
  })

  it('is issued to the organization or workspace that is named, and speaks for it alone', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/syft/organizations', { id: 'acme' })
    await sandbox.control('POST', '/syft/motions', { id: 'outbound', organizationId: 'acme' })
    await sandbox.control('POST', '/memsolus/workspaces', { id: 'desk' })
    const syft = (await issue(sandbox, { api: 'syft', organizationId: 'acme' })).body
    const memsolus = (await issue(sandbox, { api: 'memsolus', workspaceId: 'desk' })).body
    expect([syft.organizationId, memsolus.workspaceId]).toEqual(['acme', 'desk'])

    expect((await sandbox.syft.page({}, { key: syft.key, motion: 'outbound' })).status).toBe(200)
    expect((await sandbox.syft.page({}, { key: syft.key })).status).toBe(404)
    const theirs = (await sandbox.memsolus.create({}, { key: memsolus.key })).body
    expect((await sandbox.memsolus.get(theirs.id, { key: memsolus.key })).status).toBe(200)
    expect((await sandbox.memsolus.get(theirs.id)).status).toBe(404)
  })

  it('M-AUTH-2 has the permissions that it was issued with', async () => {
    const sandbox = await testSandbox({ clock })
    for (const permissions of [['export.read'], ['export.write'], ['export.write', 'export.read'], []]) {
      const { body } = await issue(sandbox, { api: 'memsolus', permissions })
      expect(body.permissions).toEqual(permissions)
      const may = (permission: string, status: number) => (permissions.includes(permission) ? status : 403)
      expect((await sandbox.memsolus.list({}, { key: body.key })).status).toBe(may('export.read', 200))
      expect((await sandbox.memsolus.create({}, { key: body.key })).status).toBe(may('export.write', 202))
    }
    expect((await issue(sandbox, { api: 'syft', permissions: [] })).status).toBe(201)
  })
})

describe('no key is issued', () => {
  it.each<[body: unknown, status: number, error: string, path: string | undefined, says: string]>([
    [{ api: 'syft', workspaceId: 'w' }, 400, 'INVALID_VALUE', '/workspaceId', '"organizationId"'],
    [{ api: 'memsolus', organizationId: 'o' }, 400, 'INVALID_VALUE', '/organizationId', '"workspaceId"'],
    [{ api: 'syft', organizationId: 'nobody' }, 404, 'ORGANIZATION_NOT_FOUND', undefined, '"nobody"'],
    [{ api: 'memsolus', workspaceId: 'nowhere' }, 404, 'WORKSPACE_NOT_FOUND', undefined, '"nowhere"'],
    [
      { api: 'memsolus', permissions: ['export.read', 'export.delete'] },
      400,
      'INVALID_VALUE',
      '/permissions/1',
      '"export.delete" is no permission; use "export.read" or "export.write"',
    ],
    [{ api: 'syft', permissions: ['export.read'] }, 400, 'INVALID_VALUE', '/permissions/0', 'leave "permissions" out'],
  ])('for %j, and what is wrong is named', async (body, status, error, path, says) => {
    const sandbox = await testSandbox({ clock })
    const before = await list(sandbox)
    const answer = await issue(sandbox, body)
    expect(answer).toMatchObject({ status, body: { error, message: expect.stringContaining(says) } })
    expect((answer.body as { path?: string }).path).toBe(path)
    expect(await list(sandbox)).toEqual(before)
  })

  it('where there is nobody to issue it to', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('DELETE', `/syft/organizations/${sandbox.view.syft.motions[0]?.organizationId}`)
    await sandbox.control('DELETE', `/memsolus/workspaces/${sandbox.view.memsolus.workspaceId}`)
    expect(await issue(sandbox, { api: 'syft' })).toMatchObject({ status: 409, body: { error: 'NO_ORGANIZATION' } })
    expect(await issue(sandbox, { api: 'memsolus' })).toMatchObject({ status: 409, body: { error: 'NO_WORKSPACE' } })
  })
})

describe('keys', () => {
  it('are listed, all, from the first issued to the last, with those of new organizations and workspaces', async () => {
    const sandbox = await testSandbox({ clock })
    const first = [sandbox.view.syft.secretKey, sandbox.view.memsolus.apiKey]
    const issued: string[] = []
    for (const [path, body] of [
      ['/keys', { api: 'memsolus', permissions: ['export.read'] }],
      ['/syft/organizations', { id: 'acme', plan: 'starter' }],
      ['/memsolus/workspaces', { id: 'desk' }],
      ['/keys', { api: 'syft', organizationId: 'acme' }],
    ] as const) {
      await sandbox.advance('1m')
      const answer = await sandbox.control<{ key?: string; secretKey?: string; apiKey?: string }>('POST', path, body)
      issued.push(answer.body.key ?? answer.body.secretKey ?? answer.body.apiKey ?? 'none')
    }
    const { status, body } = await sandbox.control<List<Key>>('GET', '/keys')
    expect([status, body.nextCursor]).toEqual([200, null])
    expect(body.items.slice(0, 2).map(({ key }) => key)).toEqual(expect.arrayContaining(first))
    expect(body.items.slice(2).map(({ key }) => key)).toEqual(issued)
    expect(body.items.slice(2)).toMatchObject([
      { api: 'memsolus', permissions: ['export.read'], createdAt: '2026-03-01T00:01:00.000Z' },
      { api: 'syft', organizationId: 'acme', permissions: [], createdAt: '2026-03-01T00:02:00.000Z' },
      { api: 'memsolus', workspaceId: 'desk', permissions: ['export.read', 'export.write'] },
      { api: 'syft', organizationId: 'acme', createdAt: '2026-03-01T00:04:00.000Z' },
    ])
    expect((await sandbox.control<{ keys: Key[] }>('GET', '')).body.keys).toEqual(body.items)
  })

  it('S-AUTH-4c M-AUTH-3c are invalid as soon as they are revoked, and no others are', async () => {
    const sandbox = await testSandbox({ clock })
    const [syft, sibling] = [(await issue(sandbox, { api: 'syft' })).body, (await issue(sandbox, { api: 'syft' })).body]
    const memsolus = (await issue(sandbox, { api: 'memsolus' })).body
    expect((await sandbox.syft.page({}, { key: syft.key })).status).toBe(200)
    await sandbox.advance('1h')
    const { status, text } = await revoke(sandbox, syft.key)
    expect([status, text]).toEqual([204, ''])

    const refused = await sandbox.syft.page({}, { key: syft.key })
    expect([refused.status, refused.body]).toEqual([401, { error: 'Unauthorized' }])
    for (const key of [sibling.key, sandbox.view.syft.secretKey])
      expect((await sandbox.syft.page({}, { key })).status).toBe(200)
    expect((await sandbox.memsolus.list({}, { key: memsolus.key })).status).toBe(200)

    await revoke(sandbox, memsolus.key)
    expect((await sandbox.memsolus.list({}, { key: memsolus.key })).status).toBe(401)
    expect((await sandbox.memsolus.list()).status).toBe(200)
    const revoked = (await list(sandbox)).filter(({ revokedAt }) => revokedAt !== null)
    const at = '2026-03-01T01:00:00.000Z'
    expect(revoked).toEqual(
      expect.arrayContaining([
        { ...syft, revokedAt: at },
        { ...memsolus, revokedAt: at },
      ]),
    )
    expect(revoked).toHaveLength(2)
  })

  it('that are revoked again stay revoked since the first time', async () => {
    const sandbox = await testSandbox({ clock })
    const { key } = (await issue(sandbox, { api: 'syft' })).body
    await revoke(sandbox, key)
    await sandbox.advance('1h')
    expect((await revoke(sandbox, key)).status).toBe(204)
    expect((await list(sandbox)).find((known) => known.key === key)?.revokedAt).toBe(now)
  })

  it('that there are not, or not here, cannot be revoked', async () => {
    const sandbox = await testSandbox({ clock })
    const other = await testSandbox()
    for (const key of ['sk_live_sp_none', other.view.syft.secretKey, 'sk_live_demo']) {
      const { status, body } = await revoke(sandbox, key)
      expect([status, body]).toEqual([404, { error: 'KEY_NOT_FOUND', message: expect.any(String) }])
    }
    expect((await other.syft.page()).status).toBe(200)
  })

  it('go with whom they speak for', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/syft/organizations', { id: 'acme' })
    await sandbox.control('POST', '/memsolus/workspaces', { id: 'desk' })
    const syft = (await issue(sandbox, { api: 'syft', organizationId: 'acme' })).body
    const memsolus = (await issue(sandbox, { api: 'memsolus', workspaceId: 'desk' })).body
    await sandbox.control('DELETE', '/syft/organizations/acme')
    await sandbox.control('DELETE', '/memsolus/workspaces/desk')
    expect((await sandbox.syft.page({}, { key: syft.key })).status).toBe(401)
    expect((await sandbox.memsolus.list({}, { key: memsolus.key })).status).toBe(401)
    expect(await list(sandbox)).toHaveLength(2)
    expect((await revoke(sandbox, syft.key)).status).toBe(404)
  })
})

describe('after a reset', () => {
  it('first keys that were revoked are valid again, and the sandbox shows them', async () => {
    const sandbox = await testSandbox({ clock, data: { syft: { organizations: [{ id: 'acme' }] } } })
    const first = await list(sandbox)
    for (const { key } of first) await revoke(sandbox, key)
    expect((await sandbox.syft.page()).status).toBe(401)
    expect((await sandbox.memsolus.list()).status).toBe(401)
    expect((await sandbox.control('GET', '')).body).toMatchObject({
      syft: { secretKey: null },
      memsolus: { apiKey: null },
    })
    const reset = await sandbox.control<typeof sandbox.view>('POST', '/reset')
    expect(reset.body).toEqual(sandbox.view)
    expect(await list(sandbox)).toEqual(first)
    expect((await sandbox.syft.page()).status).toBe(200)
    expect((await sandbox.memsolus.list()).status).toBe(200)
  })

  it('first keys of what was deleted come back with it', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('DELETE', `/syft/organizations/${sandbox.view.syft.motions[0]?.organizationId}`)
    await sandbox.control('DELETE', `/memsolus/workspaces/${sandbox.view.memsolus.workspaceId}`)
    expect((await sandbox.syft.page()).status).toBe(401)
    await sandbox.control('POST', '/reset')
    expect((await sandbox.syft.page()).status).toBe(200)
    expect((await sandbox.memsolus.create()).status).toBe(202)
  })

  it('keys issued later stay, valid or revoked as they were, if whom they speak for is there', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.control('POST', '/memsolus/workspaces', { id: 'desk' })
    const kept = (await issue(sandbox, { api: 'memsolus', permissions: ['export.read'] })).body
    const revoked = (await issue(sandbox, { api: 'memsolus' })).body
    const ownerless = (await issue(sandbox, { api: 'memsolus', workspaceId: 'desk' })).body
    await revoke(sandbox, revoked.key)
    await sandbox.control('POST', '/reset')
    const statuses = [kept, revoked, ownerless].map(
      async ({ key }) => (await sandbox.memsolus.list({}, { key })).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 401, 401])
    const keys = (await list(sandbox)).map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining([kept.key, revoked.key]))
    expect(keys).toHaveLength(4)
  })
})
