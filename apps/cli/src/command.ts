import { version } from '@sandport/server'
import { Command, CommanderError } from 'commander'
import { startCommand } from './start.ts'
import { verifyCommand } from './verify.ts'

const USAGE_ERROR = 2

/** Runs the command and answers its exit code: 0, 1 where it failed, 2 where it was called wrongly. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  let exitCode = 0
  const program = new Command('sandport')
    .description('A stateful mock of two export APIs: the Syft Export API and the Memsolus Exports API.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
  const exit = (code: number) => {
    exitCode = code
  }
  for (const command of [startCommand(env, exit), verifyCommand(env, exit)]) program.addCommand(command)
  for (const command of [program, ...program.commands]) {
    const help = command === program ? 'sandport --help' : `sandport ${command.name()} --help`
    command.exitOverride().configureOutput({ outputError: (text, write) => write(`${inOneLine(text)} See ${help}.\n`) })
  }
  try {
    // Package managers hand on the `--` that separates their options from those of the command.
    await program.parseAsync(
      args.filter((arg) => arg !== '--'),
      { from: 'user' },
    )
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR
    throw error
  }
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
