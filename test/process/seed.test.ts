import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../harness/process.ts'
import { MAIN, runCommand, type ServerProcess, spawnProgram, startServer } from '../harness/server.ts'

type List = { items: unknown[]; nextCursor: string | null }

let server: ServerProcess
beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(async () => {
  await server.stop('SIGKILL')
})

const seed = (...args: string[]) => runCommand(['seed', ...args], { SANDPORT_URL: server.url })

/** An empty sandbox for one test. */
async function testSandbox() {
  const { body } = await ask<{ id: string; syft: { motions: { id: string }[] } }>(`${server.controlUrl}/sandboxes`, {
    method: 'POST',
  })
  return body
}

/** How many rows of a kind a sandbox has. */
async function countOf(id: string, what: string): Promise<number> {
  let count = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: string = cursor === '' ? '' : `&cursor=${cursor}`
    const url = `${server.controlUrl}/sandboxes/${id}/${what}?limit=1000${page}`
    const { body }: { body: List } = await ask<List>(url)
    count += body.items.length
    cursor = body.nextCursor
  }
  return count
}

describe('seed', () => {
  it('puts runs and memories into a sandbox, in several calls where they are many', async () => {
    const { id } = await testSandbox()
    const { code, stdout, stderr } = await seed('--runs', '10050', '--memories', '20', '--sandbox', id)
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `Put 10050 runs and 20 memories in ${id}.\n` })
    expect(stderr).toMatch(/^runs: 10000 of 10050, \d+ a second\nruns: 10050 of 10050, .*\nmemories: 20 of 20, .*\n$/)
    expect([await countOf(id, 'syft/runs'), await countOf(id, 'memsolus/memories')]).toEqual([10_050, 20])
  })

  it('says what it did as JSON', async () => {
    const { id } = await testSandbox()
    const { stdout } = await seed('--memories', '3', '--sandbox', id, '--json')
    expect(JSON.parse(stdout)).toEqual({ sandbox: id, runs: 0, memories: 3 })
  })

  it('stops at Ctrl-C when its call is answered, and says how far it came', { timeout: 120_000 }, async () => {
    const { id } = await testSandbox()
    const child = spawnProgram('cli', ['seed', '--runs', '100000', '--sandbox', id, '--url', server.url], {})
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)]
    child.stderr.once('data', () => child.kill('SIGINT'))
    expect(await once(child, 'exit')).toEqual([130, null])
    const [, rows] = /^sandport: stopped\. Put (\d+) of 100000 runs in sb_\w+\.\n$/m.exec(await stderr) ?? []
    expect(['10000', '20000', '30000']).toContain(rows)
    expect([Number(rows), await stdout]).toEqual([await countOf(id, 'syft/runs'), ''])
  })

  it('says how far it came where the server goes away or refuses', async () => {
    const { id } = await testSandbox()
    expect(await seed('--memories', '5', '--runs', '3', '--motion', 'none', '--sandbox', id)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^sandport: stopped\. Put 0 of 3 runs and 0 of 5 memories in sb_\w+\.\nsandport: .*none.*\n$/,
      ),
    })
  })

  it.each([
    [['--runs', '-1'], "argument '-1' is invalid. Use a whole number from 0 to 100000000. See sandport seed --help.\n"],
    [[], 'sandport: say how many, with --runs or --memories, or give a --fixture. See sandport seed --help.\n'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await seed(...args)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) })
  })

  const script = '/usr/bin/script'
  it.runIf(process.platform === 'linux' && existsSync(script))('shows a bar on a terminal', async () => {
    const { id } = await testSandbox()
    const command = `'${process.execPath}' '${MAIN}' seed --memories 40 --sandbox ${id} --url ${server.url}`
    const { PATH, HOME } = process.env
    const child = spawn(script, ['-qec', command, '/dev/null'], { env: { PATH, HOME, TERM: 'xterm' } })
    const shown = await text(child.stdout)
    expect(shown).toMatch(/memories \[=+\] 40\/40, \d+ a second, 0s left/)
    expect(shown).toContain(`Put 40 memories in ${id}.`)
  })
})
