import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { isListening, testDirectory } from '../harness/process.ts'
import { runCommand, spawnProgram } from '../harness/server.ts'

/** Runs a command with `sandport exec`. */
const exec = (command: readonly string[], { options = [], env = {} }: { options?: string[]; env?: object } = {}) =>
  runCommand(['exec', ...options, '--', ...command], { ...env })

/** A command that is a script for Node. */
const node = (script: string, ...args: string[]) => [process.execPath, '--input-type=module', '-e', script, ...args]

const printEnv = node('console.log(JSON.stringify(process.env))')

const callBoth = `
  const { SYFT_BASE_URL, SYFT_MOTION_ID, SYFT_SECRET_KEY, MEMSOLUS_API_URL, MEMSOLUS_API_KEY } = process.env
  const authorization = 'Bearer ' + SYFT_SECRET_KEY
  const url = SYFT_BASE_URL + '/api/motion/' + SYFT_MOTION_ID + '/export?fields=status&limit=2'
  const page = await fetch(url, { headers: { authorization } })
  await fetch(url + '&stauts=failed', { headers: { authorization } })
  const refused = await fetch(url, { headers: { authorization: 'Bearer sk_live_other' } })
  const other = await fetch(url, { headers: { authorization: 'Bearer sk_live_demo' } })
  const made = await fetch(MEMSOLUS_API_URL + '/exports', { method: 'POST', headers: { 'x-api-key': MEMSOLUS_API_KEY } })
  console.log(JSON.stringify([page.status, (await page.json()).items.length, refused.status, other.status, made.ok]))`

describe('exec', () => {
  it('runs a command that finds a server in its environment, and says afterwards what was requested', async () => {
    const { code, stdout, stderr } = await exec(node(callBoth))
    expect({ code, answers: JSON.parse(stdout) }, stderr).toEqual({ code: 0, answers: [200, 2, 401, 404, true] })
    expect(stderr).toMatch(/^sandport: 3 requests, \d+ findings?\n/)
    expect(stderr).toMatch(/^ {2}memsolus\.createExport {2}1 × 20\d$/m)
    expect(stderr).toMatch(/^ {2}syft\.exportRuns {8}2 × 200$/m)
    expect(stderr).toContain('  warning param.unknown, 1 ×: `stauts` is ignored; did you mean `status`?\n')
    expect(stderr).toContain('  1 request with the key of the sandbox default, not of this\n')
    expect(stderr).toContain('  1 request with a key of no sandbox, such as GET /api/motion/')
  })

  it('says nothing with --quiet', async () => {
    const { stdout, stderr } = await exec(node(callBoth), { options: ['--quiet'] })
    expect({ stdout, stderr }).toEqual({ stdout: '[200,2,401,404,true]\n', stderr: '' })
  })

  it('makes the sandbox as its options say, and keeps the environment', async () => {
    const options = ['--runs', '3', '--memories', '0', '--seed', '7', '--clock', '2026-03-01T12:00:00Z', '--freeze']
    const script = `
      const { SANDPORT_URL, SANDPORT_SANDBOX, SANDPORT_TOKEN, OWN } = process.env
      const own = SANDPORT_URL + '/_sandport/sandboxes/' + SANDPORT_SANDBOX
      const get = async (path) => (await fetch(own + path, { headers: { authorization: 'Bearer ' + SANDPORT_TOKEN } })).json()
      const { seed, clock } = await get('')
      const [runs, memories] = [await get('/syft/runs'), await get('/memsolus/memories')]
      console.log(JSON.stringify({ seed, clock, runs: runs.items.length, memories: memories.items.length, OWN }))`
    const { stdout } = await exec(node(script), { options, env: { OWN: 'kept' } })
    expect(JSON.parse(stdout)).toEqual({
      seed: 7,
      clock: { now: '2026-03-01T12:00:00.000Z', frozen: true, rate: 1 },
      runs: 3,
      memories: 0,
      OWN: 'kept',
    })
  })

  it('makes the sandbox as a scenario has it', async () => {
    const script = `
      const url = process.env.SYFT_BASE_URL + '/api/motion/' + process.env.SYFT_MOTION_ID + '/export?fields=status'
      const headers = { authorization: 'Bearer ' + process.env.SYFT_SECRET_KEY }
      const page = await (await fetch(url, { headers })).json()
      const next = await fetch(url + '&cursor=' + page.nextCursor, { headers })
      console.log(page.items.length, next.status)`
    const { stdout } = await exec(node(script), { options: ['--scenario', 'flaky', '--quiet'] })
    expect(stdout).toBe('50 503\n')
  })

  it('gives values under other names, as templates say', async () => {
    const options = ['--env', 'KEYS={syftKey} {memsolusKey}', '--env', 'CONFIG={"url": "{syftUrl}/api"}']
    const given = JSON.parse((await exec(printEnv, { options })).stdout)
    expect(given.KEYS).toBe(`${given.SYFT_SECRET_KEY} ${given.MEMSOLUS_API_KEY}`)
    expect(given.CONFIG).toBe(`{"url": "${given.SYFT_BASE_URL}/api"}`)
  })

  it.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -TERM $$'], 143],
  ])('exits as its command does: %j', async (command, expected) => {
    expect((await exec(command)).code).toBe(expected)
  })

  it('says so where there is no such command, or one that cannot be run', async () => {
    const file = join(await testDirectory(), 'text')
    await writeFile(file, 'no program')
    expect(await exec(['no-such-command'])).toEqual({
      code: 127,
      stdout: '',
      stderr:
        'sandport: no-such-command is not there: no command of this name was found. Is it installed, and in PATH?\n',
    })
    expect(await exec([file])).toEqual({
      code: 126,
      stdout: '',
      stderr: `sandport: ${file} cannot be run: it is no program, or you may not execute it.\n`,
    })
  })

  it('leaves all behind -- to the command, whatever it looks like', async () => {
    const script = 'console.log(JSON.stringify(process.argv.slice(1)))'
    const { stdout } = await exec(node(script, '--', '--quiet', 'a', '--', '-h', ''), { options: ['--quiet'] })
    expect(JSON.parse(stdout)).toEqual(['--quiet', 'a', '--', '-h', ''])
    const { stdout: behind } = await runCommand(['--', 'exec', '--quiet', '--', 'echo', '--', 'exec'])
    expect(behind).toBe('-- exec\n')
  })

  it('leaves nothing behind', async () => {
    const TMPDIR = await testDirectory()
    const { stdout } = await exec(['sh', '-c', 'echo $SANDPORT_URL'], { env: { TMPDIR } })
    expect(await isListening(stdout.trim())).toBe(false)
    expect(await readdir(TMPDIR)).toEqual([])
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hands %s on, and tidies up after its command', async (signal) => {
    const TMPDIR = await testDirectory()
    const script = `process.once('${signal}', () => { console.log('told'); process.exit(3) }); setInterval(() => {}, 1000)
      console.log(process.env.SANDPORT_URL)`
    const child = spawnProgram('cli', ['exec', '--', ...node(script)], { TMPDIR })
    const stderr = text(child.stderr)
    const ended = once(child, 'exit')
    let shown = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      if (shown === '') child.kill(signal)
      shown += chunk
    }
    expect([...(await ended), await stderr]).toEqual([3, null, 'sandport: 0 requests, 0 findings\n'])
    const [url = '', said] = shown.split('\n')
    expect([said, await isListening(url), await readdir(TMPDIR)]).toEqual(['told', false, []])
  })

  it('ends with the signal of a command that does not handle it', async () => {
    const child = spawnProgram('cli', ['exec', '--quiet', '--', 'sh', '-c', 'echo on; exec sleep 1000'], {})
    child.stdout.once('data', () => child.kill('SIGTERM'))
    expect(await once(child, 'exit')).toEqual([143, null])
  })
})

