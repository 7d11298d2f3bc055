import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { testCluster } from '../harness/cluster.ts'
import { emptyService } from '../harness/empty-service.ts'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand, type ServerProcess } from '../harness/server.ts'

const usual = { since: 'exclusive', order: 'createdAt', pages: 'full', nulls: 'present', hints: false }
const others = { since: 'inclusive', order: 'updatedAt', pages: 'short', nulls: 'absent', hints: true }

type View = { id: string; reading: Record<string, unknown>; clock: { now: string } }

/** A file with this in it, which goes with the test. */
async function testFile(content: unknown): Promise<string> {
  const path = join(await testDirectory(), 'reading.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const readingOf = async ({ url }: Pick<ServerProcess, 'url'>, id = 'default') =>
  (await ask<View>(`${url}/_sandport/sandboxes/${id}`)).body.reading

const create = async ({ url }: Pick<ServerProcess, 'url'>, reading?: Record<string, unknown>) =>
  (await ask<View>(`${url}/_sandport/sandboxes`, { method: 'POST', body: { ...(reading && { reading }) } })).body

/** A server whose `default` has a run that was created first and updated last, and what verifies that sandbox. */
async function measured(args: readonly string[]) {
  const server = await testServer(args)
  const { url, syft, memsolus } = server
  const { body } = await ask<View>(`${url}/_sandport/sandboxes/default`)
  const late = { status: 'completed', createdAt: '2020-01-01T00:00:00Z', updatedAt: body.clock.now }
  await ask(`${url}/_sandport/sandboxes/default/syft/runs`, { method: 'POST', body: late })
  const target = ['--syft-url', url, '--syft-key', syft.secretKey, '--motion', syft.motionId]
  return { server, target: [...target, '--memsolus-url', url, '--memsolus-key', memsolus.apiKey, '--pace', '0s'] }
}

/** A Syft Export API without any runs. */
async function withoutRuns() {
  const { url, requests } = await emptyService()
  return { requests, target: ['--syft-url', url, '--syft-key', 'sk_live_none', '--motion', 'm', '--pace', '0s'] }
}

describe('a service that is measured', { timeout: 120_000 }, () => {
  it('is followed by a server that is started with what was written, and measured alike there', async () => {
    const [first, second] = [await testFile('old'), await testFile('')]
    const service = await measured(['--reading', await testFile(others)])
    const { code, stdout } = await runCommand([
      'verify',
      ...service.target,
      '--only',
      'readings',
      '--write-reading',
      first,
    ])
    expect(code, stdout).toBe(0)
    expect(JSON.parse(await readFile(first, 'utf8'))).toEqual(others)
    expect(await readdir(join(first, '..'))).toEqual(['reading.json'])
    expect(stdout).toMatch(
      /^ {2}since {2}inclusive {6}GET \/api\/motion\/demo\/export\?.* served what was updated at exactly since\.$/m,
    )
    expect(stdout).toContain('Wrote since: inclusive, order: updatedAt, pages: short, nulls: absent, hints: true to ')
    const mock = await measured(['--reading', first])
    expect(await readingOf(mock.server)).toEqual(others)
    const again = [...mock.target, '--control-url', mock.server.url, '--write-reading', second]
    const whole = await runCommand(['verify', ...again])
    expect(whole.code, whole.stdout).toBe(0)
    expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'))
    expect((await create(mock.server, JSON.parse(await readFile(second, 'utf8')))).reading).toEqual(others)
  })

  it('leaves out what was not found out, and says why', async () => {
    const file = await testFile('{}')
    const { server, target } = await measured([])
    const args = ['verify', ...target, '--max-exports', '0', '--only', 'syft/no-key', '--write-reading', file]
    const { code, stdout, stderr } = await runCommand([...args, '--reporter', 'json'])
    expect(code).toBe(0)
    const { hints: _, nulls, ...found } = usual
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...found, nulls })
    expect(JSON.parse(stdout).readings).toHaveLength(5)
    expect(stderr).toContain('Not found out, and left out there:\n  hints: It would take another export')
    expect(
      (await ask<{ data: unknown[] }>(`${server.url}/v1/exports`, { headers: { 'x-api-key': 'msk_live_demo' } })).body
        .data,
    ).toEqual([])
  })

  it('leaves the file as it is where nothing was found out', async () => {
    const file = await testFile('as it was')
    const { target } = await withoutRuns()
    const { code, stdout } = await runCommand(['verify', ...target, '--only', 'readings', '--write-reading', file])
    expect(code).toBe(1)
    expect(stdout).toContain(
      `Wrote no ${file}.\nNot found out, and left out there:\n  since: The motion has no completed runs.\n`,
    )
    expect(await readFile(file, 'utf8')).toBe('as it was')
  })

  it('is not asked anything where the file cannot be written', async () => {
    const { target, requests } = await withoutRuns()
    const directory = await testDirectory()
    for (const [path, why] of [
      [join(directory, 'none', 'r.json'), 'there is no such directory'],
      [directory, 'it is there, and is no file'],
    ]) {
      const { code, stdout, stderr } = await runCommand(['verify', ...target, '--write-reading', `${path}`])
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `sandport: cannot write ${path}: ${why}.\n`,
      })
    }
    expect(requests).toEqual([])
    expect(await readdir(directory)).toEqual([])
  })

  it('is asked for the readings in a dry run, which writes none', async () => {
    const file = await testFile('as it was')
    const { target, requests } = await withoutRuns()
    const { code, stdout } = await runCommand([
      'verify',
      ...target,
      '--dry-run',
      '--only',
      'syft/no-key',
      '--write-reading',
      file,
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^syft\/reading-since\n( {2}GET http:.*\n)+syft\/reading-order\n {2}nothing: what was asked before tells\.$/m,
    )
    expect([requests, await readFile(file, 'utf8')]).toEqual([[], 'as it was'])
  })
})

