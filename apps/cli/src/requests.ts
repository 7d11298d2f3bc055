import type { Exchange, Operation, SandboxControl } from '@sandport/client'
import { Command, Option } from 'commander'
import { onServer, print, type SandboxOptions, type Surroundings, withSandbox } from './connection.ts'
import { given, wholeNumber } from './options.ts'
import { tableOf } from './table.ts'

type Options = SandboxOptions & { operation?: Operation; status?: string; limit: number; follow?: boolean }

const operations: readonly Operation[] = [
  'syft.exportRuns',
  'memsolus.createExport',
  'memsolus.listExports',
  'memsolus.getExport',
  'memsolus.downloadExport',
]

/** `sandport requests`: what the clients of a sandbox did. */
export function requestsCommand({ env, exit }: Surroundings): Command {
  return withSandbox(new Command('requests'))
    .description('list the requests that a sandbox was sent, the last ones last')
    .addOption(new Option('--operation <name>', 'only those of this call').choices(operations))
    .option('--status <status>', 'only those that were answered with this, such as 404 or 5xx', given)
    .option('--limit <count>', 'how many, at most', wholeNumber(1_000_000, 1), 50)
    .option('--follow', 'show those that are to come, as they come; Ctrl-C ends it')
    .addHelpText('after', HELP)
    .action(async (options: Options) =>
      exit(
        await onServer(options, { env }, async ({ own }) => {
          if (options.follow) return follow(own, options)
          const { operation, status } = options
          const all = await own.requests.list({ ...(operation && { operation }), ...(status && { status }) })
          const items = all.slice(-options.limit)
          print({ items }, options, () => tableOf(COLUMNS, items.map(rowOf)))
        }),
      ),
    )
}

const HELP = `
Examples:
  sandport requests --operation syft.exportRuns --status 5xx
  sandport requests --follow`

const COLUMNS = ['AT', 'STATUS', 'OPERATION', 'MS', 'FINDINGS', 'REQUEST']

function rowOf({ at, status, operation, durationMs, findings, method, path, search }: Exchange): unknown[] {
  const request = `${method} ${path}${search ? `?${search}` : ''}`
  return [at, status, operation, Math.round(durationMs), findings.join(' ') || '-', request]
}

/** One line for each, of text or of JSON, until Ctrl-C. */
async function follow(own: SandboxControl, { operation, status, json }: Options): Promise<number> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    for await (const event of own.events({ types: ['exchange'], signal: stopping.signal })) {
      if (event.type !== 'exchange') continue
      if (operation !== undefined && event.operation !== operation) continue
      if (status !== undefined && !isOf(event.status, status)) continue
      console.log(json ? JSON.stringify(event) : rowOf(event).join('  '))
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  return 0
}

/** Whether a status is one, or of a class such as `5xx`. */
function isOf(status: number | null, wanted: string): boolean {
  return `${status}` === wanted || (/^\dxx$/i.test(wanted) && `${status}`[0] === wanted[0])
}
