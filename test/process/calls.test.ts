import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { runCommand, spawnProgram } from '../harness/server.ts'

/** A call that is refused says so in one line, and exits as a wrongly called command does. */
async function refusal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, env)
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^sandport: .*\.\n$/)
  return stderr
}

describe.concurrent('the command says', () => {
  it.each([['--help'], ['-h'], ['help']])('what its verbs are: %s', async (...args) => {
    const { code, stdout, stderr } = await runCommand(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: sandport .*^ {2}start .*both APIs/ms)
  })

  it.each([[['start', '--help']], [['help', 'start']]])('what its options and variables are: %s', async (args) => {
    const { code, stdout } = await runCommand(args)
    expect(code).toBe(0)
    for (const option of ['--port', '--host', '--data', '--seed', '--runs', '--memories', '--json']) {
      expect(stdout).toContain(`${option} `)
    }
    for (const variable of ['PORT', 'HOST', 'DATABASE_URL', 'REDIS_URL', 'FILES_URL', 'PUBLIC_URL', 'LOG_LEVEL']) {
      expect(stdout).toContain(variable)
    }
    expect(stdout).toContain('SANDPORT_ADMIN_TOKEN')
  })

  it.each([['--version'], ['-v']])('which version it is: %s', async (option) => {
    const { code, stdout } = await runCommand([option])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })

  it('no more than is read, and ends as other programs do', async () => {
    const child = spawnProgram('cli', ['--help'], {})
    child.stdout.destroy()
    const said = text(child.stderr)
    const [code] = await once(child, 'exit')
    expect({ code, stderr: await said }).toEqual({ code: 141, stderr: '' })
  })

  it('what its verbs are where none is given, as an error', async () => {
    const { code, stdout, stderr } = await runCommand([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: sandport /)
  })
})

describe.concurrent('the command refuses', () => {
  it.each([
    [['strat'], "unknown command 'strat'. Did you mean start? See sandport --help."],
    [['serve'], "unknown command 'serve'. See sandport --help."],
    [['--prot'], "unknown option '--prot'. See sandport --help."],
    [['start', '--prot', '1'], "unknown option '--prot'. Did you mean --port? See sandport start --help."],
    [['start', '--quiet'], "unknown option '--quiet'. See sandport start --help."],
    [['start', 'now'], "too many arguments for 'start'. Expected 0 arguments but got 1. See sandport start --help."],
    [['start', '--port'], "option '-p, --port <number>' argument missing. See sandport start --help."],
    // Package managers hand on the `--` before options; nothing is an argument because of it.
    [['--', 'start', '--', '--prot'], "unknown option '--prot'. Did you mean --port? See sandport start --help."],
  ])('%j', async (args, message) => {
    expect(await refusal(args)).toBe(`sandport: ${message}\n`)
  })

  it.each([
    ['--port', 'http'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '80.5'],
    ['--port', ''],
    ['--host', ''],
    ['--data', ''],
    ['--seed', 'one'],
    ['--seed', '-1'],
    ['--seed', '2147483648'],
    ['--runs', '200001'],
    ['--runs', '1e3'],
    ['--memories', '200001'],
    ['--memories', ' 5'],
  ])('the value of %s %j', async (option, value) => {
    const message = await refusal(['start', option, value])
    expect(message).toContain(option)
    expect(message).toContain(`argument '${value}' is invalid`)
    expect(message).toContain('See sandport start --help.')
  })

  const services = { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/d', REDIS_URL: 'redis://:hidden@127.0.0.1:1' }
  it.each([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['JOURNAL_LIMIT', { JOURNAL_LIMIT: '-1' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'sandport.example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://sandport.example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://sandport.example.com?a=b' }],
    ['SANDPORT_ADMIN_TOKEN', { SANDPORT_ADMIN_TOKEN: 'two words' }],
    ['REDIS_URL', { DATABASE_URL: services.DATABASE_URL }],
    ['DATABASE_URL', { REDIS_URL: services.REDIS_URL }],
    ['DATABASE_URL', { ...services, DATABASE_URL: 'hidden' }],
    ['DATABASE_URL', { ...services, DATABASE_URL: 'mysql://u:hidden@127.0.0.1:1/d' }],
    ['REDIS_URL', { ...services, REDIS_URL: 'hidden:6379' }],
    ['FILES_URL', { FILES_URL: 'files' }],
    ['FILES_URL', { ...services, FILES_URL: 'gopher://files' }],
    ['FILES_URL', { ...services, FILES_URL: 's3://key:hidden@bucket' }],
    ['FILES_URL', { ...services, FILES_URL: 's3://bucket?endpoint=hidden:9000' }],
    ['HOST', { HOST: '0.0.0.0' }],
  ])('the environment where %s cannot be used: %j', async (name, env) => {
    const message = await refusal(['start', '--port', '0'], env)
    expect(message).toContain(name === 'HOST' ? 'listening on 0.0.0.0' : name)
    expect(message).not.toContain('hidden')
  })

  it('a data directory beside services', async () => {
    expect(await refusal(['start', '--data', 'data'], services)).toMatch(/--data .*unset DATABASE_URL and REDIS_URL/)
  })
})
