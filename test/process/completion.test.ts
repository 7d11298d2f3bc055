import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../harness/server.ts'

const run = promisify(execFile)

/** What bash offers where the last word is being typed. */
async function offered(script: string, ...words: string[]): Promise<string[]> {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sandport; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await run('bash', ['--norc', '-c', ask, 'bash', 'sandport', ...words])
  return stdout.split('\n').filter((line) => line !== '')
}

describe('completion', () => {
  it('offers bash verbs, verbs of verbs, options and choices', async () => {
    const { code, stdout: script } = await runCommand(['completion', 'bash'])
    expect(code).toBe(0)
    expect(await offered(script, 'se')).toEqual(['seed'])
    expect(await offered(script, 'clock', '')).toEqual(['show', 'advance', 'freeze', 'unfreeze', '--help'])
    expect(await offered(script, 'seed', '--runs', '5', '--m')).toEqual(['--memories', '--motion'])
    expect(await offered(script, 'export', 'fail', 'some-id', '--me')).toEqual(['--message'])
    expect(await offered(script, 'completion', '')).toEqual(['bash', 'zsh', 'fish', '--help'])
    expect(await offered(script, 'seed', '--url', '')).toEqual([])
    expect(await offered(script, 'exec', '--', 'npm', '')).toEqual([])
  })

  it('is the same for zsh, and for fish a line for each verb and option', async () => {
    expect((await runCommand(['completion', 'zsh'])).stdout).toMatch(/bashcompinit\n_sandport\(\) \{\n/)
    const { stdout } = await runCommand(['completion', 'fish'])
    expect(stdout).toMatch(/^complete -c sandport -f -n '.*' -a seed -d '.*'$/m)
    expect(stdout).toMatch(/^complete -c sandport -n '__fish_seen_subcommand_from seed' -l runs -r -d '.*'$/m)
  })

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await runCommand(['completion', 'tcsh'])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') })
  })
})
