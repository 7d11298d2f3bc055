import { writeFile } from 'node:fs/promises'
import {
  chooseCases,
  foundIn,
  type Outcome,
  type Report,
  type ReporterName,
  type Result,
  reporters,
  type Target,
  toLastLine,
  toLines,
  toReadings,
  type VerifyOptions,
  verify,
} from '@sandport/conformance'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { duration, given, PACE_MS, url, wholeNumber } from './options.ts'
import { type OutputFile, openOutputFile, UnwritableFile } from './output-file.ts'

type Options = {
  syftUrl?: string
  syftKey?: string
  motion?: string
  memsolusUrl?: string
  memsolusKey?: string
  maxExports?: number
  controlUrl?: string
  controlToken?: string
  only: string[]
  pace?: number
  reporter: ReporterName
  output?: string
  writeReading?: string
  dryRun?: boolean
}

const FAILED = 1
const USAGE_ERROR = 2
const INTERRUPTED = 130

/** As many exports as all cases together create, which costs nothing here. */
const ENOUGH = 100

/** `sandport verify`: finds out how well a service keeps to the rules of the two APIs. */
export function verifyCommand(env: NodeJS.ProcessEnv, exit: (code: number) => void): Command {
  return new Command('verify')
    .description('find out whether a service keeps to the rules of the APIs; without a URL, whether Sandport does')
    .option('--syft-url <url>', 'origin of a Syft Export API', url)
    .addOption(new Option('--syft-key <key>', 'a secret key of it').env('SYFT_SECRET_KEY'))
    .option('--motion <id>', 'a motion of it, with some completed runs')
    .option('--memsolus-url <url>', 'origin of a Memsolus Exports API', url)
    .addOption(new Option('--memsolus-key <key>', 'an API key of it').env('MEMSOLUS_API_KEY'))
    .option('--max-exports <count>', 'how many exports may be created there (default: 2)', wholeNumber(9999))
    .option('--control-url <url>', 'origin of the Sandport that it is, for the cases that command one', url)
    .addOption(new Option('--control-token <token>', 'its admin token').env('SANDPORT_ADMIN_TOKEN'))
    .option('--only <cases>', 'ids or beginnings of them, APIs, rules or readings, with commas between', list, [])
    .option('--pace <duration>', `time between two requests (default: ${PACE_MS}ms; none for Sandport's own)`, duration)
    .addOption(new Option('--reporter <form>', 'how to tell').choices(Object.keys(reporters)).default('terminal'))
    .option('--output <file>', 'write the report there, and the results to the terminal')
    .option('--write-reading <file>', 'write which readings it has there, for start --reading', given)
    .option('--dry-run', 'send nothing: list the requests, as they are sent to a stand-in')
    .addHelpText('after', HELP)
    .action(async (options: Options) => exit(await run(options, env)))
}

const HELP = `
Exits with 0 where every case passed, differs where the vendor's page is silent, or was skipped; with 1 where one failed.
Of a service, it reads a motion's runs, and creates two exports and downloads them. No report has anything of what they say.

Examples:
  sandport verify
  SYFT_SECRET_KEY=sk_live_… sandport verify --syft-url https://app.syftdata.com --motion m_123 --pace 1s
  MEMSOLUS_API_KEY=msk_live_… sandport verify --memsolus-url https://… --max-exports 1
  sandport verify --only S-PAGE-2,syft/cursor --reporter junit --output conformance.xml
  sandport verify --dry-run --syft-url https://app.syftdata.com --motion m_123
  sandport verify --only readings --write-reading reading.json`

