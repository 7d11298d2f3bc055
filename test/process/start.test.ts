import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, testServer } from '../harness/process.ts'
import type { Page } from '../harness/sandbox.ts'
import { MAIN, runCommand, type ServerProcess, spawnProgram } from '../harness/server.ts'

const run = promisify(execFile)
const LAST_LINE = 'Ctrl-C stops it.'
const ESCAPE = '\u001b['

/** Starts the command as a person does, but into a pipe, and answers what it has printed once it is ready. */
async function shownByStart(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawnProgram('cli', ['start', '--port', '0', ...args], env)
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    if (child.kill()) await ended
  })
  let shown = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    shown += chunk
    if (shown.includes(LAST_LINE)) break
  }
  expect(shown.endsWith(`${LAST_LINE}\n`)).toBe(true)
  return shown
}

/** The commands in what a start has printed, under what is said of them. */
function commandsIn(shown: string): Record<string, string> {
  return Object.fromEntries(
    [...shown.matchAll(/^ {2}(\w.*):\n {2}(.*)$/gm)].map(([, purpose, line]) => [purpose, line]),
  )
}

/** A shell into which the printed lines are pasted; `id` is what a line before has set. */
async function paste(line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  return (await run('sh', ['-c', line], { env: { PATH: process.env.PATH, ...env } })).stdout
}

describe('what a start prints', () => {
  it('is where both APIs are, the keys, and for every operation a line that can be pasted and works', async () => {
    const shown = await shownByStart()
    const [, url] = /^Sandport \d+\.\d+\.\d+ is listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(shown) ?? []
    expect(shown.match(/^ {2}base URL .*$/gm)).toEqual([`  base URL  ${url}`, `  base URL  ${url}`])
    expect(shown.match(/^ {2}(key|motion) .*$/gm)).toEqual([
      '  key       sk_live_demo',
      '  motion    demo',
      '  key       msk_live_demo',
    ])
    const commands = commandsIn(shown)
    expect(Object.keys(commands)).toEqual([
      'two runs',
      'create an export, and keep its id',
      'its status',
      'its file, once it is READY',
      'all exports',
      'a sandbox of your own',
      'three days later',
    ])
    const pasted = async (purpose: string, env?: NodeJS.ProcessEnv) => paste(commands[purpose] ?? 'false', env)
    const json = async (purpose: string, env?: NodeJS.ProcessEnv) => JSON.parse(await pasted(purpose, env))

    expect(await json('two runs')).toMatchObject({ items: [{ status: 'completed' }, {}], hasMore: true })
    const id = (await paste(`${commands['create an export, and keep its id']}\nprintf %s "$id"`)).trim()
    await expect.poll(async () => (await json('its status', { id })).status).toBe('READY')
    expect(await json('its status', { id })).toMatchObject({ id, format: 'csv', priority: 'HIGH' })
    expect(await pasted('its file, once it is READY', { id })).toMatch(/^id,memory,user_id,.*\r\n.*,HIGH,/)
    expect(await json('all exports')).toMatchObject({ data: [{ id }], meta: { total: 1 } })
    expect(await json('a sandbox of your own')).toMatchObject({ id: expect.stringMatching(/^sb_/), memsolus: {} })
    expect(await json('three days later')).toMatchObject({ events: [{ exportId: id, to: 'EXPIRED' }] })
    expect(await json('its file, once it is READY', { id })).toMatchObject({ error: 'EXPORT_EXPIRED' })
  })

  it('leaves the token to the environment, from which its lines take it', async () => {
    const token = { SANDPORT_ADMIN_TOKEN: 'hidden-token' }
    const shown = await shownByStart([], token)
    expect(shown).not.toContain('hidden-token')
    const own = commandsIn(shown)['a sandbox of your own'] ?? 'false'
    expect(JSON.parse(await paste(own, token))).toMatchObject({ id: expect.stringMatching(/^sb_/) })
    expect(JSON.parse(await paste(own))).toMatchObject({ error: 'UNAUTHORIZED' })
  })

  it('has the public origin in the place of the one it listens on, and says where data is kept', async () => {
    const shown = await shownByStart([], { PUBLIC_URL: 'https://sandport.example.com' })
    expect(shown.match(/^ {2}base URL .*$/gm)).toEqual(Array(2).fill('  base URL  https://sandport.example.com'))
    expect(Object.values(commandsIn(shown)).filter((line) => !line.includes('https://sandport.example.com/'))).toEqual(
      [],
    )
    expect(shown).toContain('  data      in memory, gone when it stops; keep it with --data DIRECTORY\n')
  })

  it('is one line of JSON with --json, and nothing else until it has ended', async () => {
    const child = spawnProgram('cli', ['start', '--port', '0', '--json'], {})
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
    child.stdout.once('data', () => child.kill())
    const [code] = await once(child, 'exit')
    expect([code, await stderr]).toEqual([0, ''])
    expect(await stdout).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(await stdout)).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      port: expect.any(Number),
      pid: child.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      sandbox: 'default',
      controlUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/_sandport$/),
      syft: { baseUrl: expect.stringMatching(/^http:/), secretKey: 'sk_live_demo', motionId: 'demo' },
      memsolus: { baseUrl: expect.stringMatching(/^http:/), apiKey: 'msk_live_demo' },
    })
  })

  it('has no colors in a pipe', async () => {
    expect(await shownByStart([], { TERM: 'xterm-256color' })).not.toContain(ESCAPE)
  })

  const script = '/usr/bin/script'
  it.runIf(process.platform === 'linux' && existsSync(script)).each([
    ['has colors on a terminal', {}, true],
    ['has none on a terminal either where nobody wants them', { NO_COLOR: '1' }, false],
  ])('%s, where Ctrl-C stops it', async (_, env, isColored) => {
    const command = `exec '${process.execPath}' '${MAIN}' start --port 0`
    const { PATH, HOME } = process.env
    const child = spawn(script, ['-qec', command, '/dev/null'], { env: { PATH, HOME, TERM: 'xterm', ...env } })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      shown += chunk
      if (chunk.includes(LAST_LINE)) child.stdin.write('\u0003')
    })
    expect(await ended).toEqual([0, null])
    expect(shown).toContain('Syft Export API')
    expect(shown.includes(ESCAPE)).toBe(isColored)
  })
})

