import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampInstant, earliestInstant, formatInstant, latestInstant, parseInstant } from './instant.ts'

const anyInstant = fc.integer({ min: earliestInstant, max: latestInstant })

describe('parseInstant', () => {
  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2024-01-01T10:20', '2024-01-01T10:20:00.000Z'],
    ['2024-01-01T10:20Z', '2024-01-01T10:20:00.000Z'],
    ['2024-01-01t10:20:30z', '2024-01-01T10:20:30.000Z'],
    ['2024-01-01T10:20:30.5', '2024-01-01T10:20:30.500Z'],
    ['2024-01-01T10:20:30,25Z', '2024-01-01T10:20:30.250Z'],
    ['2024-01-01T00:30:00+02:00', '2023-12-31T22:30:00.000Z'],
    ['2024-01-01T00:30:00-0530', '2024-01-01T06:00:00.000Z'],
    ['2024-01-01T00:00:00+23:59', '2023-12-31T00:01:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['0000-02-29', '0000-02-29T00:00:00.000Z'],
    ['0099-12-31T23:59:59.999Z', '0099-12-31T23:59:59.999Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    const instant = parseInstant(text)
    expect(instant && formatInstant(instant.floor)).toBe(expected)
    expect(instant?.ceil).toBe(instant?.floor)
  })

  it.each([
    '',
    'undefined',
    'null',
    'NaN',
    'now',
    '2024',
    '2024-01',
    '20240101',
    '1704067200000',
    '2024-02-30',
    '2023-02-29',
    '1900-02-29',
    '2024-00-10',
    '2024-13-10',
    '2024-01-00',
    '2024-01-32',
    '2024-04-31',
    '2024-01-01Z',
    '2024-01-01T',
    '2024-01-01T10',
    '2024-01-01T1020',
    '2024-01-01 10:20:30Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T23:60:00Z',
    '2024-01-01T23:59:60Z',
    '2024-01-01T10:20.5Z',
    '2024-01-01T10:20:30.Z',
    '2024-01-01T10:20:30 02:00',
    '2024-01-01T10:20:30+2:00',
    '2024-01-01T10:20:30+02',
    '2024-01-01T10:20:30+24:00',
    '2024-01-01T10:20:30+02:60',
    '2024-01-01T10:20:30\u221202:00',
    '2024-01-01T10:20:30Z+02:00',
    ' 2024-01-01',
    '2024-01-01 ',
    '2024-01-01\n',
    '+2024-01-01',
    '+012024-01-01',
    '-2024-01-01',
    '10000-01-01',
    '٢٠٢٤-٠١-٠١',
    '２０２４-01-01',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('rounds a fraction finer than a millisecond down and up', () => {
    const text = '2024-01-01T00:00:00.0009999999999999999999999Z'
    const base = Date.UTC(2024, 0, 1)
    expect(parseInstant(text)).toEqual({ floor: base, ceil: base + 1, hasZone: true })
    expect(parseInstant('2024-01-01T00:00:00.0010000000000')).toEqual({
      floor: base + 1,
      ceil: base + 1,
      hasZone: false,
    })
  })

  it('rounds down and up before 1970 too', () => {
    expect(parseInstant('1969-12-31T23:59:59.9995Z')).toEqual({ floor: -1, ceil: 0, hasZone: true })
    expect(parseInstant('1969-12-31T23:59:59.0001Z')).toEqual({ floor: -1000, ceil: -999, hasZone: true })
  })

  it('tells whether the text named a zone', () => {
    const texts = ['2024-01-01', '2024-01-01T00:00', '2024-01-01T00:00Z', '2024-01-01T00:00-0000']
    expect(texts.map((text) => parseInstant(text)?.hasZone)).toEqual([false, false, true, true])
  })

  it('is quick about a megabyte, good or bad', () => {
    const digits = '9'.repeat(1_000_000)
    const started = process.hrtime.bigint()
    expect(parseInstant(`2024-01-01T00:00:00.${digits}Z`)?.floor).toBe(Date.UTC(2024, 0, 1) + 999)
    expect(parseInstant(`2024-01-01T00:00:00.${digits}!`)).toBeUndefined()
    expect(parseInstant(digits)).toBeUndefined()
    expect(parseInstant(`2024-01-01T00:00:00${'+02:00'.repeat(170_000)}`)).toBeUndefined()
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1000)
  })

  it('reads back what formatInstant writes', () => {
    fc.assert(
      fc.property(anyInstant, (epochMs) => {
        expect(parseInstant(formatInstant(epochMs))).toEqual({ floor: epochMs, ceil: epochMs, hasZone: true })
      }),
    )
  })

  it('means the same instant at every offset', () => {
    const anyOffset = fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 })
    const away = 24 * 3_600_000
    const anyInner = fc.integer({ min: earliestInstant + away, max: latestInstant - away })
    fc.assert(
      fc.property(anyInner, anyOffset, fc.boolean(), (epochMs, offset, hasColon) => {
        const local = formatInstant(epochMs + offset * 60_000).slice(0, -1)
        const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0')
        const minutes = String(Math.abs(offset) % 60).padStart(2, '0')
        const text = `${local}${offset < 0 ? '-' : '+'}${hours}${hasColon ? ':' : ''}${minutes}`
        expect(parseInstant(text)?.floor).toBe(epochMs)
      }),
    )
  })

  it('brackets any fraction: floor and ceil are its neighbours, and equal only when it is whole', () => {
    const anyDigits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(anyInstant, anyDigits, (epochMs, digits) => {
        const second = Math.floor(epochMs / 1000) * 1000
        const fraction = digits.join('')
        const instant = parseInstant(`${formatInstant(second).slice(0, 19)}.${fraction}Z`)
        const scale = 10n ** BigInt(fraction.length)
        const scaledMs = BigInt(fraction) * 1000n
        expect(instant?.floor).toBe(second + Number(scaledMs / scale))
        expect(instant?.ceil).toBe(second + Number((scaledMs + scale - 1n) / scale))
      }),
    )
  })

  it('accepts a calendar date exactly when the calendar has it', () => {
    const leap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
    const length = (year: number, month: number) =>
      [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
    const pad = (value: number, width: number) => String(value).padStart(width, '0')
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(14), fc.nat(33), (year, month, day) => {
        const isReal = day >= 1 && day <= length(year, month)
        expect(parseInstant(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`) !== undefined).toBe(isReal)
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseInstant(text)))
  })
})

describe('clampInstant', () => {
  it('keeps bounds within years 1 to 9999', () => {
    expect(formatInstant(clampInstant(Number.NEGATIVE_INFINITY))).toBe('0001-01-01T00:00:00.000Z')
    expect(formatInstant(clampInstant(parseInstant('0000-01-01')?.floor ?? 0))).toBe('0001-01-01T00:00:00.000Z')
    expect(formatInstant(clampInstant(latestInstant + 1))).toBe('9999-12-31T23:59:59.999Z')
    expect(clampInstant(5)).toBe(5)
  })
})