const hasPython = (() => {
  try {
    return execFileSync('python3', ['--version']).length > 0
  } catch {
    return false
  }
})()

describe.runIf(hasPython)('a client in Python', () => {
  it('reaches the server, whatever proxy there is for others, and reads what comes from stdin', async () => {
    const script = `
import json, os, sys, urllib.request
request = urllib.request.Request(os.environ['MEMSOLUS_API_URL'] + '/exports', headers={'X-Api-Key': os.environ['MEMSOLUS_API_KEY']})
print(json.load(urllib.request.urlopen(request))['meta']['total'], sys.stdin.read())`
    const command = `printf words | "$0" "$@"`
    const env = { http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' }
    const piped = ['sh', '-c', command, 'python3', '-c', script]
    expect(await exec(piped, { options: ['--quiet'], env })).toEqual({ code: 0, stdout: '0 words\n', stderr: '' })
  })
})

const BEHIND = 'the command to run is expected behind --, as in sandport exec -- npm test. See sandport exec --help.'

describe.concurrent('exec refuses', () => {
  it.each([
    [['exec'], BEHIND],
    [['exec', '--'], BEHIND],
    [['exec', 'npm', 'test'], BEHIND],
    [['exec', 'npm', '--', 'test'], BEHIND],
    [['exec', '--quite', '--', 'true'], "unknown option '--quite'. Did you mean --quiet? See sandport exec --help."],
    [
      ['exec', '--env', 'X={syftURL}', '--', 'true'],
      "option '--env <NAME=template>' argument 'X={syftURL}' is invalid. There is no {syftURL}; there are {syftUrl}, " +
        '{syftKey}, {syftMotion}, {memsolusUrl}, {memsolusApiUrl}, {memsolusKey}, {url}, {sandbox}, {token}. ' +
        'See sandport exec --help.',
    ],
    [
      ['exec', '--env', '{syftUrl}', '--', 'true'],
      "option '--env <NAME=template>' argument '{syftUrl}' is invalid. Use NAME=template, such as API_KEY={syftKey}. " +
        'See sandport exec --help.',
    ],
  ])('%j', async (args, message) => {
    expect(await runCommand(args)).toEqual({ code: 2, stdout: '', stderr: `sandport: ${message}\n` })
  })

  it('what the server refuses, in its words', async () => {
    const { code, stderr } = await exec(['true'], { options: ['--clock', 'tomorrow'] })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^sandport: .*\(at \/clock\/now\)\n$/) })
  })
})
