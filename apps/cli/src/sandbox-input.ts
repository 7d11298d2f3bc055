import type { SandboxInput } from '@sandport/client'
import type { Command } from 'commander'
import { given, wholeNumber } from './options.ts'

/** What a sandbox is to begin with, as verbs take it. */
export type ContentOptions = {
  scenario?: string
  seed?: number
  clock?: string
  freeze?: boolean
  runs?: number
  memories?: number
}

/** How much there is where neither a number nor a scenario says so. */
export type Sizes = { runs: number; memories: number }

export function withContent(command: Command, { runs, memories }: Sizes): Command {
  return command
    .option('--scenario <name>', 'a situation that a client has to come through: see sandport scenario list', given)
    .option('--seed <number>', 'what its data is made up from (default: 1)', wholeNumber(2_147_483_647))
    .option('--clock <instant>', 'what its clock says at first, such as 2026-03-01T12:00:00Z (default: now)', given)
    .option('--freeze', 'let its clock stand')
    .option('--runs <count>', `how many runs it has, up to 200000 (default: ${runs})`, wholeNumber(200_000))
    .option('--memories <count>', `how many memories it has, up to 200000 (default: ${memories})`, wholeNumber(200_000))
}

/** What to create the sandbox from. What is not said, a scenario decides, where there is one. */
export function contentOf(options: ContentOptions, sizes: Sizes): SandboxInput {
  const { scenario, seed, clock, freeze } = options
  const isSaid = clock !== undefined || freeze === true
  return {
    ...(scenario !== undefined && { scenario }),
    ...(seed !== undefined && { seed }),
    ...(isSaid && { clock: { ...(clock !== undefined && { now: clock }), ...(freeze && { frozen: true }) } }),
    ...dataOf(options, scenario === undefined ? sizes : undefined),
  }
}

function dataOf(options: ContentOptions, sizes: Sizes | undefined): Pick<SandboxInput, 'data'> {
  const { runs = sizes?.runs, memories = sizes?.memories } = options
  if (runs === undefined && memories === undefined) return {}
  return {
    data: {
      ...(runs && { syft: { runs: { count: runs } } }),
      ...(memories && { memsolus: { memories: { count: memories } } }),
    },
  }
}
