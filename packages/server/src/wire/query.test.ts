import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePositiveInteger, parseQuery } from './query.ts'

describe('parseQuery', () => {
  it('gives the first of a repeated parameter, and all of them', () => {
    const query = parseQuery('?limit=5&a=1&limit=7')
    expect(query.first('limit')).toBe('5')
    expect(query.all('limit')).toEqual(['5', '7'])
    expect(query.entries).toEqual([
      ['limit', '5'],
      ['a', '1'],
      ['limit', '7'],
    ])
  })

  it('takes an empty parameter for an absent one, also when it is repeated', () => {
    const query = parseQuery('limit=&limit=7&flag')
    expect(query.first('limit')).toBeUndefined()
    expect(query.first('flag')).toBeUndefined()
    expect(query.all('limit')).toEqual(['', '7'])
  })

  it('knows nothing that was not sent', () => {
    const query = parseQuery('')
    expect(query.entries).toEqual([])
    expect(query.first('constructor')).toBeUndefined()
    expect(query.all('__proto__')).toEqual([])
  })

  it('tells names apart by case', () => {
    expect(parseQuery('Limit=5').first('limit')).toBeUndefined()
  })

  it('takes + for a space and decodes the rest', () => {
    const query = parseQuery('since=2024-01-01T00:00:00+02:00&name=a%2Bb%20%C3%A9&a%20b=c=d')
    expect(query.first('since')).toBe('2024-01-01T00:00:00 02:00')
    expect(query.first('name')).toBe('a+b é')
    expect(query.first('a b')).toBe('c=d')
  })

  it('keeps malformed percent sequences', () => {
    expect(parseQuery('a=100%&b=%zz&c=%E0%A4%A').entries).toEqual([
      ['a', '100%'],
      ['b', '%zz'],
      ['c', '\uFFFD%A'],
    ])
  })

  it('replaces U+0000, which PostgreSQL cannot hold', () => {
    expect(parseQuery('a%00=b%00c').entries).toEqual([['a\uFFFD', 'b\uFFFDc']])
  })

  it('never throws, and gives only text that can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (search) => {
        for (const text of parseQuery(search).entries.flat()) expect(text).not.toMatch(/\0|\p{Surrogate}/u)
      }),
    )
  })
})

describe('parsePositiveInteger', () => {
  it.each([
    ['1', 1],
    ['007', 7],
    ['100', 100],
    ['9007199254740993', Number.MAX_SAFE_INTEGER],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('reads %s as %i', (text, expected) => {
    expect(parsePositiveInteger(text)).toBe(expected)
  })

  it.each(['', '0', '000', '-1', '+5', ' 5', '5 ', '5\n', '5.0', '1e3', '0x10', '1_000', '٥', 'NaN', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(parsePositiveInteger(text)).toBeUndefined()
    },
  )
})
