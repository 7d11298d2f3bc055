import { readFile } from 'node:fs/promises'
import { type Fixture, FixtureRefused, readFixture } from '@sandport/server/fixture'

/** A file is there, or not, and holds no fixture that can be used. The message says why, for whoever named it. */
export class UnusableFixture extends Error {
  override readonly name = 'UnusableFixture'
}

/** Reads a fixture from a file. Throws an `UnusableFixture`. */
export async function readFixtureFile(path: string): Promise<Fixture> {
  const refuse = (reason: string, cause: unknown): never => {
    throw new UnusableFixture(reason, { cause })
  }
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    refuse(REASONS[error.code ?? '']?.(path) ?? `${path} cannot be read (${error.code}).`, error),
  )
  try {
    return readFixture(parseJson(text.replace(/^\uFEFF/, '')))
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`${path} is no JSON: ${error.message.replace(/\s+/g, ' ')}.`, error)
    if (error instanceof FixtureRefused)
      return refuse(`${path} is no fixture that can be used: ${error.message}`, error)
    throw error
  }
}

/** Reads a fixture that is to be there in the place of what is made up. Throws an `UnusableFixture` where both are asked for. */
export async function readFixtureAlone(path: string, { runs, memories }: MadeUp): Promise<Fixture> {
  const fixture = await readFixtureFile(path)
  for (const [option, count, part] of [
    ['--runs', runs, fixture.syft],
    ['--memories', memories, fixture.memsolus],
  ] as const) {
    if (count === undefined || part === undefined) continue
    throw new UnusableFixture(
      `${option} is for what is made up, and ${path} holds what there is to be instead. Leave it out.`,
    )
  }
  return fixture
}
type MadeUp = { runs?: number | undefined; memories?: number | undefined }

const REASONS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no file ${path}.`,
  EISDIR: (path) => `${path} is a directory, and no file.`,
  ERR_STRING_TOO_LONG: (path) =>
    `${path} is larger than the 512 MB that can be read. Record less, with --since or --status.`,
}

/** Parses JSON. What is no JSON is a `SyntaxError` that says where, if that is known. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { message } = error
    // Newer versions of Node tell the line, older ones a position, and of some mistakes neither.
    const at = /^Unexpected end/.test(message) ? text.length : Number(/ at position (\d+)/.exec(message)?.[1])
    if (Number.isNaN(at) || /\(line \d+ column \d+\)/.test(message)) throw error
    const lines = text.slice(0, at).split('\n')
    const place = `(line ${lines.length} column ${(lines.at(-1) ?? '').length + 1})`
    throw new SyntaxError(`${message.replace(/ at position \d+.*$/, '')} ${place}`, { cause: error })
  }
}