describe('the options of a start', () => {
  it('--port 0 is any free port, another one is that one, and the option wins over PORT', async () => {
    const [first, second] = await Promise.all([testServer(), testServer()])
    expect(first.port).not.toBe(second.port)
    const { port } = first
    await first.stop()
    const third = await testServer(['--port', `${port}`], { PORT: `${second.port}` })
    expect(third).toMatchObject({ port, url: `http://127.0.0.1:${port}` })
    expect((await ask(`${third.url}/_sandport/health`)).status).toBe(200)
  })

  it('--seed, --runs and --memories are what the sandbox default is made up from, and how much', async () => {
    const seeded = async (...args: string[]) => {
      const server = await testServer(args)
      const own = `${server.controlUrl}/sandboxes/default`
      const list = async (what: string) =>
        (await ask<{ items: Record<string, unknown>[] }>(`${own}/${what}?limit=1000`)).body.items
      const runs = (await list('syft/runs')).map(({ runId, status }) => `${runId} ${status}`)
      const memories = (await list('memsolus/memories')).map(({ id, memory }) => `${id} ${memory}`)
      await server.stop()
      return { runs, memories }
    }
    const usual = await seeded()
    expect([usual.runs.length, usual.memories.length]).toEqual([230, 300])
    const seven = await seeded('--seed', '7', '--runs', '40', '--memories', '60')
    expect([seven.runs.length, seven.memories.length]).toEqual([40, 60])
    expect(seven).toEqual(await seeded('--seed', '7', '--runs', '40', '--memories', '60'))
    expect(seven).not.toEqual(await seeded('--seed', '8', '--runs', '40', '--memories', '60'))
    const none = await seeded('--runs', '0', '--memories', '0')
    expect(none).toEqual({ runs: [], memories: [] })
  })

  it('S-PAGE-5 --runs 20000 are all there, once, for a client that follows narrow pages', async () => {
    const server = await testServer(['--runs', '20000', '--memories', '0'])
    const found = await Promise.all(
      ['completed', 'failed', 'skipped', 'in_progress'].map((status) => idsOf(server, status)),
    )
    expect(new Set(found.flat()).size).toBe(20_000)
    expect(found.flat()).toHaveLength(20_000)
  })
})

/** The ids of all runs of a status, by following cursors. */
async function idsOf({ syft }: ServerProcess, status: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${syft.secretKey}` }
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ status, fields: 'runId', limit: '100', cursor })
    const { body } = await ask<Page>(`${syft.baseUrl}/api/motion/${syft.motionId}/export?${query}`, { headers })
    ids.push(...body.items.map(({ runId }) => runId))
    cursor = body.nextCursor
  }
  return ids
}

describe('a start that cannot listen says so in one line and exits with 1', () => {
  const refusal = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, stderr } = await runCommand(['start', ...args], env)
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^sandport: .*\.\n$/)
    return stderr
  }

  it('on a port that is taken, which may be another Sandport’s', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const { port: own } = await testServer()
    for (const used of [port, own]) {
      expect(await refusal(['--port', `${used}`])).toMatch(`port ${used} is in use. `)
      expect(await refusal([], { PORT: `${used}` })).toMatch('--port')
    }
  })

  it.each(['203.0.113.1', '2001:db8::1', 'no-such-host.invalid', '300.1.1.1', 'a b'])(
    'on the host %s',
    async (host) => {
      const message = await refusal(['--port', '0', '--host', host], { SANDPORT_ADMIN_TOKEN: 'off' })
      expect(message).toBe(`sandport: ${host} is no address of this machine. Choose another with --host.\n`)
    },
  )
})
