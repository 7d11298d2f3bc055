import type { SandboxInput } from '@sandport/client'
import type { Api } from './case.ts'

/** How sentences of the pages are read that can be read in two ways: `reading` of a sandbox. */
export type Reading = Required<NonNullable<SandboxInput['reading']>>
export type ReadingName = keyof Reading

/** Which reading a service has, and the request and the answer that show it, in a sentence without anybody's data. */
export type Observation = {
  [Name in ReadingName]: { name: Name; value: Reading[Name]; evidence: string }
}[ReadingName]

/** What came of looking for a reading: which one it is, or why that was not found out. */
export type ReadingResult = Observation | { name: ReadingName; reason: string }

/** How Sandport reads the pages unless it is told otherwise. */
export const usualReading: Reading = {
  since: 'exclusive',
  order: 'createdAt',
  pages: 'full',
  nulls: 'present',
  hints: false,
}

/** What a case says of the reading that it is about. */
type Teller = { api: Api; reading?: Observation | { name: ReadingName }; reason?: string }

/** What the cases say together of each reading that one of them is about. */
export function readingsOf(results: readonly Teller[]): ReadingResult[] {
  const names = Object.keys(usualReading) as ReadingName[]
  return names.flatMap((name) => {
    const tellers = results.filter(({ reading }) => reading?.name === name)
    return tellers.length === 0 ? [] : [sumUp(name, tellers)]
  })
}

function sumUp(name: ReadingName, tellers: readonly Teller[]): ReadingResult {
  const told = tellers.flatMap(({ api, reading }) => (reading && 'value' in reading ? [{ api, ...reading }] : []))
  const [first] = told
  if (!first) return { name, reason: [...new Set(tellers.map(({ reason = '' }) => reason))].join(' ') }
  const { api, ...observation } = first
  const evidence = told.map((each) => each.evidence).join(' ')
  if (told.every(({ value }) => value === observation.value)) return { ...observation, evidence }
  const values = told.map((each) => `${each.value} for ${each.api}`).join(' and ')
  return { name, reason: `It is ${values}, and a sandbox has one reading for both. ${evidence}` }
}

/** What was found out, as `reading` of a sandbox takes it. */
export function foundIn(readings: readonly ReadingResult[]): Partial<Reading> {
  return Object.fromEntries(readings.flatMap((each) => ('value' in each ? [[each.name, each.value]] : [])))
}
