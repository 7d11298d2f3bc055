import { availableParallelism, loadavg } from 'node:os'
import { findServices } from '../harness/services.ts'
import { measureDownload } from './measurements/download.ts'
import { measureJournal } from './measurements/journal.ts'
import { measureMemory } from './measurements/memory.ts'
import { measureMotion } from './measurements/motion.ts'
import { measurePage } from './measurements/page.ts'
import { measureReady } from './measurements/ready.ts'
import { measureRendering } from './measurements/rendering.ts'
import { measureSandboxes } from './measurements/sandboxes.ts'
import { measureStartup } from './measurements/startup.ts'
import { type Options, readOptions, UsageError } from './options.ts'
import { median, timed } from './rounds.ts'
import { openStage, type Stage } from './stage.ts'
import { type Columns, type Row, showNumber, showTable } from './table.ts'

const measurements: Record<string, (stage: Stage) => Promise<Row[]>> = {
  startup: measureStartup,
  sandboxes: measureSandboxes,
  page: measurePage,
  journal: measureJournal,
  motion: measureMotion,
  ready: measureReady,
  rendering: measureRendering,
  memory: measureMemory,
  download: measureDownload,
}

const HELP = `Usage: pnpm bench [options]

Measures the built command, embedded and, where TEST_DATABASE_URL and TEST_REDIS_URL are set, on Postgres and Redis.

Options:
  --only <names>      only these, separated by commas: ${Object.keys(measurements).join(', ')}
  --on <what>         only embedded, or only on services
  --runs <count>      how many runs the large motion has (default: 200000)
  --memories <count>  how many memories a large export has (default: 100000)
  --json              print JSON
  -h, --help          print this help

Exit codes: 0, 1 where it could not measure, 2 where it was called wrongly. A target that is missed is no failure.`

const FAILED = 1
const USAGE_ERROR = 2
/** What a shell says of a command that was ended by each. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

const stages = new Set<Stage>()
try {
  process.exitCode = await Promise.race([run(process.argv.slice(2)), ...Object.keys(SIGNALS).map(interrupted)])
} catch (error) {
  console.error(error instanceof UsageError ? `bench: ${error.message}` : error)
  process.exitCode = error instanceof UsageError ? USAGE_ERROR : FAILED
}
for (const stage of stages) await stage.close()
process.exit()

async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args, Object.keys(measurements))
  if (options.help) console.log(HELP)
  else await measure(options)
  return 0
}

async function measure({ only, on, runs, memories, json }: Options): Promise<void> {
  const machine = {
    cpus: availableParallelism(),
    loadBefore: loadavg()[0] ?? 0,
    node: process.version,
    /** How long a fixed piece of work takes: what tells the times of two days apart from each other. */
    yardstickMs: await yardstick(),
  }
  const services = on.includes('services') ? await findServices(process.env, 'the column') : undefined
  const columns: Columns = {
    ...(on.includes('embedded') && { embedded: [] }),
    ...(services && { 'Postgres and Redis': [] }),
  }
  for (const name of only) {
    for (const [title, rows] of Object.entries(columns)) {
      const from = performance.now()
      const stage = await openStage({ runs, memories }, title === 'embedded' ? undefined : services)
      stages.add(stage)
      rows.push(...((await measurements[name]?.(stage)) ?? []))
      await stage.close()
      stages.delete(stage)
      process.stderr.write(`${name}, ${title}: measured in ${((performance.now() - from) / 1000).toFixed(1)} s\n`)
    }
  }
  console.log(
    json ? JSON.stringify({ machine, columns }, undefined, 2) : `${showTable(columns)}\n\n${describe(machine)}`,
  )
}

type Machine = { cpus: number; loadBefore: number; node: string; yardstickMs: number }

/** What the figures were measured on. What others do on it makes times longer, and ratios less so. */
function describe({ cpus, loadBefore, node, yardstickMs }: Machine): string {
  const busy = loadBefore > 0.5 ? '; others were at work, so trust the ratios more than the times' : ''
  return [
    `Node ${node}, ${cpus} CPUs, load ${loadBefore.toFixed(1)} before it began${busy}`,
    `The yardstick, sorting a million numbers, takes ${showNumber(yardstickMs)} ms here`,
  ].join('\n')
}

async function yardstick(): Promise<number> {
  const sort = () => Float64Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 1_000_003).sort()
  return median(await Promise.all(Array.from({ length: 5 }, () => timed(async () => sort()))))
}

/** Resolves with the exit code when the signal comes. */
function interrupted(signal: string): Promise<number> {
  return new Promise((resolve) => {
    process.once(signal, () => resolve(SIGNALS[signal as keyof typeof SIGNALS]))
  })
}
