/** What is drawn for one value: whole numbers from 0 to below a bound. */
export type Draw = (below: number) => number

const CONSONANTS = [...'bdfgklmnprstvz']
const VOWELS = [...'aeiou']

export const givenNames = (
  'Alma Anton Bela Boris Carla Cyril Dana Dario Edda Egon Elif Emil Fanny Felix Flora Gero Gitta Hanno Hedda Ignaz Ilka ' +
  'Ivo Jana Jonas Karin Kilian Lena Levin Liv Magnus Mara Milo Nadja Nils Nora Odin Olga Oskar Paula Piet Quinn Rafael ' +
  'Rosa Runa Samuel Selma Sven Tara Tilda Timo Ulla Urban Vera Vito Wanda Wim Xenia Yara Yannis Zita'
).split(' ')

export const familyNames = (
  'Albers Anders Barlow Becher Brandt Calder Corvin Dahl Dorner Eklund Ender Falk Fenner Garber Gellert Hagen Hollis ' +
  'Imhof Iversen Jarvis Jessen Kestner Korda Lander Lindau Marlow Mertens Nadler Nolte Odell Orban Pellar Prager Quast ' +
  'Raske Reuter Sander Stroud Tamber Thorne Ulmer Unger Vasko Vogler Wander Wexler Yorke Zander Zeller'
).split(' ')

export const jobTitles = [
  'Head of Operations',
  'Marketing Manager',
  'Sales Director',
  'Data Engineer',
  'Finance Lead',
  'Product Manager',
  'VP Engineering',
  'Customer Success Manager',
  'Procurement Specialist',
  'Chief Information Officer',
] as const

const companyKinds = ['Systems', 'Partners', 'Works', 'Group', 'Labs', 'Industries', 'Trading', 'Services'] as const

const fillers = (
  'about after again along among around because before behind below between beyond during either every first following ' +
  'further given large later least little longer many might month more most never often only other over part perhaps place ' +
  'point quite rather same several shall since small some still such than then there these thing those three through time ' +
  'together toward under until upon very week well where which while whole within without year'
).split(' ')

export function pick<T>(draw: Draw, list: readonly T[]): T {
  const picked = list[draw(list.length)]
  if (picked === undefined) throw new RangeError('Failed to pick: the list is empty')
  return picked
}

/** A word that can be spoken and means nothing: 70 of them a syllable. */
export function word(draw: Draw, syllables: number): string {
  return Array.from({ length: syllables }, () => pick(draw, CONSONANTS) + pick(draw, VOWELS)).join('')
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function companyName(draw: Draw): string {
  return `${capitalized(word(draw, 3))} ${pick(draw, companyKinds)}`
}

/** Each letter as another one and each digit as another one; all else stays, so the format does. */
export function sameFormat(draw: Draw, text: string): string {
  return text
    .replace(/\p{Nd}/gu, () => `${draw(10)}`)
    .replace(/\p{Lu}/gu, () => String.fromCharCode(65 + draw(26)))
    .replace(/(?!\p{Lu})\p{L}/gu, () => String.fromCharCode(97 + draw(26)))
}

export function sameHex(draw: Draw, text: string): string {
  return text.replace(/[0-9a-f]/gi, () => draw(16).toString(16))
}

/** A number of the range that is never given out in North America (NPA 555 01xx), with the separators of the text. */
export function phoneNumber(draw: Draw, text: string): string {
  const count = text.replace(/\D/g, '').length
  const area = `${2 + draw(8)}${draw(10)}${draw(10)}`
  const whole = `${area}55501${draw(10)}${draw(10)}`
  const country = text.replace(/\D/g, '').slice(0, Math.min(3, Math.max(0, count - 10)))
  const digits = [...(country + whole.slice(-Math.max(1, count - country.length))).padEnd(count, '0')]
  return text.replace(/\d/g, () => digits.shift() ?? '0')
}

/** Lines of about the same lengths, with what makes them headings and items of lists. */
export function filler(draw: Draw, text: string): string {
  return text
    .split('\n')
    .map((line) => fillLine(draw, line))
    .join('\n')
}

function fillLine(draw: Draw, line: string): string {
  const [, mark = '', rest = ''] = /^(\s*(?:#{1,6}\s+|[-*]\s+|\d{1,2}\.\s+)?)(.*)$/s.exec(line) ?? []
  if (rest.trim() === '') return line
  let filled = capitalized(word(draw, rest.length < 6 ? 2 : 3))
  while (filled.length + 4 < rest.trimEnd().length) filled += ` ${pick(draw, fillers)}`
  return `${mark}${filled}${/[.!?]$/.test(rest.trimEnd()) ? '.' : ''}`
}
