import type { SandboxControl } from '@sandport/client'
import { Command } from 'commander'
import { onServer, print, type SandboxOptions, type Surroundings, withSandbox } from './connection.ts'
import { given, wholeNumber } from './options.ts'
import type { Progress } from './progress.ts'

type Options = SandboxOptions & {
  runs: number
  memories: number
  motion?: string
  workspace?: string
  fixture?: string
}

/** As many rows a call: some tenths of a second of work, so that a stop is soon and progress is seen. */
const BATCH = 10_000
/** How long one call may take, on a machine that has much else to do. */
const BATCH_MS = 600_000
const INTERRUPTED = 130
const USAGE_ERROR = 2

/** `sandport seed`: any number of runs and memories, by calls of a size that the server takes. */
export function seedCommand({ env, exit }: Surroundings): Command {
  return withSandbox(new Command('seed'))
    .description('put runs and memories into a sandbox, beside what is there: made up, or from a fixture')
    .option('--runs <count>', 'how many runs', wholeNumber(100_000_000), 0)
    .option('--memories <count>', 'how many memories', wholeNumber(100_000_000), 0)
    .option('--motion <id>', 'whose the runs are (default: the first motion)', given)
    .option('--workspace <id>', 'whose the memories are (default: the first workspace)', given)
    .option('--fixture <file>', 'what a fixture holds, as record writes it, instead of what is made up', given)
    .addHelpText('after', HELP)
    .action(async (options: Options, command: Command) => {
      if (options.fixture !== undefined) return exit(await seedFixture(options.fixture, options, { command, env }))
      if (options.runs + options.memories === 0)
        command.error('error: say how many, with --runs or --memories, or give a --fixture.')
      exit(await seed(options, env))
    })
}

const HELP = `
Ctrl-C stops it when the call that is under way is answered, and it says how much is there; a second one stops it at once.

Examples:
  sandport seed --runs 1000000
  sandport seed --runs 5000 --memories 20000 --sandbox sb_ibg28lhobs8m --json
  sandport seed --fixture fixture.json`

/** Checks the file before anything is put in. */
async function seedFixture(
  path: string,
  options: Options,
  { command, env }: { command: Command; env: NodeJS.ProcessEnv },
) {
  const { runs, memories, motion, workspace } = options
  if (runs + memories > 0 || motion !== undefined || workspace !== undefined) {
    return command.error('error: --fixture holds what there is to be, and whose it is; leave the others out.')
  }
  const [{ readFixtureFile, UnusableFixture }, { putFixture }] = await Promise.all([
    import('./fixture-file.ts'),
    import('./seed-fixture.ts'),
  ])
  try {
    const fixture = await readFixtureFile(path)
    return await onServer(options, { env, timeoutMs: BATCH_MS }, ({ own, sandboxId }) =>
      putFixture(own, { fixture, path, sandboxId, options, stop: untilStopped() }),
    )
  } catch (error) {
    if (!(error instanceof UnusableFixture)) throw error
    process.stderr.write(`sandport: ${error.message}\n`)
    return USAGE_ERROR
  }
}

function seed(options: Options, env: NodeJS.ProcessEnv): Promise<number> {
  return onServer(options, { env, timeoutMs: BATCH_MS }, async ({ own, sandboxId }) => {
    const { openProgress } = await import('./progress.ts')
    const stop = untilStopped()
    const done = { runs: 0, memories: 0 }
    try {
      for (const [what, insert] of Object.entries(insertsOf(own, options)) as [keyof typeof done, Insert][]) {
        if (options[what] === 0) continue
        const progress = openProgress(what, options[what])
        try {
          await inBatches({ insert, total: options[what], stop, progress, tell: (rows) => (done[what] = rows) })
        } finally {
          progress.end()
        }
      }
    } finally {
      stop.end()
      if (done.runs < options.runs || done.memories < options.memories) {
        process.stderr.write(`sandport: stopped. ${partOf(done, options)} in ${sandboxId}.\n`)
      }
    }
    if (options.json || !stop.isTold()) {
      print({ sandbox: sandboxId, ...done }, options, () => `${partOf(done, options)} in ${sandboxId}.`)
    }
    return stop.isTold() ? INTERRUPTED : 0
  })
}

type Insert = (count: number) => Promise<unknown>

function insertsOf(own: SandboxControl, { motion, workspace }: Options): { runs: Insert; memories: Insert } {
  return {
    runs: (count) => own.syft.runs.createMany({ count, ...(motion !== undefined && { motionId: motion }) }),
    memories: (count) =>
      own.memsolus.memories.createMany({ count, ...(workspace !== undefined && { workspaceId: workspace }) }),
  }
}

type Batches = {
  insert: Insert
  total: number
  stop: { isTold(): boolean }
  progress: Progress
  tell: (rows: number) => void
}

async function inBatches({ insert, total, stop, progress, tell }: Batches): Promise<void> {
  let rows = 0
  while (rows < total && !stop.isTold()) {
    const count = Math.min(BATCH, total - rows)
    await insert(count)
    rows += count
    tell(rows)
    progress.show(rows)
  }
}

function partOf(done: { runs: number; memories: number }, { runs, memories }: Options): string {
  const parts = [
    ...(runs > 0 ? [done.runs < runs ? `${done.runs} of ${runs} runs` : `${runs} runs`] : []),
    ...(memories > 0
      ? [done.memories < memories ? `${done.memories} of ${memories} memories` : `${memories} memories`]
      : []),
  ]
  return `Put ${parts.join(' and ')}`
}

export type Stop = { isTold(): boolean; end(): void }

/** Hears the first Ctrl-C; a second one ends the process at once. */
function untilStopped(): Stop {
  let isTold = false
  const onSignal = () => {
    if (isTold) process.exit(INTERRUPTED)
    isTold = true
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    isTold: () => isTold,
    end() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
