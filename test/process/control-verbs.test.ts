import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../harness/process.ts'
import { runCommand, type ServerProcess, spawnProgram, startServer } from '../harness/server.ts'

const adminToken = 'admin-token'
let server: ServerProcess
beforeAll(async () => {
  server = await startServer([], { SANDPORT_ADMIN_TOKEN: adminToken })
}, 60_000)
afterAll(async () => {
  await server.stop('SIGKILL')
})

type Created = { id: string; token: string; memsolus: { apiKey: string } }

/** The command, with what it needs to reach the server in its environment; `env` wins. */
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runCommand(args, { SANDPORT_URL: server.url, SANDPORT_ADMIN_TOKEN: adminToken, ...env })

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'])
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

async function words(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args)
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe('sandbox', () => {
  it('creates, lists, shows, resets and deletes', async () => {
    const made = ['--name', 'mine', '--group', 'g1', '--ttl', '1h', '--seed', '7', '--runs', '2', '--memories', '1']
    const { id, ...more } = await json<Created>(
      'sandbox',
      'create',
      ...made,
      '--clock',
      '2026-03-01T12:00:00Z',
      '--freeze',
    )
    const clock = { now: '2026-03-01T12:00:00.000Z', frozen: true, rate: 1 }
    expect(more).toMatchObject({ name: 'mine', group: 'g1', ttl: '1h', seed: 7, clock })
    expect(await json('sandbox', 'list', '--group', 'g1')).toMatchObject({ items: [{ id, name: 'mine', clock }] })
    expect(await words('sandbox', 'list')).toMatch(/^ID +NAME +GROUP .*\n(.*\n)*sb_\w+ +mine +g1 +7 +2026-03-01T12/)
    expect(await words('sandbox', 'show', '--sandbox', id)).toContain(`Memsolus key  ${more.memsolus.apiKey}\n`)
    expect(await json('sandbox', 'reset', '--sandbox', id)).toMatchObject({ id, clock })
    expect(await words('sandbox', 'delete', '--sandbox', id)).toBe(`Deleted ${id}.\n`)
    expect(await json('sandbox', 'list', '--group', 'g1')).toEqual({ items: [] })
  })
})

