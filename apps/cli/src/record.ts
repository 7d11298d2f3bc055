import { Command, InvalidArgumentError, Option } from 'commander'
import { duration, given, PACE_MS, url } from './options.ts'

/** What `sandport record` takes. */
export type RecordOptions = {
  syftUrl: string
  syftKey?: string
  motion: string
  output: string
  since?: string
  status: string[]
  pace: number
  keepPersonalData?: boolean
  force?: boolean
}

/**
 * Every status that a page names, since without one only completed runs are served (S-STATUS-1). `in_progress` may stand for
 * `open` and `running`, too, or not (S-STATUS-3c). Those that a run leaves come before those that it ends in, so that one
 * which goes on meanwhile is met twice, and never missed.
 */
const STATUSES = ['in_progress', 'open', 'running', 'skipped', 'failed', 'completed']

/** `sandport record`: reads a motion of a service into a fixture. */
export function recordCommand(exit: (code: number) => void): Command {
  return new Command('record')
    .description('read the runs of a motion of a service into a fixture, with made-up values for personal ones')
    .requiredOption('--syft-url <url>', 'origin of a Syft Export API', url)
    .addOption(new Option('--syft-key <key>', 'a secret key of it').env('SYFT_SECRET_KEY'))
    .requiredOption('--motion <id>', 'the motion', given)
    .option('--output <file>', 'where to write the fixture', given, 'fixture.json')
    .option('--since <instant>', 'only runs that were created or updated after it, such as 2026-03-01', given)
    .option(
      '--status <statuses>',
      `which, with commas between them (default: ${STATUSES.join(',')})`,
      statuses,
      STATUSES,
    )
    .option('--pace <duration>', `time between two requests (default: ${PACE_MS}ms)`, duration, PACE_MS)
    .option('--keep-personal-data', 'write names, addresses, texts and so on as they are')
    .option('--force', 'write over a file that is there')
    .addHelpText('after', HELP)
    .action(async (options: RecordOptions, command: Command) => {
      if (!options.syftKey) return command.error('error: give --syft-key, or SYFT_SECRET_KEY in the environment.')
      const { record } = await import('./record-run.ts')
      exit(await record({ ...options, syftKey: options.syftKey }))
    })
}

const HELP = `
Where it is stopped, or the service fails, what was read is in FILE.partial, and the same command goes on from there.

Examples:
  SYFT_SECRET_KEY=sk_live_… sandport record --syft-url https://app.syftdata.com --motion m_123
  sandport record --syft-url http://127.0.0.1:4646 --syft-key sk_live_demo --motion demo --pace 0s --output demo.json
  sandport start --fixture fixture.json`

function statuses(text: string): string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '')
  if (names.length === 0) throw new InvalidArgumentError('Name a status, such as completed.')
  return names.toSorted((one, other) => STATUSES.indexOf(one) - STATUSES.indexOf(other))
}
