import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { createControlClient, type Fixture, type Sandbox } from '@sandport/client'
import { readReadingFile, StartError, startSandport } from '@sandport/server'
import { pino } from 'pino'
import { type ExecOptions, FILLED } from './exec.ts'
import { environmentOf } from './exec-environment.ts'
import { summarize } from './exec-summary.ts'
import { explain } from './failure.ts'
import { readFixtureAlone, UnusableFixture } from './fixture-file.ts'
import { contentOf } from './sandbox-input.ts'

type Run = {
  program: string
  args: readonly string[]
  options: ExecOptions
  env: NodeJS.ProcessEnv
}

const USAGE_ERROR = 2

/** Making 200,000 runs takes a while. */
const CREATE_MS = 600_000

/** Runs a command against a server that is there for it alone, and answers the command's exit code. */
export async function runAgainstServer({ program, args, options, env }: Run): Promise<number> {
  const signals = forwardSignals()
  try {
    // What the environment says of databases, ports and tokens is meant for the command.
    const log = pino({ level: 'error' }, pino.destination({ dest: 2, sync: true }))
    const { reading } = options
    const fixture = options.fixture === undefined ? undefined : await readFixtureAlone(options.fixture, options)
    const server = await startSandport({
      port: 0,
      log,
      ...(reading !== undefined && { reading: readReadingFile('--reading', reading) }),
    })
    try {
      const control = createControlClient({ baseUrl: server.url, timeoutMs: CREATE_MS })
      const content = contentOf(options, FILLED)
      const data = fixture ? { data: { ...content.data, ...fixture } } : {}
      const sandbox = foremost(await control.sandboxes.create({ name: 'exec', ...content, ...data }), fixture)
      const early = signals.received()
      if (early) return codeOf(early)
      const surroundings = environmentOf({ env, url: server.url, sandbox, more: options.env })
      const child = spawn(program, args, { stdio: 'inherit', env: surroundings })
      signals.to(child)
      const { code, isRun } = await endOf(child, program)
      if (isRun && !options.quiet) process.stderr.write(await summarize(control, sandbox.id))
      return code
    } finally {
      await server.close()
    }
  } catch (error) {
    if (error instanceof StartError || error instanceof UnusableFixture) {
      process.stderr.write(`sandport: ${error.message}\n`)
      return USAGE_ERROR
    }
    return await explain(error, { url: 'the server that it started' })
  } finally {
    signals.stop()
  }
}

/** A sandbox whose first motion is that of the fixture, where it has one: the command is to read that, and no empty one. */
function foremost(sandbox: Sandbox, fixture: Fixture | undefined): Sandbox {
  const id = fixture?.syft?.motions?.[0]?.id
  const motions = sandbox.syft.motions.toSorted((one, other) => Number(other.id === id) - Number(one.id === id))
  return { ...sandbox, syft: { ...sandbox.syft, motions } }
}

/** What a shell answers for a command that a signal has ended. */
function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

type End = { code: number; isRun: boolean }

/** Waits for the end of a command, and answers what a shell would. */
function endOf(child: ChildProcess, program: string): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code: signal ? codeOf(signal) : (code ?? 1), isRun: true }))
    child.once('error', (error: NodeJS.ErrnoException) => {
      const said = failures.get(error.code ?? '')
      if (!said) return reject(error)
      process.stderr.write(`sandport: ${program} ${said.text}\n`)
      resolve({ code: said.code, isRun: false })
    })
  })
}

const notExecutable = { code: 126, text: 'cannot be run: it is no program, or you may not execute it.' }
const failures = new Map([
  ['ENOENT', { code: 127, text: 'is not there: no command of this name was found. Is it installed, and in PATH?' }],
  ['EACCES', notExecutable],
  ['ENOEXEC', notExecutable],
])

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Hands signals on to the command, which decides what they mean; this process outlives it, to tidy up. A terminal sends
 * Ctrl-C to both by itself, and to many programs a second one means to stop at once: there it is not handed on.
 */
function forwardSignals() {
  let child: ChildProcess | undefined
  let early: NodeJS.Signals | undefined
  const isTerminal = process.stdin.isTTY === true
  const onSignal = (signal: NodeJS.Signals) => {
    if (!child) early ??= signal
    else if (signal !== 'SIGINT' || !isTerminal) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    /** One that came before there was a command. */
    received: () => early,
    to(started: ChildProcess) {
      child = started
    },
    stop() {
      for (const signal of SIGNALS) process.off(signal, onSignal)
    },
  }
}
