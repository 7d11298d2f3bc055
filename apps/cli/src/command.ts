import { version } from '@sandport/server/version'
import { Command, CommanderError } from 'commander'
import { clockCommand } from './clock.ts'
import { completionCommand } from './completion.ts'
import { execCommand } from './exec.ts'
import { exportCommand } from './export.ts'
import { everyCommand, nameOf } from './options.ts'
import { recordCommand } from './record.ts'
import { requestsCommand } from './requests.ts'
import { sandboxCommand } from './sandbox.ts'
import { scenarioCommand } from './scenario.ts'
import { seedCommand } from './seed.ts'
import { startCommand } from './start.ts'
import { verifyCommand } from './verify.ts'

const USAGE_ERROR = 2

/**
 * Runs the command and answers its exit code: 0, 1 where it failed, 2 where it was called wrongly; of `exec` that of the
 * command that it ran. What a verb needs to do its work it imports when it is called, so that all of them begin at once.
 */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let exitCode = 0
  const exit = (code: number) => {
    exitCode = code
  }
  const { own, others } = partsOf(args)
  const program = new Command('sandport')
    .description('A stateful mock of two export APIs: the Syft Export API and the Memsolus Exports API.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
  program.addCommand(startCommand(env, exit))
  program.addCommand(execCommand(others, env, exit))
  program.addCommand(verifyCommand(env, exit))
  program.addCommand(recordCommand(exit))
  for (const verb of [seedCommand, sandboxCommand, scenarioCommand, clockCommand, requestsCommand, exportCommand]) {
    program.addCommand(verb({ env, exit }))
  }
  program.addCommand(completionCommand())
  for (const command of everyCommand(program)) {
    const help = `${nameOf(command)} --help`
    command.exitOverride().configureOutput({ outputError: (text, write) => write(`${inOneLine(text)} See ${help}.\n`) })
  }
  try {
    await program.parseAsync(own, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR
    throw error
  }
}

/**
 * Package managers hand on the `--` that separates their options from those of the command, which is none of its
 * arguments. Only behind `exec` does one mean something: what follows it is another command's.
 */
function partsOf(args: readonly string[]): { own: string[]; others: string[] } {
  const given = args.filter((arg) => arg !== '--')
  if (given[0] !== 'exec') return { own: given, others: [] }
  const at = args.indexOf('--', args.indexOf('exec'))
  const end = at === -1 ? args.length : at
  return { own: args.slice(0, end).filter((arg) => arg !== '--'), others: args.slice(end + 1) }
}

/** Commander's `error: …` and the suggestion in a line after it, as the command's other errors are. */
function inOneLine(text: string): string {
  const [message = '', suggestion] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n')
  const said = `sandport: ${message}${message.endsWith('.') ? '' : '.'}`
  return suggestion === undefined ? said : `${said} ${suggestion.replace(/^\((.*)\)$/, '$1')}`
}
