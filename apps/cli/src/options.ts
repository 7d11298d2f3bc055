import { parseDuration } from '@sandport/server/duration'
import { type Command, InvalidArgumentError } from 'commander'

/** Every command that there is, those of verbs that have verbs of their own, too. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

/** What a command is called by, from `sandport` on. */
export function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

/** What an unset variable in a shell makes of an option is none. */
export function given(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return text
}

export function wholeNumber(most: number, least = 0) {
  return (text: string): number => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Use a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

/** Between two requests to a service of somebody else, in milliseconds. */
export const PACE_MS = 250

/** The origin of a service. */
export function url(text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('Use an origin such as https://app.syftdata.com.')
  }
  return text
}

/** A duration, in milliseconds. */
export function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Use a duration such as 500ms or 2s.')
  return ms
}
