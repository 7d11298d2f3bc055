import { describe, expect, it } from 'vitest'
import { loadFaker, randomOf } from './random.ts'

describe('randomOf', () => {
  it('draws the same for the same parts, on every platform', () => {
    const draw = () => {
      const random = randomOf(42, 'run', 7)
      return [random.int(1, 1_000_000), random.chance(0.5), random.pick(['a', 'b', 'c']), random.hex(5), random.cuid()]
    }
    expect(draw()).toEqual(draw())
    expect(draw()).toMatchInlineSnapshot(`
      [
        908405,
        true,
        "c",
        "b04a3",
        "claxmbru3sg336nj6tfgqon8a",
      ]
    `)
  })

  it('draws differently where any part differs or parts are cut elsewhere', () => {
    const firsts = [randomOf(1, 'a'), randomOf(2, 'a'), randomOf(1, 'b'), randomOf('1a'), randomOf('a', 1)]
    expect(new Set(firsts.map((random) => random.hex(16))).size).toBe(firsts.length)
  })

  it('spreads whole numbers evenly and reaches both ends', () => {
    const counts = [0, 0, 0, 0, 0]
    for (let index = 0; index < 10_000; index++) {
      const drawn = randomOf('spread', index).int(0, 4)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(Math.min(...counts)).toBeGreaterThan(1_850)
    expect(Math.max(...counts)).toBeLessThan(2_150)
  })

  it('reaches ranges wider than 32 bits', () => {
    const random = randomOf('wide')
    const drawn = Array.from({ length: 1_000 }, () => random.int(-(2 ** 40), 2 ** 40))
    expect(drawn.every((value) => Number.isSafeInteger(value) && Math.abs(value) <= 2 ** 40)).toBe(true)
    expect(drawn.some((value) => value % 2 !== 0)).toBe(true)
  })

  it('says yes about as often as asked', () => {
    const yes = Array.from({ length: 10_000 }, (_, index) => randomOf('chance', index).chance(0.3)).filter(Boolean)
    expect(yes.length).toBeGreaterThan(2_800)
    expect(yes.length).toBeLessThan(3_200)
  })

  it('refuses to pick from an empty list', () => {
    expect(() => randomOf('empty').pick([])).toThrow('Failed to pick: the list is empty')
  })

  it('makes ids of the right shape that do not repeat', () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => {
      const random = randomOf(0, 'id', index)
      return [random.uuid(), random.cuid()]
    }).flat()
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids[1]).toMatch(/^cl[0-9a-z]{23}$/)
    expect(ids.every((id) => id.length === 36 || id.length === 25)).toBe(true)
    expect(new Set(ids).size).toBe(100_000)
  })
})

describe('loadFaker', () => {
  it('gives the same words for the same seed and leaves the shared faker alone', async () => {
    const { faker: shared } = await import('@faker-js/faker/locale/en')
    shared.seed(1)
    const expected = shared.person.fullName()
    shared.seed(1)
    const [one, two] = [await loadFaker(5), await loadFaker(5)]
    expect(one.company.name()).toBe(two.company.name())
    expect(shared.person.fullName()).toBe(expected)
  })
})