describe('scenario', () => {
  it('lists what a sandbox can be created as', async () => {
    expect(await json('scenario', 'list')).toEqual({
      items: expect.arrayContaining([expect.objectContaining({ name: 'ties' })]),
    })
    expect(await words('scenario', 'list')).toMatch(/^ties \(syft\)\n {2}130 runs .*\n {2}A good client asks again/m)
    const { id } = await json<Created>('sandbox', 'create', '--scenario', 'ties')
    expect(await words('sandbox', 'show', '--sandbox', id)).toMatch(/^scenario +ties$/m)
    expect(await json('sandbox', 'create', '--scenario', 'ties', '--seed', '7')).toMatchObject({
      seed: 7,
      scenario: 'ties',
    })
    expect(await run(['sandbox', 'create', '--scenario', 'tie'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "ties"?'),
    })
  })
})

describe('clock', () => {
  it('shows, advances, freezes and unfreezes', async () => {
    const { id } = await json<Created>('sandbox', 'create', '--clock', '2026-03-01T12:00:00Z', '--freeze')
    const own = ['--sandbox', id]
    expect(await words('clock', 'show', ...own)).toBe('now     2026-03-01T12:00:00.000Z\nfrozen  yes\nrate    1\n')
    expect(await json('clock', 'advance', '72h', ...own)).toEqual({ now: '2026-03-04T12:00:00.000Z', events: [] })
    expect(await words('clock', 'advance', '2026-04-01T00:00:00Z', ...own)).toMatch(
      /^It is 2026-04-01T00:00:00.000Z. 0 /,
    )
    expect(await json('clock', 'unfreeze', ...own)).toMatchObject({ frozen: false })
    expect(await json('clock', 'freeze', ...own)).toMatchObject({ frozen: true })
    expect(await run(['clock', 'advance', 'soon', ...own])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('export and requests', () => {
  it('command exports by hand, and list what clients did', async () => {
    const { id, token, memsolus } = await json<Created>('sandbox', 'create')
    const own = ['--sandbox', id]
    const headers = { 'x-api-key': memsolus.apiKey }
    await ask(`${server.controlUrl}/sandboxes/${id}/memsolus/behavior`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: { hold: 'PENDING' },
    })
    const make = async () =>
      (await ask<{ id: string }>(`${server.url}/v1/exports`, { method: 'POST', headers })).body.id
    const [first, second] = [await make(), await make()]
    expect(await json('export', 'step', first, ...own)).toMatchObject({ id: first, status: 'PROCESSING' })
    expect(await words('export', 'fail', first, '--message', 'Disk full', ...own)).toMatch(/^status +FAILED$/m)
    expect(await json('export', 'release', second, ...own)).toMatchObject({ behavior: { hold: null } })
    await json('clock', 'advance', '1m', ...own)
    expect(await json('export', 'show', second, ...own)).toMatchObject({ status: 'READY' })
    expect(await json('export', 'expire', second, ...own)).toMatchObject({ status: 'EXPIRED' })
    expect(await json('export', 'list', ...own)).toMatchObject({ items: [{}, {}] })
    expect(await words('export', 'list', ...own)).toMatch(/^ID +STATUS +FORMAT .*\n/)
    const refused = await run(['export', 'hold', first, ...own])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sandport: .*FAILED/) })

    await ask(`${server.url}/v1/exports/${second}/download`, { headers })
    const [operation, status] = [
      ['--operation', 'memsolus.downloadExport'],
      ['--status', '4xx'],
    ]
    expect(await json('requests', ...own)).toMatchObject({ items: [{}, {}, { operation: 'memsolus.downloadExport' }] })
    expect(await json('requests', ...own, ...operation, ...status)).toMatchObject({ items: [{ status: 410 }] })
    expect(await json('requests', ...own, '--limit', '1')).toMatchObject({ items: [{ status: 410 }] })
    expect(await words('requests', ...own)).toMatch(
      / 410 +memsolus\.downloadExport .* GET \/v1\/exports\/.*\/download\n$/,
    )
  })

  it('shows requests as they come with --follow, until Ctrl-C', async () => {
    const { id, token, memsolus } = await json<Created>('sandbox', 'create')
    const env = { SANDPORT_URL: server.url, SANDPORT_TOKEN: token, SANDPORT_SANDBOX: id }
    const child = spawnProgram('cli', ['requests', '--follow', '--status', '2xx'], env)
    const shown = text(child.stdout)
    let isShown = false
    child.stdout.once('data', () => {
      isShown = true
    })
    const call = () => ask(`${server.url}/v1/exports`, { headers: { 'x-api-key': memsolus.apiKey } })
    await expect.poll(async () => (await call()) && isShown, { timeout: 30_000 }).toBe(true)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await shown).toMatch(/^\S+Z {2}200 {2}memsolus\.listExports {2}\d+ {2}\S.* {2}GET \/v1\/exports\n/)
  })
})

describe('what goes wrong is said with what to do', () => {
  it('where nothing answers', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    taken.close()
    await once(taken, 'close')
    expect(await run(['clock', 'show', '--url', url])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `sandport: cannot reach ${url} (ECONNREFUSED). Is it started (sandport start), and on this port? ` +
        'Choose with --url or SANDPORT_URL.\n',
    })
  })

  it.each([
    [
      ['clock', 'show', '--token', 'other'],
      {},
      1,
      /^sandport: http.* needs another token: .*--token or SANDPORT_TOKEN/,
    ],
    [
      ['clock', 'show', '--sandbox', 'sb_none'],
      {},
      1,
      /^sandport: there is no sandbox "sb_none" at .*There are default/,
    ],
    [['export', 'show', 'none'], {}, 1, /^sandport: .*none/],
    [['clock', 'show', '--url', 'localhost'], {}, 2, /^sandport: option '--url <origin>' .*Use an origin such as/],
    [['clock', 'show'], { SANDPORT_URL: 'localhost' }, 2, /^sandport: SANDPORT_URL is "localhost"; give an origin/],
    [['sandbox', 'delete'], {}, 2, /^sandport: say which, with --sandbox. See sandport sandbox delete --help.\n$/],
    [['clock', 'forward'], {}, 2, /^sandport: unknown command 'forward'.*See sandport clock --help.\n$/],
    [['requests', '--operation', 'x'], {}, 2, /^sandport: .*Allowed choices are syft.exportRuns/],
  ])('%j', async (args, env, code, message) => {
    expect(await run(args, env)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) })
  })
})
