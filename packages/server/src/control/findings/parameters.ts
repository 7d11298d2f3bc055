import type { Finding, JudgedExchange, Parameters } from '../../judging.ts'
import { parseInstant } from '../../wire/instant.ts'
import { parsePositiveInteger } from '../../wire/query.ts'
import { mark, nearest } from '../../wire/wording.ts'

/** X-PARAM-1c, X-TIME-1c: what is questionable in a query by itself. `passedOver` are names that are judged elsewhere. */
export function judgeParameters(
  { query, operation }: JudgedExchange,
  { names, times = [], repeatable = [], mayBeEmpty = [], capped = {} }: Parameters,
  passedOver: readonly string[],
): Finding[] {
  const given = [...new Set(query.entries.map(([name]) => name))].filter((name) => !passedOver.includes(name))
  return given.flatMap((name): Finding[] => {
    if (!names.includes(name)) return [unknown(name, names, operation ?? '')]
    const values = query.all(name)
    const [value = ''] = values
    return [
      ...(values.length > 1 && !repeatable.includes(name) ? [repeated(name, values.length)] : []),
      ...(values.includes('') && !mayBeEmpty.includes(name) ? [empty(name)] : []),
      ...(value !== '' && times.includes(name) ? judgeTime(name, value) : []),
      ...judgeLimit(name, value, capped[name]),
    ]
  })
}

function unknown(name: string, names: readonly string[], operation: string): Finding {
  const near = nearest(name, names)
  const known = names.length === 0 ? `${operation} takes no parameters` : `there are ${names.map(mark).join(', ')}`
  const advice = near === undefined ? known : `did you mean ${mark(near)}?`
  return { code: 'param.unknown', message: `${mark(name)} is ignored; ${advice}` }
}

function repeated(name: string, times: number): Finding {
  const message = `${mark(name)} was given ${times} times, and only the first one counts. Give it once.`
  return { code: 'param.repeated', message }
}

function empty(name: string): Finding {
  return {
    code: 'param.empty',
    message: `${mark(name)} is empty and was taken as absent. Leave it out where there is no value.`,
  }
}

function judgeTime(name: string, value: string): Finding[] {
  const instant = parseInstant(value)
  if (instant?.hasZone) return []
  if (instant) {
    const message = `${mark(name)} is ${mark(value)}, without a zone, and was read as UTC. Add Z, or the zone's offset.`
    return [{ code: 'time.no-zone', message }]
  }
  if (parseInstant(value.replace(/ (\d{2}:?\d{2})$/, '+$1'))) {
    const message = `The + in ${mark(name)} arrived as a space: ${mark(value)}. Encode it as %2B, or send the time in UTC with a Z.`
    return [{ code: 'time.plus', message }]
  }
  return [{ code: 'time.not-a-time', message: `${mark(name)} is ${notATime(value)}` }]
}

function notATime(value: string): string {
  if (/^(undefined|null|none|nil|nan)$/i.test(value)) {
    return `the text ${mark(value)}, which is no time. Leave the parameter out where there is no value yet.`
  }
  if (/^-?\d+(\.\d+)?$/.test(value)) {
    return `the number ${mark(value)}, which is no time. Send ISO 8601, such as 2026-01-01T00:00:00Z.`
  }
  return `${mark(value)}, which is no time. Send ISO 8601, such as 2026-01-01T00:00:00Z.`
}

function judgeLimit(name: string, value: string, most: number | undefined): Finding[] {
  const asked = parsePositiveInteger(value)
  if (most === undefined || asked === undefined || asked <= most) return []
  const message = `${mark(name)} is ${mark(value)} and was capped to ${most}. Count on no more than that on a page.`
  return [{ code: 'limit.capped', message }]
}
