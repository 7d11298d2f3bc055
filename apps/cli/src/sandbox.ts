import type { Sandbox, SandboxInput, Summary } from '@sandport/client'
import { Command } from 'commander'
import { onServer, print, type SandboxOptions, type Surroundings, withSandbox, withServer } from './connection.ts'
import { given } from './options.ts'
import { type ContentOptions, contentOf, withContent } from './sandbox-input.ts'
import { factsOf, tableOf } from './table.ts'

type CreateOptions = SandboxOptions & ContentOptions & { name?: string; group?: string; ttl?: string }

/** A sandbox begins empty, unless told otherwise. */
const EMPTY = { runs: 0, memories: 0 }

/** `sandport sandbox`: what there is, and what a client needs of one. */
export function sandboxCommand({ env, exit }: Surroundings): Command {
  const command = new Command('sandbox').description('create, list, show, reset and delete sandboxes')
  const verb = (name: string, description: string) => command.command(name).description(description)
  const create = withServer(verb('create', 'create a sandbox, with keys, data and a clock of its own'))
    .option('--name <text>', 'for people (default: its id)', given)
    .option('--group <text>', 'what it is listed and deleted by together with others', given)
    .option('--ttl <duration>', 'how long after its last use it is deleted, such as 30m (default: never)', given)
  withContent(create, EMPTY)
    .addHelpText('after', '\nExample:\n  sandport sandbox create --name checkout --ttl 30m --runs 100 --memories 200')
    .action(async (options: CreateOptions) =>
      exit(
        await onServer(options, { env, isAboutAll: true, timeoutMs: 600_000 }, async ({ control }) => {
          show(await control.sandboxes.create(inputOf(options)), options)
        }),
      ),
    )
  withServer(verb('list', 'list all sandboxes, or those of a group'))
    .option('--group <text>', 'only those of this group', given)
    .addHelpText('after', '\nExample:\n  sandport sandbox list --group ci-42 --json')
    .action(async (options: SandboxOptions & { group?: string }) =>
      exit(
        await onServer(options, { env, isAboutAll: true }, async ({ control }) => {
          const { group } = options
          list(await control.sandboxes.list({ ...(group !== undefined && { group }) }), options)
        }),
      ),
    )
  withSandbox(verb('show', 'show what a client needs of a sandbox: URLs and keys'))
    .addHelpText('after', '\nExample:\n  sandport sandbox show --sandbox sb_ibg28lhobs8m')
    .action(async (options: SandboxOptions) =>
      exit(await onServer(options, { env }, async ({ own }) => show(await own.get(), options))),
    )
  withSandbox(verb('reset', 'put back the data, the clock and the behavior that it was created with'))
    .addHelpText('after', '\nExample:\n  sandport sandbox reset')
    .action(async (options: SandboxOptions) =>
      exit(await onServer(options, { env, timeoutMs: 600_000 }, async ({ own }) => show(await own.reset(), options))),
    )
  withSandbox(verb('delete', 'delete a sandbox, and everything in it'))
    .addHelpText('after', '\nExample:\n  sandport sandbox delete --sandbox sb_ibg28lhobs8m')
    .action(async (options: SandboxOptions, verbCommand: Command) => {
      if (options.sandbox === undefined) verbCommand.error('error: say which, with --sandbox.')
      exit(
        await onServer(options, { env }, async ({ own, sandboxId }) => {
          await own.delete()
          print({ deleted: sandboxId }, options, () => `Deleted ${sandboxId}.`)
        }),
      )
    })
  return command
}

function inputOf({ name, group, ttl, ...content }: CreateOptions): SandboxInput {
  return {
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(ttl !== undefined && { ttl }),
    ...contentOf(content, EMPTY),
  }
}

function show(sandbox: Sandbox, options: SandboxOptions): void {
  const { id, name, group, seed, scenario, clock, expiresAt, token, syft, memsolus } = sandbox
  print(sandbox, options, () =>
    factsOf([
      ['id', id],
      ['name', name],
      ...(group === null ? [] : [['group', group] as const]),
      ['seed', seed],
      ...(scenario === null ? [] : [['scenario', scenario] as const]),
      ['clock', `${clock.now}${clock.frozen ? ', frozen' : ''}${clock.rate === 1 ? '' : `, × ${clock.rate}`}`],
      ...(expiresAt === null ? [] : [['expires', expiresAt] as const]),
      ['token', token],
      ['Syft URL', syft.baseUrl],
      ['Syft key', syft.secretKey],
      ...syft.motions.slice(0, 10).map((motion) => ['motion', `${motion.id}  ${motion.name}`] as const),
      ['Memsolus URL', memsolus.baseUrl],
      ['Memsolus key', memsolus.apiKey],
      ['workspace', memsolus.workspaceId],
    ]),
  )
}

function list(items: readonly Summary[], options: SandboxOptions): void {
  const rows = items.map(({ id, name, group, seed, clock, expiresAt }) => [id, name, group, seed, clock.now, expiresAt])
  print({ items }, options, () => tableOf(['ID', 'NAME', 'GROUP', 'SEED', 'CLOCK', 'EXPIRES'], rows))
}
