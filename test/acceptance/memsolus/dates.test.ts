import { describe, expect, it } from 'vitest'
import { exportedIds } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

describe('X-TIME-1c takes', () => {
  it.each([
    ['a date', '2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['a date in a leap year', '2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['a time without seconds', '2026-01-31T10:20Z', '2026-01-31T10:20:00.000Z'],
    ['a time without a zone, as UTC', '2026-01-31T10:20:30', '2026-01-31T10:20:30.000Z'],
    ['a time with Z', '2026-01-31T10:20:30Z', '2026-01-31T10:20:30.000Z'],
    ['one digit of a fraction', '2026-01-31T10:20:30.5Z', '2026-01-31T10:20:30.500Z'],
    ['a fraction without a zone', '2026-01-31T10:20:30.123', '2026-01-31T10:20:30.123Z'],
    ['+hh:mm', '2026-01-31T10:20:30+05:30', '2026-01-31T04:50:30.000Z'],
    ['-hhmm', '2026-01-31T22:20:30-0230', '2026-02-01T00:50:30.000Z'],
    ['nine digits of a fraction', '2026-01-31T10:20:30.123000000Z', '2026-01-31T10:20:30.123Z'],
    ['a year before 1970', '1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['a year below 100', '0099-01-01', '0099-01-01T00:00:00.000Z'],
  ])('%s: %s', async (_, given, shown) => {
    const { memsolus } = await testSandbox()
    for (const name of ['created_after', 'created_before']) {
      const { status, text, body } = await memsolus.create({ [name]: given })
      expect(status, text).toBe(202)
      expect(body[name]).toBe(shown)
    }
  })
})

describe('X-TIME-1c M-CREATE-6c refuses', () => {
  it.each([
    ['no text of a time', 'undefined'],
    ['null', 'null'],
    ['NaN', 'NaN'],
    ['seconds since 1970', '1767225600'],
    ['milliseconds since 1970', '1767225600000'],
    ['digits alone that could be a date', '20260131'],
    ['30 February', '2026-02-30'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['month 13', '2026-13-01'],
    ['day 0', '2026-01-00'],
    ['hour 24', '2026-01-31T24:00:00Z'],
    ['minute 60', '2026-01-31T10:60:00Z'],
    ['a + that arrived as a space', '2026-01-31T10:20:30 05:30'],
    ['a space for the T', '2026-01-31 10:20:30'],
    ['a month alone', '2026-01'],
    ['an hour alone', '2026-01-31T10'],
    ['a zone on a date', '2026-01-31Z'],
    ['a date as HTTP writes it', 'Sat, 31 Jan 2026 10:20:30 GMT'],
    ['spaces around it', ' 2026-01-31 '],
    ['Arabic digits', '٢٠٢٦-٠١-٣١'],
    ['a date and more', '2026-01-31T10:20:30Z; drop table memory'],
  ])('%s: %s', async (_, given) => {
    const { memsolus } = await testSandbox()
    for (const name of ['created_after', 'created_before']) {
      const { status, body } = await memsolus.create({ [name]: given })
      expect([status, body.error, body.statusCode]).toEqual([422, 'INVALID_DATE', 422])
      expect(body.message).toContain(`${name} "${given}"`)
    }
    expect((await memsolus.list()).body.meta.total).toBe(0)
  })
})

it('X-TIME-1c a + that is not encoded is a space, an encoded one is a zone', async () => {
  const { memsolus } = await testSandbox()
  expect((await memsolus.create('created_after=2026-01-31T10:20:30+05:30')).body.error).toBe('INVALID_DATE')
  const { body } = await memsolus.create('created_after=2026-01-31T10:20:30%2B05:30')
  expect(body.created_after).toBe('2026-01-31T04:50:30.000Z')
})

it('X-TIME-1c M-CREATE-5c bounds finer than a millisecond are compared exactly, not cut', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({
    items: [
      { id: 'm0', created_at: '2026-01-01T00:00:00.000Z' },
      { id: 'm1', created_at: '2026-01-01T00:00:00.001Z' },
      { id: 'm2', created_at: '2026-01-01T00:00:00.002Z' },
    ],
  })
  const finer = '2026-01-01T00:00:00.0010000001Z'
  expect(await exportedIds(sandbox, { created_after: finer })).toEqual(['m2'])
  expect(await exportedIds(sandbox, { created_before: finer })).toEqual(['m0', 'm1'])
  const justBelow = '2026-01-01T00:00:00.0009999999Z'
  expect(await exportedIds(sandbox, { created_after: justBelow })).toEqual(['m1', 'm2'])
  expect(await exportedIds(sandbox, { created_before: justBelow })).toEqual(['m0'])
})

it('X-TIME-1c the ends of time are bounds like any other', async () => {
  const sandbox = await testSandbox()
  await sandbox.addMemories({
    items: [
      { id: 'a', created_at: '1050-01-01T00:00:00Z' },
      { id: 'b', created_at: '1950-01-01T00:00:00Z' },
    ],
  })
  expect(await exportedIds(sandbox, { created_after: '0000-01-01', created_before: '9999-12-31' })).toEqual(['a', 'b'])
  expect(await exportedIds(sandbox, { created_after: '0001-01-01T00:00:00+23:59' })).toEqual(['a', 'b'])
  expect(await exportedIds(sandbox, { created_after: '1050-01-01' })).toEqual(['b'])
  expect(await exportedIds(sandbox, { created_before: '1051-01-01' })).toEqual(['a'])
  expect(await exportedIds(sandbox, { created_after: '9999-12-31T23:59:59.999-23:59' })).toEqual([])
})

it('X-TIME-2c times are shown in UTC to the millisecond, and the Date header is sandbox time', async () => {
  const { memsolus, advance } = await testSandbox({ clock: { now: '2031-05-06T07:08:09.050Z', frozen: true } })
  const created = await memsolus.create({ created_after: '2031-05-06T09:08:09+02:00' })
  expect(created.body.created_at).toBe('2031-05-06T07:08:09.050Z')
  expect(created.body.created_after).toBe('2031-05-06T07:08:09.000Z')
  expect(created.headers.get('date')).toBe('Tue, 06 May 2031 07:08:09 GMT')
  await advance('1h')
  const later = 'Tue, 06 May 2031 08:08:09 GMT'
  expect((await memsolus.get(created.body.id)).headers.get('date')).toBe(later)
  expect((await memsolus.list()).headers.get('date')).toBe(later)
  expect((await memsolus.download(created.body.id)).headers.get('date')).toBe(later)
  expect((await memsolus.get('nothing')).headers.get('date')).toBe(later)
  expect((await memsolus.create({ format: 'xml' })).headers.get('date')).toBe(later)
})
