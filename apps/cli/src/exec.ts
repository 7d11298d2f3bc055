import { Command, InvalidArgumentError } from 'commander'
import { refuseUnknown } from './exec-environment.ts'
import { given } from './options.ts'
import { type ContentOptions, withContent } from './sandbox-input.ts'

/** What `sandport exec` takes. */
export type ExecOptions = ContentOptions & {
  env: [name: string, template: string][]
  fixture?: string
  reading?: string
  quiet?: boolean
}

/** How much there is to export, unless told otherwise. */
export const FILLED = { runs: 230, memories: 300 }

/** `sandport exec`: runs another command against a server of its own. `others` is that command, with its arguments. */
export function execCommand(others: readonly string[], env: NodeJS.ProcessEnv, exit: (code: number) => void): Command {
  const command = new Command('exec')
    .description('run a command against a server and a sandbox of its own, which are gone when it has ended')
    .usage('[options] -- COMMAND [args...]')
    .allowExcessArguments()
  withContent(command, FILLED)
    .option('--fixture <file>', 'what the sandbox is filled with instead, as record writes it', given)
    .option('--reading <file>', 'how the sandbox reads the pages, as verify --write-reading writes it', given)
    .option('--env <NAME=template>', 'one more variable, such as API_KEY={syftKey}; may be given again', variable, [])
    .option('--quiet', 'do not say afterwards what was requested')
    .addHelpText('after', HELP)
  return command.action(async (options: ExecOptions) => {
    const [program, ...args] = others
    if (program === undefined || command.args.length > 0) {
      return command.error('error: the command to run is expected behind --, as in sandport exec -- npm test.')
    }
    const { runAgainstServer } = await import('./exec-run.ts')
    exit(await runAgainstServer({ program, args, options, env }))
  })
}

const HELP = `
The command finds in its environment, and templates find in braces:
  SYFT_BASE_URL      {syftUrl}         MEMSOLUS_BASE_URL  {memsolusUrl}
  SYFT_SECRET_KEY    {syftKey}         MEMSOLUS_API_URL   {memsolusApiUrl}   the base URL with /v1
  SYFT_MOTION_ID     {syftMotion}      MEMSOLUS_API_KEY   {memsolusKey}
  SANDPORT_URL       {url}             SANDPORT_SANDBOX   {sandbox}
  SANDPORT_TOKEN     {token}

The exit code is the command's: 128 and the number of the signal that ended it, 127 where there is no such command, 126
where it cannot be run.

Examples:
  sandport exec -- npm test
  sandport exec --runs 1000 --clock 2026-03-01T12:00:00Z --freeze -- python3 sync.py
  sandport exec --scenario flaky -- go test ./...
  sandport exec --env 'SYNC_TARGET={syftUrl}/api/motion/{syftMotion}' -- sh -c 'curl "$SYNC_TARGET/export" …'`

function variable(text: string, before: [string, string][]): [string, string][] {
  const [, name, template = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('Use NAME=template, such as API_KEY={syftKey}.')
  refuseUnknown(template)
  return [...before, [name, template]]
}
