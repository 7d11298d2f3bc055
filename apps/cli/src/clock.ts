import type { Advanced, ClockInput, ClockState } from '@sandport/client'
import { Command } from 'commander'
import { onServer, print, type SandboxOptions, type Surroundings, withSandbox } from './connection.ts'
import { factsOf, tableOf } from './table.ts'

/** `sandport clock`: what time it is in a sandbox. */
export function clockCommand({ env, exit }: Surroundings): Command {
  const command = new Command('clock').description('show, advance, freeze and unfreeze the clock of a sandbox')
  const verb = (name: string, description: string) => withSandbox(command.command(name).description(description))
  verb('show', 'show what time it is')
    .addHelpText('after', '\nExample:\n  sandport clock show --json')
    .action(async (options: SandboxOptions) =>
      exit(await onServer(options, { env }, async ({ own }) => show(await own.clock.get(), options))),
    )
  verb('advance', 'go forward, and do all that is due on the way')
    .argument('<duration-or-instant>', 'such as 90s, 72h or 2026-03-01T12:00:00Z')
    .addHelpText('after', '\nExamples:\n  sandport clock advance 72h\n  sandport clock advance 2027-01-01T00:00:00Z')
    .action(async (far: string, options: SandboxOptions) =>
      exit(
        await onServer(options, { env }, async ({ own }) => {
          const isInstant = /^\d{4}-|^now/.test(far)
          showAdvanced(await own.clock.advance(isInstant ? { to: far } : far), options)
        }),
      ),
    )
  const setting = (name: string, description: string, input: ClockInput) =>
    verb(name, description)
      .addHelpText('after', `\nExample:\n  sandport clock ${name} --sandbox sb_ibg28lhobs8m`)
      .action(async (options: SandboxOptions) =>
        exit(await onServer(options, { env }, async ({ own }) => show(await own.clock.set(input), options))),
      )
  setting('freeze', 'let the clock stand', { frozen: true })
  setting('unfreeze', 'let the clock go on', { frozen: false })
  return command
}

function show(clock: ClockState, options: SandboxOptions): void {
  print(clock, options, () =>
    factsOf([
      ['now', clock.now],
      ['frozen', clock.frozen ? 'yes' : 'no'],
      ['rate', clock.rate],
    ]),
  )
}

function showAdvanced({ now, events }: Advanced, options: SandboxOptions): void {
  print({ now, events }, options, () => {
    const happened = `It is ${now}. ${events.length} ${events.length === 1 ? 'thing' : 'things'} happened on the way.`
    const rows = events.map(({ at, type, ...more }) => [at, type, Object.values(more).join(' ')])
    return events.length === 0 ? happened : `${happened}\n${tableOf(['AT', 'WHAT', 'DETAILS'], rows)}`
  })
}
