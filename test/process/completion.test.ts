import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { testDirectory } from '../harness/process.ts'
import { runCommand } from '../harness/server.ts'

const run = promisify(execFile)

const lines = (text: string) => text.split('\n').filter((line) => line !== '')

/** What bash, or zsh as it runs what is written for bash, offers where the last word is being typed. */
async function offered(shell: 'bash' | 'zsh', script: string, ...words: string[]): Promise<string[]> {
  const asBash = shell === 'zsh' ? 'emulate -L sh; setopt kshglob noshglob braceexpand nokshautoload' : 'true'
  const ask = `${script}
    ask() { ${asBash}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sandport; printf '%s\\n' "\${COMPREPLY[@]}"; }
    ask "$@"`
  const quiet = shell === 'zsh' ? '-f' : '--norc'
  const home = await testDirectory()
  const { stdout } = await run(shell, [quiet, '-c', ask, shell, 'sandport', ...words], {
    env: { PATH: process.env.PATH, HOME: home },
  })
  // Zsh passes over by itself what does not begin with the word.
  return lines(stdout).filter((line) => line.startsWith(words.at(-1) ?? ''))
}

/** What fish offers for a line. */
async function offeredByFish(script: string, line: string): Promise<string[]> {
  const home = await testDirectory()
  const { stdout } = await run('fish', ['--no-config', '-c', `${script}\ncomplete -C "${line}"`], {
    env: { PATH: process.env.PATH, HOME: home },
  })
  return lines(stdout).map((found) => found.split('\t', 1)[0] ?? '')
}

/** Not every machine has every shell. */
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0

describe('completion', () => {
  for (const shell of ['bash', 'zsh'] as const) {
    it.runIf(has(shell))(`offers ${shell} verbs, verbs of verbs, options and choices`, async () => {
      const { code, stdout: script } = await runCommand(['completion', shell])
      expect(code).toBe(0)
      const offeredFor = (...words: string[]) => offered(shell, script, ...words)
      expect(await offeredFor('se')).toEqual(['seed'])
      expect(await offeredFor('clock', '')).toEqual(['show', 'advance', 'freeze', 'unfreeze', '--help'])
      expect(await offeredFor('seed', '--runs', '5', '--m')).toEqual(['--memories', '--motion'])
      expect(await offeredFor('export', 'fail', 'some-id', '--me')).toEqual(['--message'])
      expect(await offeredFor('completion', '')).toEqual(['bash', 'zsh', 'fish', '--help'])
      expect(await offeredFor('seed', '--url', '')).toEqual([])
      expect(await offeredFor('exec', '--', 'npm', '')).toEqual([])
    })
  }

  it('has for fish a line for each verb and option', async () => {
    const { stdout: script } = await runCommand(['completion', 'fish'])
    expect(script).toMatch(/^complete -c sandport -f -n '.*' -a seed -d '.*'$/m)
    expect(script).toMatch(/^complete -c sandport -n '__fish_seen_subcommand_from seed' -l runs -r -d '.*'$/m)
  })

  it.runIf(has('fish'))('offers fish verbs, verbs of verbs, options and choices', async () => {
    const { stdout: script } = await runCommand(['completion', 'fish'])
    expect(await offeredByFish(script, 'sandport se')).toEqual(['seed'])
    expect(await offeredByFish(script, 'sandport clock ')).toEqual(['advance', 'freeze', 'show', 'unfreeze'])
    expect(await offeredByFish(script, 'sandport seed --mo')).toEqual(['--motion'])
    expect(await offeredByFish(script, 'sandport completion ')).toEqual(['bash', 'fish', 'zsh'])
  })

  it('refuses a shell that it does not know', async () => {
    const { code, stderr } = await runCommand(['completion', 'tcsh'])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') })
  })
})
