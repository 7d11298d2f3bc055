import { writeFile } from 'node:fs/promises'
import {
  chooseCases,
  type Outcome,
  type Report,
  type ReporterName,
  type Result,
  reporters,
  type Target,
  toLastLine,
  toLines,
  type VerifyOptions,
  verify,
} from '@sandport/conformance'
import { parseDuration } from '@sandport/server'
import { Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import { startStandIn } from './stand-in.ts'

type Options = {
  syftUrl?: string
  syftKey?: string
  motion?: string
  controlUrl?: string
  controlToken?: string
  only: string[]
  pace?: number
  reporter: ReporterName
  output?: string
  dryRun?: boolean
}

const FAILED = 1
const USAGE_ERROR = 2
const INTERRUPTED = 130

/** Between two requests to a service of somebody else. */
const PACE_MS = 250

/** `sandport verify`: finds out how well a service keeps to the rules of the two APIs. */
export function verifyCommand(env: NodeJS.ProcessEnv, exit: (code: number) => void): Command {
  return new Command('verify')
    .description('find out whether a service keeps to the rules of the APIs; without a URL, whether Sandport does')
    .option('--syft-url <url>', 'origin of a Syft Export API', url)
    .addOption(new Option('--syft-key <key>', 'a secret key of it').env('SYFT_SECRET_KEY'))
    .option('--motion <id>', 'a motion of it, with some completed runs')
    .option('--control-url <url>', 'origin of the Sandport that it is, for the cases that command one', url)
    .addOption(new Option('--control-token <token>', 'its admin token').env('SANDPORT_ADMIN_TOKEN'))
    .option('--only <cases>', 'ids or beginnings of them, APIs or rules, with commas between them', list, [])
    .option('--pace <duration>', `time between two requests (default: ${PACE_MS}ms; none for Sandport's own)`, duration)
    .addOption(new Option('--reporter <form>', 'how to tell').choices(Object.keys(reporters)).default('terminal'))
    .option('--output <file>', 'write the report there, and the results to the terminal')
    .option('--dry-run', 'send nothing: list the requests, as they are sent to a stand-in')
    .addHelpText('after', HELP)
    .action(async (options: Options) => exit(await run(options, env)))
}

const HELP = `
Exits with 0 where every case passed, differs where the vendor's page is silent, or was skipped; with 1 where one failed.
Of a service, it reads a motion's runs; it changes nothing. No report has anything of what they say.

Examples:
  sandport verify
  SYFT_SECRET_KEY=sk_live_… sandport verify --syft-url https://app.syftdata.com --motion m_123 --pace 1s
  sandport verify --only S-PAGE-2,syft/cursor --reporter junit --output conformance.xml
  sandport verify --dry-run --syft-url https://app.syftdata.com --motion m_123`

async function run(options: Options, env: NodeJS.ProcessEnv): Promise<number> {
  const mistake = mistakeIn(options)
  if (mistake !== undefined) {
    process.stderr.write(`sandport: ${mistake} See sandport verify --help.\n`)
    return USAGE_ERROR
  }
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const report = await verifyTarget(options, stopping.signal, env)
    if (options.dryRun) return 0
    await tell(report, options)
    return report.counts.failed > 0 ? FAILED : 0
  } catch (error) {
    if (stopping.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** What of the call makes no sense, in a sentence. */
function mistakeIn({ syftUrl, syftKey, motion, controlUrl, dryRun, only }: Options): string | undefined {
  try {
    chooseCases(only)
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
  if (syftUrl === undefined) {
    const given = Object.entries({ '--motion': motion, '--control-url': controlUrl }).find(
      ([, value]) => value !== undefined,
    )
    return given && `${given[0]} is of a service: give its --syft-url too.`
  }
  if (motion === undefined) return '--syft-url needs --motion, the id of a motion there.'
  if (syftKey === undefined && !dryRun) return '--syft-url needs --syft-key, or SYFT_SECRET_KEY in the environment.'
  return undefined
}

async function verifyTarget(options: Options, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<Report> {
  const { syftUrl, syftKey, motion, only, dryRun } = options
  const common = { only, signal, onResult: hearer(options) }
  if (syftUrl !== undefined && !dryRun) {
    return verify(targetOf({ ...options, syftUrl, syftKey: syftKey ?? '', motion: motion ?? '' }), {
      ...common,
      paceMs: options.pace ?? PACE_MS,
    })
  }
  const standIn = await startStandIn(env)
  try {
    if (!dryRun) return await verify(standIn.target, { ...common, paceMs: options.pace ?? 0 })
    // Those that need a sandbox of their own are not sent to a service.
    const { syft } = standIn.target
    return await verify({ ...(syft && { syft }) }, { ...common, onResult: lister(options, standIn.target) })
  } finally {
    await standIn.close()
  }
}

function targetOf({
  syftUrl,
  syftKey,
  motion,
  controlUrl,
  controlToken,
}: Required<Pick<Options, 'syftUrl' | 'syftKey' | 'motion'>> & Options): Target {
  return {
    syft: { baseUrl: syftUrl, secretKey: syftKey, motionId: motion },
    ...(controlUrl !== undefined && {
      control: { url: controlUrl, ...(controlToken !== undefined && { token: controlToken }) },
    }),
  }
}

/** Tells of each result as it comes, where a terminal is told. */
function hearer({ reporter, output }: Options): NonNullable<VerifyOptions['onResult']> {
  if (reporter !== 'terminal' && output === undefined) return () => {}
  return (result) => console.log(toLines(result, { paint }))
}

/** Tells what would be asked of a service, in place of the stand-in. */
function lister({ syftUrl = '', motion = '' }: Options, { syft }: Target): (result: Result) => void {
  return ({ id, requests, reason }) => {
    console.log(pc.bold(id))
    if (requests.length === 0) console.log(`  nothing: ${reason}`)
    for (const request of requests) {
      const [method, path = ''] = request.split(' ')
      const asked = path.replace(`/motion/${syft?.motionId}/`, `/motion/${motion || syft?.motionId}/`)
      console.log(`  ${method} ${syftUrl.replace(/\/+$/, '')}${asked}`)
    }
  }
}

async function tell(report: Report, { reporter, output }: Options): Promise<void> {
  if (output !== undefined) await writeFile(output, reporters[reporter](report))
  if (reporter === 'terminal' || output !== undefined) console.log(`\n${toLastLine(report)}`)
  else process.stdout.write(reporters[reporter](report))
}

function paint(outcome: Outcome, text: string): string {
  return { passed: pc.green, failed: pc.red, differs: pc.yellow, skipped: pc.dim }[outcome](text)
}

function url(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('Use an origin such as https://app.syftdata.com.')
  }
  return text
}

function list(text: string, before: string[]): string[] {
  return [...before, ...text.split(',').filter((part) => part !== '')]
}

function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Use a duration such as 500ms or 2s.')
  return ms
}
