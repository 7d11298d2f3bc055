import { randomBytes } from 'node:crypto'
import { type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { RecordedRun } from '@sandport/server/fixture'

/** What is recorded: the same of it when a recording goes on. */
export type Subject = {
  url: string
  motionId: string
  statuses: readonly string[]
  since: string | null
  keepsPersonalData: boolean
}

/** A page of a status. `cursor` is that of the next one, and null at the end of the status. */
type Page = { status: string; cursor: string | null; runs: RecordedRun[]; left: string[] }

/** What was read of a motion so far, kept in a file page by page. */
export type Recording = {
  /** What made-up values follow from; nowhere but in this file. */
  readonly salt: string
  /** How many runs were there when it was opened. */
  readonly before: number
  /** The runs by their ids, as they were when they were read last. */
  readonly runs: ReadonlyMap<string, RecordedRun>
  /** How often a field was left out, by its name. */
  readonly left: ReadonlyMap<string, number>
  /** Where a status goes on: a cursor, null for its first page, undefined where there is nothing left of it. */
  placeIn(status: string): string | null | undefined
  /** Keeps a page; it is on the disk when this resolves. */
  add(page: Page): Promise<void>
  close(): Promise<void>
  /** Removes the file. */
  remove(): Promise<void>
}

/** What is there in the place of a recording is none that can go on; the message says what to do. */
export class OtherRecording extends Error {
  override readonly name = 'OtherRecording'
}

type Begin = { recording: 1; subject: Subject; salt: string }

/**
 * Opens the recording in a file, or begins one. A line of it is a page, written when the page is whole; what a process wrote
 * of one while it was ended is no line, and is cut off. Throws an `OtherRecording` where the file is one of something else.
 */
export async function openRecording(path: string, subject: Subject): Promise<Recording> {
  const kept = await readLines(path)
  const [first = begin(subject), ...pages] = kept.lines as [Begin | undefined, ...Page[]]
  if (!isDeepStrictEqual(first.subject, subject)) throw new OtherRecording(otherAt(path))
  const file = await open(path, 'a', 0o600)
  await file.truncate(kept.bytes)
  if (kept.lines.length === 0) await append(file, first)

  const runs = new Map<string, RecordedRun>()
  const left = new Map<string, number>()
  const cursors = new Map<string, string | null>()
  const ended = new Set<string>()
  const note = ({ status, cursor, ...page }: Page) => {
    if (cursor === null) ended.add(status)
    cursors.set(status, cursor)
    for (const name of page.left) left.set(name, (left.get(name) ?? 0) + 1)
    for (const run of page.runs) {
      const known = runs.get(run.runId)
      if (!known || Date.parse(known.updatedAt) <= Date.parse(run.updatedAt)) runs.set(run.runId, run)
    }
  }
  for (const page of pages) note(page)
  return {
    salt: first.salt,
    before: runs.size,
    runs,
    left,
    placeIn: (status) => (ended.has(status) ? undefined : (cursors.get(status) ?? null)),
    async add(page) {
      await append(file, page)
      note(page)
    },
    close: () => file.close(),
    remove: () => rm(path, { force: true }),
  }
}

function begin(subject: Subject): Begin {
  return { recording: 1, subject, salt: randomBytes(32).toString('base64url') }
}

async function append(file: FileHandle, line: Begin | Page): Promise<void> {
  await file.appendFile(`${JSON.stringify(line)}\n`)
  await file.sync()
}

/** The lines of a file that are whole, and how many bytes they are; none where there is no file. */
async function readLines(path: string): Promise<{ lines: unknown[]; bytes: number }> {
  const content = await readFile(path).catch((error) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  if (!BEGINNING.startsWith(content.toString('utf8', 0, BEGINNING.length))) throw new OtherRecording(otherAt(path))
  const lines: unknown[] = []
  let bytes = 0
  for (let end = content.indexOf('\n'); end !== -1; end = content.indexOf('\n', bytes)) {
    try {
      lines.push(JSON.parse(content.toString('utf8', bytes, end)))
    } catch (cause) {
      throw new OtherRecording(otherAt(path), { cause })
    }
    bytes = end + 1
  }
  return { lines, bytes }
}

const BEGINNING = '{"recording":1,'

function otherAt(path: string): string {
  return `${path} is what another recording has left. Delete it, or choose another file with --output.`
}
