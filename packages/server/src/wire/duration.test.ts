import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration, roughly } from './duration.ts'

const hourMs = 3_600_000
const yearsMs = 36_525 * 24 * hourMs

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['0ms', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['72h', 72 * hourMs],
    ['007d', 7 * 24 * hourMs],
    ['1.5h', 1.5 * hourMs],
    ['0.001s', 1],
    ['0.1s', 100],
    ['1.0000ms', 1],
    ['PT72H', 72 * hourMs],
    ['P7D', 7 * 24 * hourMs],
    ['P2W', 14 * 24 * hourMs],
    ['P1DT12H30M', 36.5 * hourMs],
    ['PT0.5S', 500],
    ['PT0,5S', 500],
    ['PT1.5H', 1.5 * hourMs],
    ['PT0S', 0],
    ['P36525D', yearsMs],
  ])('reads %s as %i ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  it.each([
    '',
    '5',
    '0',
    'm',
    '-5m',
    '+5m',
    ' 5m',
    '5m ',
    '5 m',
    '5m\n',
    '5M',
    '5min',
    '3 days',
    '.5h',
    '5.h',
    '1h30m',
    '1e3s',
    '0.5ms',
    '0.0001s',
    '٥m',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'P1Y2D',
    'PT1S1H',
    'P1.5DT1H',
    'PT0.0005S',
    '-PT1H',
    'pt1h',
    'P36525DT0.001S',
    '36526d',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('refuses a megabyte of digits', () => {
    expect(parseDuration(`${'9'.repeat(1_000_000)}h`)).toBeUndefined()
  })

  it('reads back what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.nat(yearsMs), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
  })

  it('adds the parts of an ISO 8601 duration', () => {
    const amount = fc.option(fc.nat(99), { nil: undefined })
    fc.assert(
      fc.property(amount, amount, amount, amount, (days, hours, minutes, seconds) => {
        const time = [hours, minutes, seconds].map((value, index) =>
          value === undefined ? '' : `${value}${'HMS'[index]}`,
        )
        const date = days === undefined ? '' : `${days}D`
        fc.pre(date !== '' || time.join('') !== '')
        const text = `P${date}${time.join('') === '' ? '' : `T${time.join('')}`}`
        const expected = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
        expect(parseDuration(text)).toBe(expected * 1000)
      }),
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [300_000, '5m'],
    [72 * hourMs, '72h'],
    [1.5 * hourMs, '90m'],
  ])('writes %i ms as %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected)
  })
})

it.each([
  [0, '0 ms'],
  [41.6, '42 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [2540, '2.5 s'],
  [89_999, '90 s'],
  [180_000, '3 min'],
  [3 * hourMs, '3 h'],
  [47 * hourMs, '47 h'],
  [72 * hourMs, '3 days'],
])('roughly: %i ms are %s', (ms, text) => {
  expect(roughly(ms)).toBe(text)
})
