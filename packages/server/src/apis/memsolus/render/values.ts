import { readInstant, readInteger } from '../../../ports/database/binary-values.ts'
import { formatInstant } from '../../../wire/instant.ts'
import { type Constant, constant, type Put, put, putByte, putText } from './output.ts'

const DAY_MS = 86_400_000
const DATE_CHARACTERS = 'YYYY-MM-DDT'.length
const MOST_DATES = 4096
const [COLON, POINT] = [':', '.'].map((character) => character.charCodeAt(0)) as [number, number]

const pairs = Array.from({ length: 100 }, (_, number) => constant(String(number).padStart(2, '0')))
const fractions = Array.from({ length: 1000 }, (_, ms) => constant(`${String(ms).padStart(3, '0')}Z`))
const nothing = constant('')

/** The days that were written last, as more instants are likely to be of them. */
const dates = new Map<number, Constant>()

/** X-TIME-2c: what `formatInstant` makes of an instant. */
export const putInstant: Put = (out, from, start) => {
  const epochMs = readInstant(from, start)
  const day = Math.floor(epochMs / DAY_MS)
  const ofDay = epochMs - day * DAY_MS
  const seconds = Math.floor(ofDay / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  put(out, dates.get(day) ?? addDate(day))
  put(out, pairs[hours] ?? nothing)
  putByte(out, COLON)
  put(out, pairs[minutes - hours * 60] ?? nothing)
  putByte(out, COLON)
  put(out, pairs[seconds - minutes * 60] ?? nothing)
  putByte(out, POINT)
  put(out, fractions[ofDay - seconds * 1000] ?? nothing)
}

function addDate(day: number): Constant {
  if (dates.size === MOST_DATES) dates.clear()
  const date = constant(formatInstant(day * DAY_MS).slice(0, DATE_CHARACTERS))
  dates.set(day, date)
  return date
}

export const putInteger: Put = (out, from, start) => {
  const number = readInteger(from, start)
  const digits = number >= 10 ? pairs[number] : undefined
  if (digits) put(out, digits)
  else putText(out, String(number))
}
