import type { Faker } from '@faker-js/faker'

/** Numbers, choices and ids drawn from one seed: the same draws in the same order everywhere. */
export type Random = {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  /** True with the probability `p`, 0 to 1. */
  chance(p: number): boolean
  pick<T>(list: readonly T[]): T
  /** `length` hexadecimal digits. */
  hex(length: number): string
  /** Shaped like a UUID of version 4. */
  uuid(): string
  /** Shaped like a cuid: 25 characters of base 36 that begin with `cl`. */
  cuid(): string
}

/**
 * A generator that depends on nothing but its parts, so that any item of a series can be made without those before it:
 * `randomOf(seed, 'run', index)`. Making one and drawing a dozen numbers takes a microsecond: 128 bits of
 * string hash (cyrb128) start an sfc32. Not for secrets.
 */
export function randomOf(...parts: (string | number)[]): Random {
  let [a, b, c, d] = hash128(parts.join('\u0000'))

  const next = () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const fraction = () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000
  const int = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1))
  const hex8 = () => next().toString(16).padStart(8, '0')
  const base36x6 = () => (next() % 36 ** 6).toString(36).padStart(6, '0')

  // The first outputs of an sfc32 still show its start.
  for (let round = 0; round < 12; round++) next()

  return {
    int,
    chance: (p) => fraction() < p,
    pick: <T>(list: readonly T[]) => {
      if (list.length === 0) throw new RangeError('Failed to pick: the list is empty')
      return list[int(0, list.length - 1)] as T
    },
    hex: (length) => {
      let digits = ''
      while (digits.length < length) digits += hex8()
      return digits.slice(0, length)
    },
    uuid: () => {
      const [one, two, three, four] = [hex8(), hex8(), hex8(), hex8()]
      const variant = ((Number.parseInt(three.charAt(0), 16) & 3) | 8).toString(16)
      const clock = `${variant}${three.slice(1, 4)}`
      return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-${clock}-${three.slice(4)}${four}`
    },
    cuid: () => `cl${base36x6()}${base36x6()}${base36x6()}${base36x6().slice(1)}`,
  }
}

/**
 * A faker of our own with its own seed: the shared one may be in use, and seeded, by the tests that embed this server.
 * Loaded when first asked for, one locale alone, since the whole package takes 0.2 s to import.
 */
export async function loadFaker(seed: number): Promise<Faker> {
  const { faker: shared } = await import('@faker-js/faker/locale/en')
  const OwnFaker = shared.constructor as typeof Faker
  const own = new OwnFaker({ locale: shared.rawDefinitions, seed })
  own.setDefaultRefDate(0)
  return own
}

function hash128(text: string): [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  a = Math.imul(c ^ (a >>> 18), 597399067)
  b = Math.imul(d ^ (b >>> 22), 2869860233)
  c = Math.imul(a ^ (c >>> 17), 951274213)
  d = Math.imul(b ^ (d >>> 19), 2716044179)
  const all = a ^ b ^ c ^ d
  return [all, b ^ all, c ^ all, d ^ all]
}