describe('a server that is started with readings', () => {
  it('has them in every sandbox that says nothing else', async () => {
    const server = await testServer(['--reading', await testFile({ since: 'inclusive', hints: true })])
    expect(await readingOf(server)).toEqual({ ...usual, since: 'inclusive', hints: true })
    expect((await create(server)).reading).toEqual({ ...usual, since: 'inclusive', hints: true })
    expect((await create(server, { hints: false, order: 'updatedAt' })).reading).toEqual({
      ...usual,
      ...{ since: 'inclusive', order: 'updatedAt' },
    })
    const headers = { 'x-api-key': server.memsolus.apiKey }
    const answer = await fetch(`${server.url}/v1/exports`, { method: 'POST', headers })
    expect(answer.headers.get('location')).toMatch(/^\/v1\/exports\//)
  })

  it('with other data than usual, too', async () => {
    const server = await testServer(['--reading', await testFile({ pages: 'short' }), '--runs', '40'])
    const headers = { authorization: `Bearer ${server.syft.secretKey}` }
    const { body } = await ask<{ items: unknown[] }>(`${server.url}/api/motion/demo/export?limit=10`, { headers })
    expect(body).toMatchObject({ items: { length: 6 }, hasMore: true })
  })

  it('takes them from the environment, too, where no option says otherwise', async () => {
    const env = { SANDPORT_READING: await testFile({ nulls: 'absent' }) }
    expect(await readingOf(await testServer([], env))).toEqual({ ...usual, nulls: 'absent' })
    const server = await testServer(['--reading', await testFile({ pages: 'short' })], env)
    expect(await readingOf(server)).toEqual({ ...usual, pages: 'short' })
  })

  it('gives them to the default sandbox that is there, and to no other that is', async () => {
    const data = await testDirectory()
    const first = await testServer(['--data', data])
    const { id } = await create(first)
    await first.stop()
    const second = await testServer(['--data', data, '--reading', await testFile({ order: 'updatedAt' })])
    expect(await readingOf(second)).toEqual({ ...usual, order: 'updatedAt' })
    expect(await readingOf(second, id)).toEqual(usual)
    await second.stop()
    const third = await testServer(['--data', data, '--reading', await testFile({ hints: true })])
    expect(await readingOf(third)).toEqual({ ...usual, order: 'updatedAt', hints: true })
    expect((await create(third)).reading).toEqual({ ...usual, hints: true })
  })

  it('runs a command against them', async () => {
    const program =
      'fetch(process.env.SANDPORT_URL + "/_sandport/sandboxes/" + process.env.SANDPORT_SANDBOX).then((r) => r.text()).then(console.log)'
    const args = ['exec', '--quiet', '--runs', '0', '--memories', '0', '--reading', await testFile({ hints: true })]
    const { code, stdout } = await runCommand([...args, '--', process.execPath, '-e', program])
    expect(code).toBe(0)
    expect(JSON.parse(stdout).reading).toEqual({ ...usual, hints: true })
  })

  it.each([
    [
      '{"since": "inclusiv"}',
      'cannot be used: "since" must be one of "exclusive", "inclusive", not "inclusiv". Did you mean "inclusive"? (at /since)',
    ],
    ['{"sinse": "inclusive"}', 'cannot be used: Unknown property "sinse". Did you mean "since"? (at /sinse)'],
    ['{"hints": "true"}', 'cannot be used: "hints" must be true or false, not "true" (at /hints)'],
    ['[]', 'cannot be used: The file must be an object, not []'],
    ['since: inclusive', 'is no JSON: '],
  ])('refuses %s', async (content, message) => {
    const path = await testFile(content)
    for (const [name, ...rest] of [['start', '--port', '0'] as const, ['exec', '--', 'true'] as const]) {
      const { code, stdout, stderr } = await runCommand([name, '--reading', path, ...rest])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(`sandport: --reading is "${path}", which ${message}`)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    }
  })

  it('refuses a file that is not there', async () => {
    const { code, stderr } = await runCommand(['start', '--port', '0'], { SANDPORT_READING: '/no/such.json' })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'sandport: SANDPORT_READING is "/no/such.json", which cannot be read (ENOENT). sandport verify --write-reading writes one.\n',
    })
  })
})

const services = inject('services')

describe.runIf(services)('processes on services', () => {
  it('have the readings that their environment names, whichever of them makes the default sandbox', async () => {
    const { start } = await testCluster(services)
    const env = { SANDPORT_READING: await testFile(others) }
    await start('worker', env)
    const [one, two] = await Promise.all([start('api', env), start('api', env)])
    expect(await readingOf(two)).toEqual(others)
    const { id, reading } = await create(one)
    expect(reading).toEqual(others)
    expect(await readingOf(two, id)).toEqual(others)
  })
})
