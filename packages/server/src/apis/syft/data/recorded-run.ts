import { KindGuard, type TObject, type TSchema } from '@sinclair/typebox'
import { Check } from '@sinclair/typebox/value'
import { toStorable } from '../../../wire/storable.ts'
import { registerFormats } from '../../../wire/validation.ts'
import { RunInput } from './schemas.ts'

/** A run that an export showed, as data that a sandbox shows alike. */
export type RecordedRun = RunInput & Required<Pick<RunInput, 'runId' | 'status' | 'createdAt' | 'updatedAt'>>

/**
 * Makes data of a run as some service shows it. What is not documented, or is not what the page says, a sandbox cannot hold:
 * it is left out, `left` names it, and null stands for it. `run` is undefined where that is a run's id, status or time.
 */
export function recordRun(item: unknown): { run: RecordedRun | undefined; left: string[] } {
  registerFormats()
  const left: string[] = []
  const run = fit(RunInput, toStorable(item), { at: '', left })
  if (!isObject(run)) return { run: undefined, left }
  // What is not said would be made up.
  const whole = { ...run, ...Object.fromEntries(Object.entries(silent).filter(([name]) => !(name in run))) }
  return { run: isWhole(whole) ? whole : undefined, left }
}

const silent = {
  completedAt: null,
  triggerSource: null,
  account: null,
  contacts: [],
  session: null,
  evaluationSummary: null,
  triggerReason: null,
  actionPlanSummary: null,
  error: null,
}

function isWhole(run: Record<string, unknown>): run is RecordedRun {
  const { runId, status, createdAt, updatedAt } = run
  const isSaid = [runId, status, createdAt, updatedAt].every((part) => typeof part === 'string')
  // No sandbox has a run that was updated before it was created.
  return isSaid && Check(RunInput, run) && Date.parse(`${createdAt}`) <= Date.parse(`${updatedAt}`)
}

type Place = { at: string; left: string[] }

/** As much of a value as its schema allows. */
function fit(schema: TSchema, value: unknown, { at, left }: Place): unknown {
  const fits: boolean = Check(schema, value)
  if (fits) return value
  const variants: TSchema[] = KindGuard.IsUnion(schema) ? schema.anyOf : [schema]
  const [object] = variants.filter(KindGuard.IsObject)
  if (object && isObject(value)) return fitObject(object, value, { at, left })
  const [list] = variants.filter(KindGuard.IsArray)
  if (list && Array.isArray(value)) {
    return value.map((item) => fit(list.items, item, { at: `${at}[]`, left })).filter((item) => item != null)
  }
  left.push(at)
  return Check(schema, null) ? null : undefined
}

function fitObject({ properties }: TObject, value: Record<string, unknown>, { at, left }: Place): unknown {
  const known = Object.entries(value).flatMap(([name, part]): [string, unknown][] => {
    const place = at === '' ? name : `${at}.${name}`
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (schema) return [[name, fit(schema, part, { at: place, left })]]
    left.push(place)
    return []
  })
  return Object.fromEntries(known.filter(([, part]) => part !== undefined))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
