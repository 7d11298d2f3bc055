import { distance } from 'fastest-levenshtein'
import type { Match } from '../scripts/grammar.ts'
import { hideKeys } from './secrets.ts'

/** What an exchange is to be: as a script's `match`, and what was answered. */
export type Wanted = Match & { operation: string; status?: number | string }

/** What is looked at of an exchange. Keys are shortened in it. */
type Subject = {
  query: readonly (readonly [name: string, value: string])[]
  headers: readonly (readonly [name: string, value: string])[]
  status: number | null
  motionId: string | null
  exportId: string | null
}

/** What of an exchange is not as wanted, in words, and how far it is from that: 0 to 1. */
type Difference = { why: string; distance: number }
type Check = (subject: Subject) => Difference | undefined

/** All that an exchange of the operation has to pass, one check for each thing that is wanted. */
export function checksOf({ motionId, exportId, query = {}, header = {}, status }: Wanted): Check[] {
  const wantedNames = Object.keys(query)
  return [
    ...Object.entries(query).map(([name, wanted]): Check => {
      const others = ({ query }: Subject) =>
        query.map(([other]) => other).filter((other) => !wantedNames.includes(other))
      return (subject) =>
        differenceOf(`\`${name}\``, wanted, firstOf(subject.query, name), nearName(name, others(subject)))
    }),
    ...Object.entries(header).map(([name, wanted]): Check => {
      const lower = name.toLowerCase()
      return ({ headers }) => {
        const lowered = headers.map(([other, value]) => [other.toLowerCase(), value] as const)
        return differenceOf(`The header \`${lower}\``, wanted, firstOf(lowered, lower))
      }
    }),
    (subject) =>
      motionId === undefined ? undefined : differenceOf('The motion', motionId, subject.motionId ?? undefined),
    (subject) =>
      exportId === undefined ? undefined : differenceOf('The export', exportId, subject.exportId ?? undefined),
    (subject) => (status === undefined ? undefined : statusDifference(`${status}`, subject.status)),
  ]
}

/** As the APIs read it: the first one counts, and an empty one is as good as absent. */
function firstOf(pairs: Subject['query'], name: string): string | undefined {
  return pairs.find(([each]) => each === name)?.[1] || undefined
}

/** A name that may be meant where the one that is wanted is absent. */
function nearName(name: string, others: readonly string[]): string | undefined {
  return others.find((other) => distance(other.toLowerCase(), name.toLowerCase()) <= 2)
}

function differenceOf(
  what: string,
  wanted: string | { present: boolean },
  value: string | undefined,
  near?: string,
): Difference | undefined {
  if (value === undefined) {
    if (typeof wanted !== 'string' && !wanted.present) return undefined
    return near === undefined
      ? { why: `${what} was absent`, distance: 1 }
      : { why: `${what} was absent, and \`${near}\` was there`, distance: 0.5 }
  }
  if (typeof wanted !== 'string') return wanted.present ? undefined : { why: `${what} was present`, distance: 1 }
  const hidden = hideKeys(wanted, [])
  if (value === hidden) return undefined
  return {
    why: `${what} was ${value}, not ${hidden}`,
    distance: distance(value, hidden) / Math.max(value.length, hidden.length),
  }
}

/** `wanted` is a status, or a class such as `4xx`. */
function statusDifference(wanted: string, status: number | null): Difference | undefined {
  if (status === null) return { why: `No status was sent, not ${wanted}`, distance: 1 }
  const given = `${status}`
  const isSameClass = given[0] === wanted[0]
  if (given === wanted || (wanted.endsWith('xx') && isSameClass)) return undefined
  return { why: `The status was ${given}, not ${wanted}`, distance: isSameClass ? 0.5 : 1 }
}
