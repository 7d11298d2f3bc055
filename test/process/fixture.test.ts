import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand, type ServerProcess, startServer } from '../harness/server.ts'

/** A fixture in a file, which goes with the test. */
async function testFile(content: unknown): Promise<string> {
  const path = join(await testDirectory(), 'fixture.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

type List = { items: Record<string, unknown>[] }
const listOf = async ({ url }: ServerProcess, path: string, sandbox = 'default') =>
  (await ask<List>(`${url}/_sandport/sandboxes/${sandbox}${path}`)).body.items

const backwards = { runId: 'b', createdAt: '2026-01-02T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' }

describe('a server that starts with a fixture', () => {
  it('has in default what the fixture holds, and of an API that it says nothing of what there always is', async () => {
    const syft = {
      motions: [{ id: 'm1', name: 'Mine' }],
      runs: { motionId: 'm1', items: [{ runId: 'r1' }, { runId: 'r2' }] },
    }
    const server = await testServer(['--fixture', await testFile({ $schema: 'x', syft })])
    expect((await listOf(server, '/syft/runs')).map(({ runId, motionId }) => [runId, motionId])).toEqual([
      ['r1', 'm1'],
      ['r2', 'm1'],
    ])
    expect(await listOf(server, '/syft/motions')).toMatchObject([{ id: 'demo' }, { id: 'm1', name: 'Mine' }])
    expect(await listOf(server, '/memsolus/memories?limit=1000')).toHaveLength(300)
  })

  it('lets the motion and the workspace of default be those of the fixture, where they have the same id', async () => {
    const fixture = {
      syft: { motions: [{ id: 'demo', name: 'Recorded' }], runs: { items: [] } },
      memsolus: {
        workspaces: [{ id: 'demo', name: 'Kept' }],
        memories: { items: [{ id: 'one', memory: 'Likes tea' }] },
      },
    }
    const server = await testServer(['--fixture', await testFile(fixture)])
    expect(await listOf(server, '/syft/motions')).toMatchObject([{ id: 'demo', name: 'Recorded' }])
    expect(await listOf(server, '/syft/runs')).toEqual([])
    expect(await listOf(server, '/memsolus/workspaces')).toMatchObject([{ id: 'demo', name: 'Kept' }])
    expect(await listOf(server, '/memsolus/memories')).toMatchObject([{ id: 'one', memory: 'Likes tea' }])
  })

  it('finds it again after a reset, and in its data directory', async () => {
    const file = await testFile({ syft: { runs: { items: [{ runId: 'r1' }] } } })
    const data = await testDirectory()
    const server = await testServer(['--fixture', file, '--data', data])
    await ask(`${server.url}/_sandport/sandboxes/default/syft/runs/r1`, { method: 'DELETE' })
    await ask(`${server.url}/_sandport/sandboxes/default/reset`, { method: 'POST' })
    await server.stop()
    expect(await runCommand(['start', '--port', '0', '--fixture', file, '--data', data])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^sandport: --fixture is for new data, and the sandbox default is there already/),
    })
    expect(await listOf(await testServer(['--data', data]), '/syft/runs')).toMatchObject([{ runId: 'r1' }])
  })

  const no = 'is no fixture that can be used:'
  it.each([
    ['{"syft": {\n  "runs": [1 2]}}', /is no JSON: .*line 2 column 14\)/],
    ['{"syft": {', /is no JSON: .*line 1 column 11\)|is no JSON: Expected property name/],
    [
      { syft: { runs: { items: [{}, { acount: null }] } } },
      `${no} Unknown property "acount" in syft.runs.items[1]. Did you mean "account"? (at /syft/runs/items/1/acount)`,
    ],
    [{ syft: { runs: { items: [{ createdAt: 'soon' }] } } }, '(at /syft/runs/items/0/createdAt)'],
    [{ syft: { runs: { items: [{}, backwards] } } }, '(at /syft/runs/items/1/updatedAt)'],
    [{ syft: { runs: { items: [{ runId: 'r1' }, { runId: 'r1' }] } } }, `${no} There is a run "r1" already`],
    [{ syft: { runs: { motionId: 'm9', items: [{}] } } }, `${no} There is no motion "m9"`],
  ])('refuses %j', async (content, message) => {
    const file = await testFile(content)
    const { code, stdout, stderr } = await runCommand(['start', '--port', '0', '--fixture', file])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(file)
    expect(stderr).toMatch(typeof message === 'string' ? new RegExp(message.replace(/[.?()[\]]/g, '\\$&')) : message)
  })

  it('refuses a file that is not there, and to make up what the file holds', async () => {
    expect(await runCommand(['start', '--fixture', 'none.json'])).toMatchObject({
      code: 2,
      stderr: 'sandport: there is no file none.json.\n',
    })
    const { code, stderr } = await runCommand(['start', '--runs', '5', '--fixture', await testFile({ syft: {} })])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^sandport: --runs is for what is made up/),
    })
  })
})

