import { readFileSync } from 'node:fs'
import { ReadingInput } from './control/sandboxes/schemas.ts'
import type { Reading } from './sandbox/sandbox.ts'
import { StartError } from './start-error.ts'
import { InvalidInput, validate, withPlace } from './wire/validation.ts'

/**
 * The readings in a file, which holds what `reading` of a sandbox takes. `name` is what said which file it is. Throws a
 * `StartError` where there is none, or where it says what there is not.
 */
export function readReadingFile(name: string, path: string): Partial<Reading> {
  const refuse = (reason: string, error: unknown): never => {
    throw new StartError(`${name} is "${path}", ${reason}`, { cause: error })
  }
  try {
    return validate(ReadingInput, JSON.parse(readFileSync(path, 'utf8')), 'The file')
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`which is no JSON: ${error.message}.`, error)
    if (error instanceof InvalidInput) return refuse(`which cannot be used: ${withPlace(error)}`, error)
    const { code = '' } = error as NodeJS.ErrnoException
    return refuse(`which cannot be read (${code}). sandport verify --write-reading writes one.`, error)
  }
}
