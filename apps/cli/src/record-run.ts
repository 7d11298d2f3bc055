import { access } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { ApiError, ClientError, ConnectionError, createSyftClient, type SyftClient } from '@sandport/client'
import { FixtureRefused, type RecordedRun, readFixture, recordRun } from '@sandport/server/fixture'
import { type OutputFile, openOutputFile, UnwritableFile } from './output-file.ts'
import { createReplacement } from './personal-data.ts'
import type { RecordOptions } from './record.ts'
import { OtherRecording, openRecording, type Recording, type Subject } from './recording.ts'

const FAILED = 1
const USAGE_ERROR = 2
const INTERRUPTED = 130

/** As many runs as a fixture can have. */
const MOST_RUNS = 200_000

type Options = RecordOptions & { syftKey: string }

/** Records, and answers the exit code. What was read before it stops or fails is kept, and gone on from the next time. */
export async function record(options: Options): Promise<number> {
  const { syftUrl, motion, output, status, since, keepPersonalData = false, force = false } = options
  const partial = `${output}.partial`
  const stopping = new AbortController()
  const stop = () => (stopping.signal.aborted ? process.exit(INTERRUPTED) : stopping.abort())
  process.on('SIGINT', stop).on('SIGTERM', stop)
  let recording: Recording | undefined
  let file: OutputFile | undefined
  try {
    readFixture(fixtureOf(motion, []))
    if (!force && (await isThere(output))) {
      throw new UnwritableFile(
        `${output} is there already. Overwrite it with --force, or choose another with --output.`,
      )
    }
    file = await openOutputFile(output)
    recording = await openRecording(partial, subjectOf({ syftUrl, motion, status, since, keepPersonalData }))
    if (recording.before > 0)
      say(`going on from ${partial}, which has ${countOf(recording.before)}. Delete it to begin anew.`)
    await readStatuses(recording, options, stopping.signal)
    await file.write(textOf(motion, recording.runs))
    await recording.close()
    await recording.remove()
    tellLeft(recording.left)
    console.log(`Recorded ${countOf(recording.runs.size)} of ${motion} in ${output}.`)
    return 0
  } catch (error) {
    const failure = stopping.signal.aborted ? { message: 'stopped.', code: INTERRUPTED } : explain(error, options)
    await recording?.close()
    if (!failure) throw error
    say(failure.message)
    if (recording?.runs.size) {
      say(`${countOf(recording.runs.size)} are in ${partial}, and the same command goes on from there.`)
    } else await recording?.remove()
    return failure.code
  } finally {
    await file?.discard()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

async function readStatuses(recording: Recording, options: Options, signal: AbortSignal): Promise<void> {
  const { syftUrl, syftKey, motion, status: statuses, since, pace, keepPersonalData } = options
  const client = createSyftClient({ baseUrl: syftUrl, secretKey: syftKey, signal, fetch: paced(pace, signal) })
  const replace = keepPersonalData ? (run: RecordedRun) => run : createReplacement(recording.salt)
  for (const status of statuses) {
    let cursor = recording.placeIn(status)
    if (cursor === undefined) continue
    let isResumed = typeof cursor === 'string'
    while (cursor !== undefined) {
      const page = await readPage(client, motion, { status, since, cursor }, isResumed)
      isResumed = false
      const read = page.items.map(recordRun)
      const runs = read.flatMap(({ run }) => (run ? [replace(run)] : []))
      const left = read.flatMap(({ run, left }) => (run ? left : ['runs without a usable id, status or time']))
      await recording.add({ status, cursor: page.nextCursor, runs, left })
      if (recording.runs.size > MOST_RUNS) throw new TooManyRuns()
      cursor = page.nextCursor ?? undefined
    }
    say(`${status} is read: ${countOf(recording.runs.size)} so far.`)
  }
}

type PageQuery = { status: string; since: string | undefined; cursor: string | null }

/** S-PAGE-8c: the cursor of a recording that goes on may not be taken any more. Then the status is read anew. */
function readPage(client: SyftClient, motion: string, { cursor, ...query }: PageQuery, isResumed: boolean) {
  const page = (from: string | null) => client.page(motion, { ...query, ...(from !== null && { cursor: from }) })
  return page(cursor).catch((error) => {
    if (isResumed && error instanceof ApiError && error.status === 400) return page(null)
    throw error
  })
}

/** Sends requests one after another, retries too, and none sooner than the pace after the answer to the one before. */
function paced(paceMs: number, signal: AbortSignal): typeof globalThis.fetch {
  let freeAt = 0
  return async (input, init) => {
    await setTimeout(Math.max(0, freeAt - performance.now()), undefined, { signal })
    try {
      return await fetch(input, init)
    } finally {
      freeAt = performance.now() + paceMs
    }
  }
}

function subjectOf({
  syftUrl,
  motion,
  status,
  since,
  keepPersonalData,
}: Pick<Options, 'syftUrl' | 'motion' | 'status'> & {
  since: string | undefined
  keepPersonalData: boolean
}): Subject {
  return { url: syftUrl, motionId: motion, statuses: status, since: since ?? null, keepsPersonalData: keepPersonalData }
}

function fixtureOf(motionId: string, items: readonly RecordedRun[]) {
  return { syft: { motions: [{ id: motionId }], runs: { motionId, items } } }
}

/** A fixture with a run a line, oldest first. */
function* textOf(motionId: string, runs: ReadonlyMap<string, RecordedRun>): Generator<string> {
  const [head = '', tail = ''] = JSON.stringify(fixtureOf(motionId, []), null, 2).split('[]')
  const items = [...runs.values()].toSorted(
    (one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt) || (one.runId < other.runId ? -1 : 1),
  )
  yield `${head}[`
  for (const [index, run] of items.entries()) yield `${index === 0 ? '' : ','}\n${JSON.stringify(run)}`
  yield `\n]${tail}\n`
}

class TooManyRuns extends Error {
  override readonly name = 'TooManyRuns'
}

/** What went wrong and what to do, and the exit code; undefined for what nobody can mend. */
function explain(error: unknown, { syftUrl, motion }: Options): { message: string; code: number } | undefined {
  if (error instanceof UnwritableFile || error instanceof OtherRecording) {
    return { message: error.message, code: USAGE_ERROR }
  }
  if (error instanceof FixtureRefused)
    return { message: `no sandbox can have "${motion}": ${error.message}`, code: USAGE_ERROR }
  if (error instanceof TooManyRuns) {
    return { message: `a fixture has at most ${MOST_RUNS} runs. Read less, with --since or --status.`, code: FAILED }
  }
  if (error instanceof ApiError) {
    const message = {
      401: `${syftUrl} does not take the key.`,
      404: `the key has no motion "${motion}" at ${syftUrl}.`,
    }[error.status]
    return { message: message ?? sentence(error.message), code: error.status === 400 ? USAGE_ERROR : FAILED }
  }
  if (error instanceof ConnectionError && error.code === 'CONNECTION_FAILED') {
    return { message: sentence(`cannot reach ${syftUrl}: ${error.message}`), code: FAILED }
  }
  if (error instanceof Error && 'syscall' in error) {
    return { message: sentence(`cannot keep what was read: ${error.message}`), code: FAILED }
  }
  return error instanceof ClientError ? { message: sentence(error.message), code: FAILED } : undefined
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function tellLeft(left: ReadonlyMap<string, number>): void {
  if (left.size === 0) return
  const fields = [...left].map(([name, times]) => `${name} (${times} ×)`)
  say(`left out, because no page says that it is so: ${fields.join(', ')}.`)
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function say(text: string): void {
  process.stderr.write(`sandport: ${text}\n`)
}

function countOf(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`
}