async function run(options: Options, env: NodeJS.ProcessEnv): Promise<number> {
  const mistake = mistakeIn(options)
  if (mistake !== undefined) {
    process.stderr.write(`sandport: ${mistake} See sandport verify --help.\n`)
    return USAGE_ERROR
  }
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const { writeReading, dryRun } = options
  let file: OutputFile | undefined
  try {
    if (writeReading !== undefined && !dryRun) file = await openOutputFile(writeReading)
    const report = await verifyTarget(options, stopping.signal, env)
    if (dryRun) return 0
    await tell(report, options)
    const isWritten = file === undefined || (await writeFound(report, options, file))
    return report.counts.failed > 0 || !isWritten ? FAILED : 0
  } catch (error) {
    if (error instanceof UnwritableFile) {
      process.stderr.write(`sandport: ${error.message}\n`)
      return USAGE_ERROR
    }
    if (stopping.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    await file?.discard()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Writes what was found out of the readings, and says what was not. Where nothing was, the file stays as it is. */
async function writeFound({ readings }: Report, options: Options, file: OutputFile): Promise<boolean> {
  const found = foundIn(readings)
  const written = Object.entries(found).map(([name, value]) => `${name}: ${value}`)
  const missing = readings.flatMap((each) => ('value' in each ? [] : [`  ${each.name}: ${each.reason}`]))
  const isAny = written.length > 0
  if (isAny) await file.write(`${JSON.stringify(found, null, 2)}\n`)
  const head = isAny ? `Wrote ${written.join(', ')} to ${options.writeReading}.` : `Wrote no ${options.writeReading}.`
  const lines = [head, ...(missing.length > 0 ? ['Not found out, and left out there:', ...missing] : [])]
  // What another program reads is not mixed with it.
  if (isForPeople(options)) console.log(`\n${lines.join('\n')}`)
  else process.stderr.write(`${lines.join('\n')}\n`)
  return isAny
}

/** Whether what stdout says is for people. */
function isForPeople({ reporter, output }: Options): boolean {
  return reporter === 'terminal' || output !== undefined
}

/** What of the call makes no sense, in a sentence. */
function mistakeIn(options: Options): string | undefined {
  const { syftUrl, syftKey, motion, memsolusUrl, memsolusKey, maxExports, controlUrl, dryRun, only } = options
  try {
    chooseCases(only)
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
  if (syftUrl === undefined && motion !== undefined) return '--motion is of a service: give its --syft-url too.'
  if (syftUrl === undefined && memsolusUrl === undefined) {
    const given = Object.entries({ '--control-url': controlUrl, '--max-exports': maxExports }).find(
      ([, value]) => value !== undefined,
    )
    return given && `${given[0]} is of a service: give its --syft-url or --memsolus-url too.`
  }
  if (syftUrl !== undefined && motion === undefined) return '--syft-url needs --motion, the id of a motion there.'
  if (dryRun) return undefined
  if (syftUrl !== undefined && syftKey === undefined)
    return '--syft-url needs --syft-key, or SYFT_SECRET_KEY in the environment.'
  if (memsolusUrl !== undefined && memsolusKey === undefined)
    return '--memsolus-url needs --memsolus-key, or MEMSOLUS_API_KEY in the environment.'
  return undefined
}

async function verifyTarget(options: Options, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<Report> {
  const { only, pace, maxExports, dryRun, writeReading } = options
  const withReadings = writeReading !== undefined
  const common = { only, withReadings, signal, ...(maxExports !== undefined && { maxExports }) }
  const service = targetOf(options)
  if ((service.syft || service.memsolus) && !dryRun)
    return verify(service, { ...common, paceMs: pace ?? PACE_MS, onResult: hearer(options) })
  const { startStandIn } = await import('./stand-in.ts')
  const standIn = await startStandIn(env)
  try {
    const { syft, memsolus } = standIn.target
    if (!dryRun)
      return await verify(standIn.target, {
        maxExports: ENOUGH,
        ...common,
        paceMs: pace ?? 0,
        onResult: hearer(options),
      })
    // Those that need a sandbox of their own are not sent to a service.
    const wanted = service.syft || service.memsolus ? service : standIn.target
    const target = { ...(syft && wanted.syft && { syft }), ...(memsolus && wanted.memsolus && { memsolus }) }
    return await verify(target, { ...common, onResult: lister(options, standIn.target) })
  } finally {
    await standIn.close()
  }
}

function targetOf(options: Options): Target {
  const { syftUrl, syftKey = '', motion = '', memsolusUrl, memsolusKey = '', controlUrl, controlToken } = options
  return {
    ...(syftUrl !== undefined && { syft: { baseUrl: syftUrl, secretKey: syftKey, motionId: motion } }),
    ...(memsolusUrl !== undefined && { memsolus: { baseUrl: memsolusUrl, apiKey: memsolusKey } }),
    ...(controlUrl !== undefined && {
      control: { url: controlUrl, ...(controlToken !== undefined && { token: controlToken }) },
    }),
  }
}

/** Tells of each result as it comes, where a terminal is told. */
function hearer(options: Options): NonNullable<VerifyOptions['onResult']> {
  if (!isForPeople(options)) return () => {}
  return (result) => console.log(toLines(result, { paint }))
}

/** Tells what would be asked of a service, in place of the stand-in. */
function lister({ syftUrl = '', memsolusUrl = '', motion }: Options, { syft }: Target): (result: Result) => void {
  const origins = { syft: syftUrl, memsolus: memsolusUrl }
  return ({ id, api, requests, reason }) => {
    console.log(pc.bold(id))
    if (requests.length === 0) console.log(`  nothing: ${reason ?? 'what was asked before tells.'}`)
    for (const request of requests) {
      const [method, path = ''] = request.split(' ')
      const asked = path.replace(`/motion/${syft?.motionId}/`, `/motion/${motion ?? syft?.motionId}/`)
      console.log(`  ${method} ${origins[api].replace(/\/+$/, '')}${asked}`)
    }
  }
}

async function tell(report: Report, options: Options): Promise<void> {
  const { reporter, output } = options
  if (output !== undefined) await writeFile(output, reporters[reporter](report))
  const ending = [toReadings(report), toLastLine(report)].filter((part) => part !== '')
  if (isForPeople(options)) console.log(`\n${ending.join('\n\n')}`)
  else process.stdout.write(reporters[reporter](report))
}

function paint(outcome: Outcome, text: string): string {
  return { passed: pc.green, failed: pc.red, differs: pc.yellow, skipped: pc.dim }[outcome](text)
}

function list(text: string, before: string[]): string[] {
  return [...before, ...text.split(',').filter((part) => part !== '')]
}