describe('exec --fixture', () => {
  const print = ['--', 'sh', '-c', 'curl -s -H "Authorization: Bearer $SYFT_SECRET_KEY" $URL']
  const url = ['--quiet', '--env', 'URL={syftUrl}/api/motion/{syftMotion}/export?status=failed&fields=status']

  it('runs the command against what the fixture holds', async () => {
    const items = [{ runId: 'r1', status: 'failed' }]
    const file = await testFile({ syft: { motions: [{ id: 'm1' }], runs: { motionId: 'm1', items } } })
    const { code, stdout } = await runCommand(['exec', '--fixture', file, ...url, ...print])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '{"items":[{"runId":"r1","status":"failed"}],"nextCursor":null,"hasMore":false}',
    })
  })

  it('refuses what it cannot use before it runs anything', async () => {
    const file = await testFile({ syft: { runs: { items: [{ status: 5 }] } } })
    const { code, stdout, stderr } = await runCommand(['exec', '--fixture', file, ...url, ...print])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('(at /syft/runs/items/0/status)')
  })
})

describe('seed --fixture', () => {
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServer(['--runs', '0', '--memories', '0'])
  }, 60_000)
  afterAll(async () => {
    await server.stop('SIGKILL')
  })

  const seed = async (content: unknown, sandbox: string, ...more: string[]) => {
    const file = await testFile(content)
    return {
      file,
      ...(await runCommand(['seed', '--fixture', file, '--sandbox', sandbox, ...more], { SANDPORT_URL: server.url })),
    }
  }
  const testSandbox = async () =>
    (await ask<{ id: string }>(`${server.url}/_sandport/sandboxes`, { method: 'POST' })).body.id

  it('puts in everything that a fixture holds', async () => {
    const id = await testSandbox()
    const fixture = {
      syft: {
        organizations: [{ id: 'o1', plan: 'agency' }],
        motions: [{ id: 'm1', organizationId: 'o1' }],
        runs: { count: 3, motionId: 'm1' },
      },
      memsolus: {
        workspaces: [{ id: 'w1' }],
        memories: { workspaceId: 'w1', items: [{ id: 'one' }, { id: 'two' }] },
        exports: [{ status: 'FAILED' }],
        behavior: { pendingFor: '5m' },
      },
    }
    const { code, stdout, stderr } = await seed(fixture, id, '--json')
    expect({ code, stdout: JSON.parse(stdout) }, stderr).toEqual({
      code: 0,
      stdout: { sandbox: id, runs: 3, memories: 2 },
    })
    expect((await listOf(server, '/syft/runs', id)).map(({ motionId }) => motionId)).toEqual(['m1', 'm1', 'm1'])
    expect(await listOf(server, '/memsolus/memories', id)).toMatchObject([
      { id: 'one', workspace_id: 'w1' },
      { id: 'two' },
    ])
    expect(await listOf(server, '/memsolus/exports', id)).toMatchObject([{ status: 'FAILED' }])
    const { body } = await ask(`${server.url}/_sandport/sandboxes/${id}/memsolus/behavior`)
    expect(body).toMatchObject({ pendingFor: '5m' })
  })

  it('goes by calls of a size that the server takes, and shows how far it is', async () => {
    const id = await testSandbox()
    const items = Array.from({ length: 10_050 }, (_, index) => ({ id: `m${index}` }))
    const { code, stderr } = await seed({ memsolus: { memories: { items } } }, id)
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^memories: 10000 of 10050, \d+ a second\nmemories: 10050 of 10050, .*\n$/)
  })

  it('names the place in the file, also of what only the server finds', async () => {
    const id = await testSandbox()
    const items = [...Array.from({ length: 10_000 }, () => ({ account: null, contacts: [], session: null })), backwards]
    const { file, code, stderr } = await seed({ syft: { runs: { items } } }, id)
    expect(code).toBe(2)
    expect(stderr).toMatch(/sandport: stopped\. Put 10000 of 10001 runs in sb_\w+\.\n/)
    expect(stderr).toContain(`(at /syft/runs/items/10000/updatedAt of ${file})`)
    const early = await seed({ syft: { runs: { items: [{ status: 5 }] } } }, id)
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('(at /syft/runs/items/0/status)') })
  })

  it('is not to be told what the file says', async () => {
    const { code, stderr } = await seed({}, 'default', '--runs', '5')
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'sandport: --fixture holds what there is to be, and whose it is; leave the others out. See sandport seed --help.\n',
    })
  })
})
