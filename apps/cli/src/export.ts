import type { ExportView, SandboxControl } from '@sandport/client'
import { Command } from 'commander'
import { onServer, print, type SandboxOptions, type Surroundings, withSandbox } from './connection.ts'
import { given } from './options.ts'
import { factsOf, tableOf } from './table.ts'

type Act = (
  exports: SandboxControl['memsolus']['exports'],
  id: string,
  options: { message?: string },
) => Promise<ExportView>

/** `sandport export`: the exports of Memsolus, and commanding them by hand. */
export function exportCommand({ env, exit }: Surroundings): Command {
  const command = new Command('export').description('list and show exports of Memsolus, and command them by hand')
  const verb = (name: string, description: string) => withSandbox(command.command(name).description(description))
  verb('list', 'list the exports of all workspaces')
    .addHelpText('after', '\nExample:\n  sandport export list --json')
    .action(async (options: SandboxOptions) =>
      exit(await onServer(options, { env }, async ({ own }) => list(await own.memsolus.exports.list(), options))),
    )
  const about = (name: string, description: string, act: Act) =>
    verb(name, description)
      .argument('<id>', 'which export')
      .addHelpText('after', `\nExample:\n  sandport export ${name} 0d1d913a-52a1-4a0e-9d4c-3e4b8f1f5a10`)
      .action(async (id: string, options: SandboxOptions & { message?: string }) =>
        exit(
          await onServer(options, { env }, async ({ own }) =>
            show(await act(own.memsolus.exports, id, options), options),
          ),
        ),
      )
  about('show', 'show an export, and what only a test may know of it', (exports, id) => exports.get(id))
  about('hold', 'hold it where it is: PENDING or PROCESSING', (exports, id) => exports.hold(id))
  about('release', 'let it go on', (exports, id) => exports.release(id))
  about('step', 'make its next transition now', (exports, id) => exports.step(id))
  about('fail', 'fail it, if it is PENDING or PROCESSING', (exports, id, { message }) =>
    exports.fail(id, { ...(message !== undefined && { message }) }),
  ).option('--message <text>', 'why it failed', given)
  about('expire', 'expire it, if it is READY', (exports, id) => exports.expire(id))
  about('lose-file', 'lose its file, if it is READY, which it stays', (exports, id) => exports.loseFile(id))
  return command
}

function show(found: ExportView, options: SandboxOptions): void {
  const { id, status, format, workspaceId, created_at, updated_at, nextAt, expiresAt, behavior, progress, file } = found
  print(found, options, () =>
    factsOf([
      ['id', id],
      ['status', status],
      ['held', behavior.hold ?? 'no'],
      ['format', format],
      ['workspace', workspaceId],
      ['created', created_at],
      ['updated', updated_at],
      ['next', nextAt],
      ['expires', expiresAt],
      ['rows', progress ? `${progress.rows} of ${progress.total}` : null],
      ['bytes', file?.bytes],
    ]),
  )
}

function list(items: readonly ExportView[], options: SandboxOptions): void {
  const rows = items.map(({ id, status, format, created_at, nextAt, behavior, file }) => [
    id,
    status,
    format,
    behavior.hold,
    created_at,
    nextAt,
    file?.bytes,
  ])
  print({ items }, options, () => tableOf(['ID', 'STATUS', 'FORMAT', 'HELD', 'CREATED', 'NEXT', 'BYTES'], rows))
}
