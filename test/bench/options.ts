import { parseArgs } from 'node:util'

/** What the servers stand on. */
type Column = (typeof columns)[number]
const columns = ['embedded', 'services'] as const

export type Options = { only: string[]; runs: number; memories: number; json: boolean; help: boolean; on: Column[] }

/** Raised where the command was called wrongly; the message is one line that says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads the command's arguments; `names` are the measurements that there are. */
export function readOptions(args: readonly string[], names: readonly string[]): Options {
  const { only, on, runs, memories, json, help } = parse(args)
  const chosen = only?.split(',').map((name) => name.trim()) ?? [...names]
  const unknown = chosen.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`There is no measurement "${unknown}"; there are ${names.join(', ')}.`)
  }
  if (on !== undefined && !columns.some((column) => column === on)) {
    throw new UsageError(`--on is "${on}"; use ${columns.join(' or ')}.`)
  }
  return {
    on: columns.filter((column) => on === undefined || column === on),
    only: names.filter((name) => chosen.includes(name)),
    runs: readCount('--runs', runs ?? '200000'),
    memories: readCount('--memories', memories ?? '100000'),
    json: json ?? false,
    help: help ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // Package managers hand on the `--` that separates their options from those of the command.
      args: args.filter((arg) => arg !== '--'),
      options: {
        only: { type: 'string' },
        on: { type: 'string' },
        runs: { type: 'string' },
        memories: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)
    throw new UsageError(`${reason?.replace(/\.$/, '')}. See --help.`, { cause: error })
  }
}

function readCount(name: string, text: string): number {
  const count = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN
  if (count >= 1000 && count <= 5_000_000) return count
  throw new UsageError(`${name} is "${text}"; use a whole number from 1000 to 5000000.`)
}
