import { Command } from 'commander'
import { onServer, print, type ServerOptions, type Surroundings, withServer } from './connection.ts'

/** `sandport scenario`: the situations that a client has to come through. */
export function scenarioCommand({ env, exit }: Surroundings): Command {
  const command = new Command('scenario').description('list what sandboxes can be created as')
  withServer(command.command('list').description('list the scenarios, and what each asks of a client'))
    .addHelpText('after', '\nExamples:\n  sandport scenario list\n  sandport exec --scenario ties -- npm test')
    .action(async (options: ServerOptions) =>
      exit(
        await onServer(options, { env, isAboutAll: true }, async ({ control }) => {
          const items = await control.scenarios()
          print({ items }, options, () =>
            items
              .map(({ name, api, description, goodClient }) =>
                [`${name} (${api})`, `  ${description}.`, `  A good client ${goodClient}.`].join('\n'),
              )
              .join('\n'),
          )
        }),
      ),
    )
  return command
}
