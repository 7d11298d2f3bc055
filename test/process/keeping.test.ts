import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { describe, expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand, type ServerProcess } from '../harness/server.ts'

type Sandbox = { id: string; syft: { secretKey: string; motions: { id: string }[] }; memsolus: { apiKey: string } }

/** So that answers do not differ by the port. */
const env = { PUBLIC_URL: 'http://sandport.test' }

/** Everything that can be seen of a sandbox. */
async function look({ url, controlUrl }: ServerProcess, { id, syft, memsolus }: Sandbox) {
  const key = { 'x-api-key': memsolus.apiKey }
  const exports = await ask<{ data: { id: string }[] }>(`${url}/v1/exports`, { headers: key })
  const paths = ['', '/clock', '/keys', '/syft/motions', '/syft/runs?limit=100', '/memsolus/memories?limit=100']
  return {
    control: await Promise.all(paths.map(async (path) => (await ask(`${controlUrl}/sandboxes/${id}${path}`)).body)),
    runs: await ask(`${url}/api/motion/${syft.motions[0]?.id}/export?limit=100`, {
      headers: { authorization: `Bearer ${syft.secretKey}` },
    }),
    exports: exports.body,
    files: await Promise.all(
      exports.body.data.map(async (row) => (await ask(`${url}/v1/exports/${row.id}/download`, { headers: key })).text),
    ),
  }
}

describe('what is in a data directory', () => {
  it('is all there at the next start: runs, memories, exports, files, clock, keys, token', async () => {
    const directory = await testDirectory()
    const first = await testServer(['--data', directory], env)
    const { body: sandbox } = await ask<Sandbox>(`${first.controlUrl}/sandboxes`, {
      method: 'POST',
      body: {
        clock: { now: '2026-03-01T00:00:00Z', frozen: true },
        data: { syft: { runs: { count: 30 } }, memsolus: { memories: { count: 40 } } },
      },
    })
    const own = `${first.controlUrl}/sandboxes/${sandbox.id}`
    const call = (path: string, body: unknown) => ask(`${own}${path}`, { method: 'POST', body })
    await call('/keys', { api: 'memsolus', permissions: ['export.read'] })
    for (const format of ['json', 'csv']) {
      const headers = { 'x-api-key': sandbox.memsolus.apiKey }
      await ask(`${first.url}/v1/exports?format=${format}`, { method: 'POST', headers })
      await call('/clock/advance', { by: '1h' })
    }
    const before = await look(first, sandbox)
    expect(before.exports.data).toMatchObject([{ status: 'READY' }, { status: 'READY' }])
    expect(await first.stop()).toBe(0)
    expect(await readdir(join(directory, 'files'))).toHaveLength(2)

    const second = await testServer(['--data', directory], env)
    expect(await look(second, sandbox)).toEqual(before)
    await ask(`${second.controlUrl}/sandboxes/${sandbox.id}/clock/advance`, { method: 'POST', body: { by: '70h' } })
    expect((await look(second, sandbox)).exports.data).toMatchObject([{ status: 'READY' }, { status: 'EXPIRED' }])
    expect(await readdir(join(directory, 'files'))).toHaveLength(1)
  })

  it('begins with as much as was asked for, and is not made again: sizes are refused for what is there', async () => {
    const directory = await testDirectory()
    const sizes = ['--seed', '7', '--runs', '11', '--memories', '0']
    const first = await testServer(['--data', directory, ...sizes])
    const count = async ({ controlUrl }: ServerProcess, what: string) =>
      (await ask<{ items: unknown[] }>(`${controlUrl}/sandboxes/default/${what}?limit=100`)).body.items.length
    expect(await ask(`${first.controlUrl}/sandboxes/default`)).toMatchObject({ body: { seed: 7 } })
    expect([await count(first, 'syft/runs'), await count(first, 'memsolus/memories')]).toEqual([11, 0])
    await first.stop()

    for (const [option, value] of [['--seed', '7'] as const, ['--memories', '5'] as const]) {
      const refused = await runCommand(['start', '--port', '0', '--data', directory, option, value])
      expect(refused).toEqual({
        code: 2,
        stdout: '',
        stderr: `sandport: ${option} is for new data, and the sandbox default is there already. Leave it out, or choose new data.\n`,
      })
    }
    const second = await testServer(['--data', directory])
    expect(await count(second, 'syft/runs')).toBe(11)
  })

  it('gets the tables that an older version did not have', async () => {
    const directory = await testDirectory()
    const old = await PGlite.create({ dataDir: join(directory, 'database') })
    await old.exec(`create schema other; create table other.kept as select 'x' as what`)
    await old.close()

    const server = await testServer(['--data', directory])
    const page = await ask(`${server.url}/api/motion/demo/export`, {
      headers: { authorization: 'Bearer sk_live_demo' },
    })
    expect(page).toMatchObject({ status: 200, body: { hasMore: true } })
    expect(await server.stop()).toBe(0)
    const now = await PGlite.create({ dataDir: join(directory, 'database') })
    expect((await now.query('select what from other.kept')).rows).toEqual([{ what: 'x' }])
    await now.close()
  })

  it('is gone with a server that was not told where to keep it, and leaves nothing behind', async () => {
    const scratch = await testDirectory()
    const server = await testServer([], { TMPDIR: scratch })
    expect(await readdir(scratch)).toEqual([expect.stringMatching(new RegExp(`^sandport-${server.pid}-`))])
    expect(await server.stop()).toBe(0)
    expect(await readdir(scratch)).toEqual([])

    const killed = await testServer([], { TMPDIR: scratch })
    await killed.stop('SIGKILL')
    const next = await testServer([], { TMPDIR: scratch })
    expect(await readdir(scratch)).toEqual([expect.stringMatching(new RegExp(`^sandport-${next.pid}-`))])
  })
})
